"""The loss of three tasks at once: who wins, by how much, how many points.

What does not belong here: metrics for people (`evaluation/`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from nba_pipeline.models.nets.target_scales import MARGIN_SCALE, TOTAL_SCALE

if TYPE_CHECKING:
    from nba_pipeline.models.nets.fusion import FusionOutput

LARGEST = 1e4
"""Cap of a scaled error, so that no input makes the loss infinite."""


class LossParts(NamedTuple):
    """Scalars: the weighted sum that is minimised, and its parts before weighting."""

    total: Float[Tensor, ""]
    win: Float[Tensor, ""]
    margin: Float[Tensor, ""]
    points_total: Float[Tensor, ""]


class MultiTaskLoss(nn.Module):
    """Cross-entropy of the winner + Huber(δ=1) of margin / 12 + Huber(δ=1) of total / 18.

    With `learnable` weights, task i counts w_i exp(-s_i) L_i + s_i / 2 with a learned log variance s_i (homoscedastic
    uncertainty; Kendall, Gal and Cipolla 2018); s starts at 0, where this is the plain sum.

    Args:
        weights: of winner, margin and total.
        learnable: learn how much each task counts.

    Example:
        >>> import torch
        >>> from nba_pipeline.models.nets.fusion import FusionOutput
        >>> forecast = FusionOutput(win_logit=torch.zeros(1), margin=torch.tensor([12.0]), total=torch.tensor([220.0]))
        >>> parts = MultiTaskLoss()(forecast, home_win=torch.ones(1), margin=torch.zeros(1), total=torch.tensor([220.0]))
        >>> [round(float(part), 3) for part in parts]
        [1.193, 0.693, 0.5, 0.0]
    """

    weights: Tensor

    def __init__(self, weights: Sequence[float] = (1.0, 1.0, 1.0), learnable: bool = False) -> None:
        super().__init__()
        self.register_buffer("weights", torch.tensor(weights, dtype=torch.float32), persistent=False)
        self.log_variance = nn.Parameter(torch.zeros(3)) if learnable else None

    def forward(
        self, output: "FusionOutput", home_win: Float[Tensor, " batch"], margin: Float[Tensor, " batch"], total: Float[Tensor, " batch"]
    ) -> LossParts:
        """The loss of a batch; margin and total in points."""
        win = F.binary_cross_entropy_with_logits(output.win_logit.clamp(-LARGEST, LARGEST), home_win)
        parts = torch.stack([win, _huber(output.margin, margin, MARGIN_SCALE), _huber(output.total, total, TOTAL_SCALE)])
        weighted = self.weights * parts
        if self.log_variance is not None:
            log_variance = self.log_variance.clamp(-10.0, 10.0)
            weighted = weighted * torch.exp(-log_variance) + log_variance / 2
        return LossParts(weighted.sum(), *parts)


def _huber(forecast: Tensor, truth: Tensor, scale: float) -> Tensor:
    error = ((forecast - truth) / scale).clamp(-LARGEST, LARGEST)
    return F.huber_loss(error, torch.zeros_like(error), delta=1.0)
