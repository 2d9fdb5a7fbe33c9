"""The fusion net: context, sequence and graph → win probability, margin and total.

What does not belong here: the sequence and graph nets, and the simple forecast that it starts from (`in_game_skip.py`).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from nba_pipeline.models.nets.context_scaler import ContextScaler
from nba_pipeline.models.nets.in_game_skip import LEAGUE_TOTAL, LinearSkip, share_left
from nba_pipeline.models.nets.target_scales import MARGIN_SCALE, TOTAL_SCALE

EMBEDDING = 128


@dataclass(frozen=True)
class FusionOutput:
    """A forecast per row.

    Attributes:
        win_logit: log odds that the home team wins.
        margin: home - away at the end, points.
        total: points of both teams at the end.
    """

    win_logit: Float[Tensor, " batch"]
    margin: Float[Tensor, " batch"]
    total: Float[Tensor, " batch"]

    @property
    def p_home_win(self) -> Float[Tensor, " batch"]:
        """Probability that the home team wins."""
        return self.win_logit.sigmoid()


class TwoTowerFusion(nn.Module):
    """Two towers, one for what was known before the game and one for the game itself, fused to three heads.

    Tower A: context → 256 → 256. Tower B: sequence ‖ graph → 256 → 256. Fusion: 512 → 256 → 128. The heads start at exactly
    zero: with the skip the untrained net *is* the skip's forecast and learns what it misses, by at most
    what is still open (a correction shrinks with the square root of the time left); without it, it starts from an
    even game of league-average points.

    Args:
        context_dim: context features.
        skip: add the forecast of a `LinearSkip`.
        dropout: share of hidden units dropped in training.

    Shapes:
        sequence_embedding, graph_embedding: (batch, 128); context: (batch, context_dim); state: (batch, 4); outputs: (batch,).

    Example:
        >>> import torch
        >>> net = TwoTowerFusion(context_dim=32).eval()
        >>> forecast = net(torch.randn(2, 128), torch.randn(2, 128), torch.randn(2, 32))
        >>> forecast.p_home_win
        tensor([0.5000, 0.5000], grad_fn=<SigmoidBackward0>)
    """

    before_tip_off: Tensor

    def __init__(self, context_dim: int = 32, skip: bool = True, dropout: float = 0.2) -> None:
        super().__init__()
        self.config = {"context_dim": context_dim, "skip": skip, "dropout": dropout}
        self.scaler = ContextScaler(context_dim)
        self.skip = LinearSkip(context_dim) if skip else None
        self.context_tower = _layers(dropout, context_dim, 256, 256)
        self.game_tower = _layers(dropout, 2 * EMBEDDING, 256, 256)
        self.fusion = _layers(dropout, 512, 256, 128)
        self.win, self.margin, self.total = (_zero_head(128) for _ in range(3))
        self.register_buffer("before_tip_off", torch.tensor([[0.0, 0.0, 1.0, 0.0]]), persistent=False)

    def fit_context(self, context: np.ndarray | Tensor) -> None:
        """Learns the scale of the context features from training rows (rows, context_dim)."""
        self.scaler.fit(context)

    def forward(
        self,
        sequence_embedding: Float[Tensor, "batch 128"],
        graph_embedding: Float[Tensor, "batch 128"],
        context: Float[Tensor, "batch context"],
        state: Float[Tensor, "batch 4"] | None = None,
        expected_total: Float[Tensor, " batch"] | None = None,
    ) -> FusionOutput:
        """The forecast; without a state, of a game before tip-off; without an expected total, at the league's usual level."""
        towers = [self.context_tower(self.scaler(context)), self.game_tower(torch.cat([sequence_embedding, graph_embedding], dim=-1))]
        fused = self.fusion(torch.cat(towers, dim=-1))
        state = self.before_tip_off.expand(len(context), -1) if state is None else state
        logit, margin, total = self._start(context, state, expected_total)
        reach = torch.ones_like(margin) if self.skip is None else share_left(state).sqrt()
        return FusionOutput(
            win_logit=logit + reach * self.win(fused).squeeze(-1),
            margin=margin + MARGIN_SCALE * reach * self.margin(fused).squeeze(-1),
            total=total + TOTAL_SCALE * reach * self.total(fused).squeeze(-1),
        )

    def _start(self, context: Tensor, state: Tensor, expected_total: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        if self.skip is None:
            even = context.new_zeros(len(context))
            return even, even, even + LEAGUE_TOTAL
        return self.skip(context, state, expected_total)


def _layers(dropout: float, *widths: int) -> nn.Sequential:
    steps = [(nn.Linear(a, b), nn.ReLU(), nn.Dropout(dropout)) for a, b in pairwise(widths)]
    return nn.Sequential(*(layer for step in steps for layer in step))


def _zero_head(width: int) -> nn.Linear:
    head = nn.Linear(width, 1)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head
