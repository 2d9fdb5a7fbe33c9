"""Is one forecast better than another? Paired on the same games, with games of one date kept together.

Games of one night share what no model knows (a league-wide trend, a day's news), so dates are resampled, not games. The
standard error of a paired log-loss difference is about .02 on 100 games and .006 on a season: a difference without its
interval says nothing. What is compared (log losses, absolute errors) comes from `metrics`.

Few dates drawn with replacement differ by less than few dates of the world do: the spread of their mean is too small by
√((n − 1)/n), and its normal shape forgets that the spread itself is a guess. Both ends are stretched about the mean by
t(.975, n − 1)/1.96 · √(n/(n − 1)), n the number of blocks (T. Hesterberg, What teachers should know about the bootstrap, The American
Statistician 69, 2015: the expanded percentile interval, here in lengths instead of percentiles).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from nba_pipeline.evaluation.metrics import ScoringError

LOW, HIGH = 2.5, 97.5
"""Percentiles between which an interval lies."""


@dataclass(frozen=True)
class Comparison:
    """Mean of (first − second) with its uncertainty.

    Attributes:
        mean: mean difference over games; below 0 the first has the smaller loss.
        standard_error: spread of that mean over resampled dates, times √(n/(n − 1)).
        low: lower end of the 95 % interval.
        high: upper end of the 95 % interval.
        games: games compared.
        dates: blocks that were resampled.
    """

    mean: float
    standard_error: float
    low: float
    high: float
    games: int
    dates: int


def compare_paired(
    first: ArrayLike, second: ArrayLike, dates: ArrayLike, *, block_days: int = 1, resamples: int = 4000, seed: int = 0
) -> Comparison:
    """Compares two losses on the same games by resampling blocks of dates with replacement.

    Args:
        first: loss of each game, shape (games,).
        second: the other forecast's loss of the same games, shape (games,).
        dates: date of each game, shape (games,); anything `numpy` reads as `datetime64[D]`.
        block_days: calendar days that are drawn together.
        resamples: bootstrap samples.
        seed: seed of the draws.

    Raises:
        ScoringError: lengths differ, a loss is not finite, or there are fewer than two blocks.
    """
    difference = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    days = np.asarray(dates, dtype="datetime64[D]")
    if difference.shape != days.shape or difference.ndim != 1 or not np.isfinite(difference).all():
        raise ScoringError(f"need a finite pair of losses and a date a game, got {difference.shape} differences and {days.shape} dates")
    sums, games = _sums_by_block(difference, days, block_days)
    if len(games) < 2:
        raise ScoringError(f"need games of at least two blocks of {block_days} day(s) to estimate an error, got {len(games)}")
    drawn = _draws(len(games), resamples, seed)
    means = (drawn @ sums) / (drawn @ games)
    mean, error = float(difference.mean()), float(means.std(ddof=1)) * _unshrunk(len(games))
    low, high = mean + _stretch(len(games)) * (np.percentile(means, (LOW, HIGH)) - mean)
    return Comparison(mean, error, float(low), float(high), difference.size, len(games))


def _unshrunk(blocks: int) -> float:
    """What the spread of a mean over resampled blocks lacks, as a factor."""
    return (blocks / (blocks - 1)) ** 0.5


def _stretch(blocks: int) -> float:
    """How much further than a percentile of resampled means the end of an interval lies from the mean: 9.2 of 2 blocks, 1.2 of 10."""
    return _unshrunk(blocks) * float(stdtrit(blocks - 1, HIGH / 100) / ndtri(HIGH / 100))


def _sums_by_block(difference: np.ndarray, days: np.ndarray, block_days: int) -> tuple[np.ndarray, np.ndarray]:
    number = (days - days.min()).astype(np.int64) // block_days
    _, block = np.unique(number, return_inverse=True)
    return np.bincount(block, weights=difference), np.bincount(block).astype(float)


@lru_cache(maxsize=4)
def _draws(blocks: int, resamples: int, seed: int) -> np.ndarray:
    """How often each block is drawn, shape (resamples, blocks); kept, because a report compares many losses of the same dates."""
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples).astype(float)
    drawn.setflags(write=False)
    return drawn
