"""Standardising the context features inside a net, so that a saved model carries its own scale.

What does not belong here: computing context features (`features/context_features.py`).
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

LIMIT = 6.0
"""Standard deviations; values further out are cut, so that one strange row cannot move a forecast far."""


class ContextScaler(nn.Module):
    """(context - mean) / sd, cut at ±6; mean and sd are fitted on training rows and saved with the weights.

    Args:
        width: context features.
    """

    mean: Tensor
    sd: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("sd", torch.ones(width))

    def fit(self, context: np.ndarray | Tensor) -> None:
        """Learns mean and sd of each column of (rows, width); a constant column keeps sd 1."""
        values = np.asarray(context, np.float64)
        sd = values.std(axis=0)
        self.mean.copy_(torch.from_numpy(values.mean(axis=0)))
        self.sd.copy_(torch.from_numpy(np.where(sd > 1e-9, sd, 1.0)))

    def forward(self, context: Float[Tensor, "batch width"]) -> Float[Tensor, "batch width"]:
        """The standardised rows."""
        return ((context - self.mean) / self.sd).clamp(-LIMIT, LIMIT)
