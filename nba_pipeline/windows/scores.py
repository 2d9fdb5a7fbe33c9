"""Forecasts of the four targets on the same rows: mean absolute errors and paired differences with their intervals.

Rows are those of players with ten earlier games, of which every forecast that is compared says something. What does not belong here:
making forecasts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nba_pipeline.evaluation.comparison import compare_paired
from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.windows.rows import Rows
from nba_pipeline.windows.window_model import EXPERIENCED


@dataclass(frozen=True)
class Score:
    """A forecast of a target, on the rows that all forecasts share.

    Attributes:
        target, forecast: what, and whose.
        rows: how many.
        mae: mean absolute error in counts.
        difference, low, high: of its absolute errors minus the reference's, mean and 95 % interval over dates; None for itself.
    """

    target: str
    forecast: str
    rows: int
    mae: float
    difference: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def score(rows: Rows, forecasts: Mapping[str, np.ndarray], reference: str) -> list[Score]:
    """Compares forecasts, target by target.

    Args:
        rows: with targets as they were.
        forecasts: as counts, (rows, 4) each, by name.
        reference: the one that the others are subtracted from.

    Returns:
        One score per target and forecast; a target without shared rows has none.
    """
    seasoned, dates = rows.key["career_games"].to_numpy() >= EXPERIENCED, rows.key["game_date"].to_numpy()
    answer = []
    for at, target in enumerate(TARGETS):
        truth = rows.counts[:, at]
        shared = seasoned & np.isfinite(truth) & np.logical_and.reduce([np.isfinite(one[:, at]) for one in forecasts.values()])
        if not shared.any():
            continue
        errors = {name: np.abs(one[shared, at].astype(float) - truth[shared]) for name, one in forecasts.items()}
        for name, error in errors.items():
            numbers: tuple[float | None, float | None, float | None] = (None, None, None)
            if name != reference and len(np.unique(dates[shared])) > 1:
                apart = compare_paired(error, errors[reference], dates[shared])
                numbers = (apart.mean, apart.low, apart.high)
            answer.append(Score(target, name, int(shared.sum()), float(error.mean()), *numbers))
    return answer
