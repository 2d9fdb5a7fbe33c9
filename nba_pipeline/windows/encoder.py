"""The net of a window: an attentive encoder of a row's features, and four heads on top of it.

Each step of the encoder looks at the features through a mask of its own, a softmax over those that are known, in the manner of TabNet
(Arik and Pfister, 2019, https://arxiv.org/abs/1908.07442): a feature that an era did not keep gets no attention, it is not filled in. The
heads add what they learn to a linear forecast that starts as the player's moving average. What does not belong here: training.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

START = "_ewm_8"
"""A target's forecast starts as this average of it."""

CLIP = 6.0
"""Standard deviations beyond which a feature says no more."""


class AttentiveEncoder(nn.Module):
    """Features with a mask to an embedding.

    Args:
        features: how many.
        width: of the hidden state and the embedding.
        steps: how often it looks.
        dropout: share of each step's result that training leaves out.
    """

    def __init__(self, features: int, width: int = 48, steps: int = 2, dropout: float = 0.1) -> None:
        super().__init__()
        self.first = nn.Linear(features, width)
        self.looks = nn.ModuleList(nn.Linear(width, features) for _ in range(steps))
        self.sees = nn.ModuleList(nn.Linear(features, 2 * width) for _ in range(steps))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(steps))
        self.dropout = nn.Dropout(dropout)

    def forward(self, values: Float[Tensor, "batch features"], known: Bool[Tensor, "batch features"]) -> Float[Tensor, "batch width"]:
        """Embeds rows.

        Args:
            values: standardised features, 0 where not known, (batch, features).
            known: which are, bool of the same shape.

        Returns:
            Embedding (batch, width).
        """
        state = torch.relu(self.first(values))
        count = known.sum(1, keepdim=True)
        for look, see, norm in zip(self.looks, self.sees, self.norms, strict=True):
            attention = torch.softmax(look(state).masked_fill(~known, -torch.inf), dim=1).nan_to_num(0.0)
            seen = nn.functional.glu(see(values * attention * count), dim=1)
            state = norm(state + self.dropout(seen))
        return state


class WindowNet(nn.Module):
    """Forecasts of the four targets in units of the league's level.

    Args:
        columns: names of the features it takes.
        targets: names of what it forecasts, in order.
        mean, spread: of each feature over the training rows, (features,).
        usual: median of each target over the training rows, (targets,): the forecast of someone who never played.
        width, steps, dropout: as `AttentiveEncoder`.
    """

    mean: Float[Tensor, " features"]
    spread: Float[Tensor, " features"]
    usual: Float[Tensor, " targets"]
    start_at: Int[Tensor, " targets"]

    def __init__(
        self,
        columns: Sequence[str],
        targets: Sequence[str],
        mean: Float[Tensor, " features"],
        spread: Float[Tensor, " features"],
        usual: Float[Tensor, " targets"],
        *,
        width: int = 48,
        steps: int = 2,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.encoder = AttentiveEncoder(len(columns), width, steps, dropout)
        self.linear = nn.Linear(len(columns), len(targets))
        self.heads = nn.Linear(width, len(targets))
        for layer in (self.linear, self.heads):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        place = [list(columns).index(target + START) for target in targets]
        for name, value in (("mean", mean), ("spread", spread), ("usual", usual), ("start_at", torch.tensor(place))):
            self.register_buffer(name, value)

    def forward(self, features: Float[Tensor, "batch features"]) -> Float[Tensor, "batch targets"]:
        """Forecasts of features that are NaN where a count was not kept."""
        known = torch.isfinite(features)
        values = ((features - self.mean) / self.spread).nan_to_num(0.0, 0.0, 0.0).clamp(-CLIP, CLIP)
        embedded = self.encoder(values, known)
        average = features[:, self.start_at]
        start = torch.where(torch.isfinite(average), average, self.usual)
        return start + self.linear(values) + self.heads(embedded)
