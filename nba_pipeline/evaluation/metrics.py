"""Errors of forecasts, game by game and on average.

Log loss is what forecasts are chosen by: it rewards honest probabilities, where accuracy forgets by how much a forecast was
sure. Functions in the plural give one number a game, for paired comparison; what they mean is their average. Intervals and
calibration are not here.
"""

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray

PROBABILITY_CLIP = 1e-7
"""Probabilities are moved this far from 0 and 1, so that one wrong certainty costs 16, not infinity."""


class ScoringError(ValueError):
    """Forecasts and outcomes that cannot be compared; the message says why."""


def hits(p_home_win: ArrayLike, home_win: ArrayLike) -> Array:
    """1 where the side with the larger probability won, 0 where it lost, a half for a forecast of exactly .5."""
    p, won = _pair(p_home_win, home_win)
    return np.where(p == 0.5, 0.5, (p > 0.5) == (won > 0.5)).astype(float)


def squared_errors(p_home_win: ArrayLike, home_win: ArrayLike) -> Array:
    """Squared distance of the probability from what happened, game by game."""
    p, won = _pair(p_home_win, home_win)
    return (p - won) ** 2


def log_losses(p_home_win: ArrayLike, home_win: ArrayLike) -> Array:
    """Minus the log of the probability given to what happened, in nats, game by game."""
    p, won = _pair(p_home_win, home_win)
    p = np.clip(p, PROBABILITY_CLIP, 1 - PROBABILITY_CLIP)
    return -(won * np.log(p) + (1 - won) * np.log1p(-p))


def absolute_errors(forecast: ArrayLike, actual: ArrayLike) -> Array:
    """Distance of a number of points from what happened, game by game."""
    guess, truth = _same_length(forecast, actual)
    return np.abs(guess - truth)


def accuracy(p_home_win: ArrayLike, home_win: ArrayLike) -> float:
    """Share of games whose winner had the larger probability."""
    return float(hits(p_home_win, home_win).mean())


def brier_score(p_home_win: ArrayLike, home_win: ArrayLike) -> float:
    """Mean squared error of the probabilities: 0 is perfect, .25 is what a coin reaches."""
    return float(squared_errors(p_home_win, home_win).mean())


def log_loss(p_home_win: ArrayLike, home_win: ArrayLike) -> float:
    """Mean log loss in nats: 0 is perfect, .693 is what a coin reaches."""
    return float(log_losses(p_home_win, home_win).mean())


def _pair(p_home_win: ArrayLike, home_win: ArrayLike) -> tuple[Array, Array]:
    p, won = _same_length(p_home_win, home_win)
    if p.min() < 0 or p.max() > 1:
        raise ScoringError(f"probabilities must lie in [0, 1], found {p.min():.4g} .. {p.max():.4g}: is this a margin or a logit?")
    return p, won


def _same_length(forecast: ArrayLike, actual: ArrayLike) -> tuple[Array, Array]:
    guess, truth = np.asarray(forecast, dtype=float), np.asarray(actual, dtype=float)
    if guess.shape != truth.shape or guess.ndim != 1 or guess.size == 0:
        raise ScoringError(f"need one forecast a game and at least one game, got {guess.shape} forecasts for {truth.shape} outcomes")
    if not (np.isfinite(guess).all() and np.isfinite(truth).all()):
        raise ScoringError(
            f"{int((~np.isfinite(guess)).sum())} forecasts and {int((~np.isfinite(truth)).sum())} outcomes are not finite numbers"
        )
    return guess, truth
