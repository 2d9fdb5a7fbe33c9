"""What a points model is to the runner: columns it needs, and points it predicts. How files become one is `loaders.py`'s."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl


class ModelRefusedError(RuntimeError):
    """A model cannot be used; the message names it and the remedy. Others go on."""


@dataclass(frozen=True)
class PointsModel:
    """A loaded model.

    Attributes:
        columns: features it takes, in its own order.
        forecast: matrix (rows, columns) of float32 to points (rows,).
    """

    columns: tuple[str, ...]
    forecast: Callable[[np.ndarray], np.ndarray]

    def predict(self, features: pl.DataFrame) -> np.ndarray:
        """Points of each row, never below 0.

        Args:
            features: has at least `columns`; they are taken by name.

        Returns:
            Array (rows,).

        Raises:
            ModelRefusedError: a forecast is not a number.
        """
        if features.is_empty():
            return np.zeros(0)
        points = np.asarray(self.forecast(features.select(pl.col(self.columns).cast(pl.Float32)).to_numpy()), dtype=float)
        if points.shape != (features.height,) or not np.isfinite(points).all():
            raise ModelRefusedError(f"forecasts of {features.height} rows have shape {points.shape} or are not finite: train it again")
        return np.maximum(points, 0.0)
