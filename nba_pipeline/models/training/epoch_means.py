"""Means over the rows of an epoch.

What does not belong here: the epochs (`loop.py`).
"""

import math
from collections.abc import Mapping

from torch import Tensor


class TrainingError(RuntimeError):
    """Training cannot go on; the message says why and what to do."""


class EpochMeans:
    """Running means over rows, kept on the device until asked for."""

    def __init__(self) -> None:
        self.samples = 0
        self.sums: dict[str, Tensor] = {}

    def add(self, rows: int, metrics: Mapping[str, Tensor]) -> None:
        """Takes in the means of a batch."""
        self.samples += rows
        for name, value in metrics.items():
            self.sums[name] = self.sums.get(name, 0.0) + rows * value.detach().double()

    def result(self, where: str) -> dict[str, float]:
        """The means by name.

        Raises:
            TrainingError: there were no rows, or a mean is not finite; `where` is named.
        """
        if not self.samples:
            raise TrainingError(f"{where}: the loader gave no rows; choose seasons with games, or another split")
        means = {name: float(total) / self.samples for name, total in self.sums.items()}
        if not all(map(math.isfinite, means.values())):
            raise TrainingError(
                f"{where}: not finite: {means}; materialise context_features again: its check no_missing_numbers names columns with "
                "gaps; if there are none, lower the learning rate"
            )
        return means
