"""Do games called 70 % end in 70 % wins? Calibration error, and how much of it is noise.

Even a perfect forecast shows a calibration error on a finite number of games: about .10 on 100 games and .03 on a season
(10 bins). So the error is never read alone, only next to the errors of simulated seasons in which the forecasts are true.
Whether a version may pass is not decided here.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from nba_pipeline.evaluation.metrics import ScoringError

BINS = 10


class NoiseFloor(NamedTuple):
    """Calibration errors that a perfect forecast would show by chance: median, 95th and 99th percentile."""

    p50: float
    p95: float
    p99: float


def expected_calibration_error(p_home_win: ArrayLike, home_win: ArrayLike, bins: int = BINS) -> float:
    """Mean distance between forecast and share of wins over equally wide bins, weighted by games.

    Args:
        p_home_win: probabilities, shape (games,).
        home_win: 1 or 0, shape (games,).
        bins: number of bins in [0, 1].
    """
    p, won = _checked(p_home_win, home_win)
    gaps = np.bincount(_bin_of(p, bins), weights=won - p, minlength=bins)
    return float(np.abs(gaps).sum() / p.size)


def calibration_noise_floor(p_home_win: ArrayLike, *, simulations: int = 2000, bins: int = BINS, seed: int = 0) -> NoiseFloor:
    """Percentiles of the calibration error when every forecast is exactly true.

    Outcomes are drawn from the forecasts themselves, so the floor fits their number and spread.

    Args:
        p_home_win: the forecasts to be judged, shape (games,).
        simulations: how many times the games are played.
        bins: as in `expected_calibration_error`.
        seed: seed of the draws.
    """
    p = np.sort(np.asarray(p_home_win, dtype=float))
    _checked(p, np.zeros_like(p))
    rng = np.random.default_rng(seed)
    _, starts = np.unique(_bin_of(p, bins), return_index=True)
    errors = np.empty(simulations)
    step = max(1, 1_000_000 // p.size)
    for first in range(0, simulations, step):
        won = rng.random((min(step, simulations - first), p.size)) < p
        gaps = np.add.reduceat(won - p, starts, axis=1)
        errors[first : first + len(won)] = np.abs(gaps).sum(axis=1) / p.size
    return NoiseFloor(*(float(value) for value in np.percentile(errors, (50, 95, 99))))


def reliability_table(p_home_win: ArrayLike, home_win: ArrayLike, bins: int = BINS) -> pl.DataFrame:
    """What a reliability diagram draws: one row per bin that has games.

    Returns:
        bin_low, bin_high, games, mean_forecast, win_share, and noise_low, noise_high: where the share of wins would be in
        95 % of seasons if the forecasts were true.
    """
    p, won = _checked(p_home_win, home_win)
    table = pl.DataFrame({"bin": _bin_of(p, bins), "p": p, "won": won, "variance": p * (1 - p)})
    grouped = table.sort("bin", "p").group_by("bin", maintain_order=True).agg(
        pl.len().alias("games"),
        pl.col("p").mean().alias("mean_forecast"),
        pl.col("won").mean().alias("win_share"),
        (1.96 * pl.col("variance").sum().sqrt() / pl.len()).alias("noise"),
    )  # fmt: skip
    return grouped.select(
        bin_low=pl.col("bin") / bins,
        bin_high=(pl.col("bin") + 1) / bins,
        games="games",
        mean_forecast="mean_forecast",
        win_share="win_share",
        noise_low=(pl.col("mean_forecast") - pl.col("noise")).clip(0, 1),
        noise_high=(pl.col("mean_forecast") + pl.col("noise")).clip(0, 1),
    )


def _bin_of(p: np.ndarray, bins: int) -> np.ndarray:
    return np.minimum((p * bins).astype(np.int64), bins - 1)


def _checked(p_home_win: ArrayLike, home_win: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    p, won = np.asarray(p_home_win, dtype=float), np.asarray(home_win, dtype=float)
    if p.shape != won.shape or p.ndim != 1 or p.size == 0 or not ((p >= 0) & (p <= 1)).all():
        raise ScoringError(f"need one probability in [0, 1] a game and at least one game, got {p.shape} for {won.shape} outcomes")
    return p, won
