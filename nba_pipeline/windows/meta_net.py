"""The meta-learner: a weighted mean of the windows, and up to three corrections that are added to it.

Weights are non-negative, sum to one over the windows that may speak, and depend on how old a window's vintage is, how much it learned from,
and which window it is. The corrections start at nothing: (1) from how the newest windows disagree and the row's features, (2) from who the
player is, (3) from his last games, read by a small transformer. What does not belong here: training (`meta_fitting.py`).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.windows.config import MetaConfig
from nba_pipeline.windows.encoder import CLIP
from nba_pipeline.windows.memory import TOKEN

NEWEST = 5
"""Windows whose disagreement is looked at."""

MEMORY_WIDTH, MEMORY_HEADS = 32, 2
TYPICAL_ROWS = 50_000.0
UNKNOWN_PLAYER = 0
"""Index of everybody who was not seen in training."""


@dataclass(frozen=True)
class MetaBatch:
    """Some rows, as the net takes them.

    Attributes:
        forecasts: of the windows in units, (batch, windows, 4), NaN where masked.
        age, learned: of their vintages, (batch, windows), NaN where there is none.
        fallback: in units, (batch, 4): for rows and targets of which no window speaks.
        features: (batch, features), NaN where not known.
        player: index of the player, (batch,).
        memory: his last games, (batch, games, `TOKEN`), NaN where there are none.
    """

    forecasts: Float[Tensor, "batch windows 4"]
    age: Float[Tensor, "batch windows"]
    learned: Float[Tensor, "batch windows"]
    fallback: Float[Tensor, "batch 4"]
    features: Float[Tensor, "batch features"]
    player: Int[Tensor, " batch"]
    memory: Float[Tensor, "batch games token"]


class WindowWeights(nn.Module):
    """Non-negative weights of the windows, per target.

    Args:
        windows: how many.
    """

    def __init__(self, windows: int) -> None:
        super().__init__()
        self.own = nn.Parameter(torch.zeros(windows, len(TARGETS)))
        self.by_age = nn.Parameter(torch.full((len(TARGETS),), -2.0))
        self.by_rows = nn.Parameter(torch.full((len(TARGETS),), 0.5))

    def forward(
        self, known: Bool[Tensor, "batch windows 4"], age: Float[Tensor, "batch windows"], learned: Float[Tensor, "batch windows"]
    ) -> Float[Tensor, "batch windows 4"]:
        """Weights, 0 where a window is masked; they sum to 1 where any is known, else to 0."""
        old, much = torch.log(age.nan_to_num(1.0).clamp(min=1.0)), torch.log(learned.nan_to_num(1.0).clamp(min=1.0) / TYPICAL_ROWS)
        logits = self.own + self.by_age * old.unsqueeze(-1) + self.by_rows * much.unsqueeze(-1)
        return torch.softmax(logits.masked_fill(~known, -torch.inf), dim=1).nan_to_num(0.0)


class MetaNet(nn.Module):
    """Forecasts of the four targets in units of the league's level.

    Args:
        windows: how many.
        mean, spread: of each feature over the training rows, (features,).
        players: how many are known by name.
        config: widths, and which corrections there are.
    """

    mean: Float[Tensor, " features"]
    spread: Float[Tensor, " features"]

    def __init__(
        self, windows: int, mean: Float[Tensor, " features"], spread: Float[Tensor, " features"], players: int, config: MetaConfig
    ) -> None:
        super().__init__()
        self.parts = config.components
        self.weights = WindowWeights(windows)
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        targets = len(TARGETS)
        if self.parts.residual_correction:
            inputs = targets * (NEWEST + 2) + len(mean)
            self.correction = nn.Sequential(
                nn.Linear(inputs, config.width), nn.GELU(), nn.Dropout(config.dropout), nn.Linear(config.width, config.width), nn.GELU()
            )
            self.corrected = _silent(config.width)
        if self.parts.player_embeddings:
            self.players = nn.Embedding(players + 1, config.player_width)
            nn.init.normal_(self.players.weight, std=0.1)
            self.identity = _silent(config.player_width)
        if self.parts.temporal_memory:
            self.token = nn.Linear(TOKEN, MEMORY_WIDTH)
            self.place = nn.Parameter(torch.randn(config.memory_games, MEMORY_WIDTH) * 0.02)
            self.reader = nn.TransformerEncoderLayer(
                MEMORY_WIDTH, MEMORY_HEADS, 2 * MEMORY_WIDTH, config.dropout, batch_first=True, norm_first=True
            )
            self.recalled = _silent(MEMORY_WIDTH)

    def forward(self, batch: MetaBatch) -> Float[Tensor, "batch 4"]:
        """Forecasts, not yet cut at 0."""
        base, deviations, spread = self.base(batch)
        answer = base
        if self.parts.residual_correction:
            values = ((batch.features - self.mean) / self.spread).nan_to_num(0.0, 0.0, 0.0).clamp(-CLIP, CLIP)
            answer = answer + self.corrected(self.correction(torch.cat([deviations.flatten(1), spread, base, values], dim=1)))
        if self.parts.player_embeddings:
            answer = answer + self.identity(self.players(batch.player))
        if self.parts.temporal_memory:
            answer = answer + self.recalled(self._recall(batch.memory))
        return answer

    def base(self, batch: MetaBatch) -> tuple[Float[Tensor, "batch 4"], Float[Tensor, "batch newest 4"], Float[Tensor, "batch 4"]]:
        """The weighted mean; how the `NEWEST` windows differ from it; the windows' spread."""
        known = torch.isfinite(batch.forecasts)
        values = batch.forecasts.nan_to_num(0.0)
        weights = self.weights(known, batch.age, batch.learned)
        base = torch.where(known.any(1), (weights * values).sum(1), batch.fallback)
        apart = (values - base.unsqueeze(1)) * known
        place = torch.where(known.any(2), torch.arange(known.shape[1], device=known.device), -1)
        order = torch.argsort(place, dim=1, descending=True, stable=True)
        newest = order[:, :NEWEST, None].expand(-1, -1, values.shape[2])
        deviations = nn.functional.pad(apart.gather(1, newest), (0, 0, 0, NEWEST - newest.shape[1]))
        spread = (apart**2).sum(1).div(known.sum(1).clamp(min=1)).add(1e-6).sqrt()  # a root has no slope at 0
        return base, deviations, spread

    def _recall(self, memory: Float[Tensor, "batch games token"]) -> Float[Tensor, "batch width"]:
        """What a player's last games leave behind; zeros for someone who has not played."""
        there = torch.isfinite(memory[..., -1])
        some = there.any(1)
        tokens = self.token(memory.nan_to_num(0.0)) + self.place
        hidden = ~there & some.unsqueeze(1)  # a row without games is read whole and then dropped: a row without any key has no softmax
        read = self.reader(tokens, src_key_padding_mask=hidden)
        kept = (there & some.unsqueeze(1)).unsqueeze(-1)
        return (read * kept).sum(1) / kept.sum(1).clamp(min=1)


def _silent(width: int) -> nn.Linear:
    """A head that says nothing until it has learned to."""
    head = nn.Linear(width, len(TARGETS))
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head
