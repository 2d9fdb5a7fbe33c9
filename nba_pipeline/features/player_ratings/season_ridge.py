"""Small regressions over games, refit before each season on the seasons before it, the older ones counting less.

Used for the weights of the box prior, for the margin and for the total. Belongs here: which games may be learned from, and the
algebra. What the columns mean is the callers'.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.league.seasons import Season, start_year

SEASON_DECAY = 0.9
"""What a season's games count against those of the season after it."""

_RESULTS = {"margin": pl.col("home_points") - pl.col("away_points"), "total": pl.col("home_points") + pl.col("away_points")}


class GameWeights:
    """Which games of a schedule may be learned from before a season, and what each counts.

    Args:
        schedule: games in time order, with `season`.
        history: gives the results.
        result: `margin` (home minus away) or `total`.

    Attributes:
        results: (games,) in points; NaN where not played.
    """

    def __init__(self, schedule: pl.DataFrame, history: History, result: str = "margin") -> None:
        played = history.results().select("game_id", _result=_RESULTS[result].cast(pl.Float64))
        joined = schedule.join(played, on="game_id", how="left", maintain_order="left")
        self.results = joined["_result"].fill_null(np.nan).to_numpy()
        self._season = schedule["season"].to_numpy()
        self._year = np.array([start_year(season) for season in schedule["season"]], dtype=np.int64)

    def seasons(self) -> Iterator[tuple[Season, np.ndarray]]:
        """Seasons in time order with the rows of their games."""
        for season in sorted(set(self._season), key=start_year):
            yield season, np.flatnonzero(self._season == season)

    def training(self, season: Season) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the played games of earlier seasons, and their weights.

        The first season of all, in which nothing was known of anybody, is left out once there is another.
        """
        age = start_year(season) - self._year
        first = self._year.min() if len(self._year) else 0
        later = (self._year > first) | (start_year(season) <= first + 1)
        rows = np.flatnonzero((age > 0) & later & ~np.isnan(self.results))
        return rows, SEASON_DECAY ** age[rows]


def weighted_ridge(x: np.ndarray, y: np.ndarray, weights: np.ndarray, penalty: float) -> np.ndarray:
    """Weights of columns, shrunk after scaling each column to unit root mean square.

    Args:
        x: (rows, columns); a constant is a column of the caller's.
        y: (rows,).
        weights: (rows,).
        penalty: in rows of weight 1.
    """
    spread = np.sqrt((weights[:, None] * x * x).sum(axis=0) / weights.sum())
    spread = np.where(spread > 1e-9, spread, 1.0)
    scaled = x / spread
    gram = (scaled * weights[:, None]).T @ scaled + penalty * np.eye(x.shape[1])
    return np.linalg.solve(gram, (scaled * weights[:, None]).T @ y) / spread


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value below which half of the weight lies."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def logistic_of_margin(margin: np.ndarray, won: np.ndarray, weights: np.ndarray, steps: int = 10) -> np.ndarray:
    """Two weights (constant, per point) of the log-odds of a home win, by Newton's method from a plausible start."""
    design, fitted = np.column_stack([np.ones(len(margin)), margin]), np.array([0.0, 0.15])
    ballast = np.diag([1.0, 1.0])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(design * fitted).sum(axis=1)))
        slope = design.T @ (weights * (won - p)) - ballast @ (fitted - [0.0, 0.15])
        fitted = fitted + np.linalg.solve((design * (weights * p * (1 - p))[:, None]).T @ design + ballast, slope)
    return fitted
