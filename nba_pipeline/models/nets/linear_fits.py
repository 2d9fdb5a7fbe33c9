"""The small fits behind the skip: ridge, logistic of a margin, and least absolute deviations; numpy, closed form or few steps.

What does not belong here: what the columns mean (`in_game_skip.py`).
"""

from collections.abc import Sequence

import numpy as np

PENALTIES = np.geomspace(1.0, 1e5, 26)


def ridge(x: np.ndarray, y: np.ndarray, penalties: Sequence[float] | np.ndarray = PENALTIES) -> tuple[np.ndarray, float, np.ndarray]:
    """Ridge with an intercept; the penalty is chosen by leave-one-out error, which ridge has in closed form.

    Args:
        x: (rows, columns), centred and scaled.
        y: (rows,).
        penalties: to choose from, in rows.

    Returns:
        Weights (columns,), intercept, and each row's forecast by the fit that left it out (rows,).
    """
    centre, level = x.mean(axis=0), y.mean()
    left, scale, right = np.linalg.svd(x - centre, full_matrices=False)
    projected = left.T @ (y - level)
    held_out = {penalty: _left_out(left, scale, projected, y - level, penalty) for penalty in penalties}
    best = min(penalties, key=lambda penalty: float(np.square(y - level - held_out[penalty]).mean()))
    weights = right.T @ (scale / (scale**2 + best) * projected)
    return weights, float(level - centre @ weights), level + held_out[best]


def _left_out(left: np.ndarray, scale: np.ndarray, projected: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    shrink = scale**2 / (scale**2 + penalty)
    leverage = (left**2) @ shrink + 1 / len(y)
    return y - (y - left @ (shrink * projected)) / np.maximum(1 - leverage, 1e-3)


def logistic_of_margin(margin: np.ndarray, won: np.ndarray, steps: int = 25) -> tuple[float, float]:
    """Intercept and slope (per point) of P(won) = sigmoid(intercept + slope * margin), by Newton with a weak prior.

    The prior (slope .15, worth a handful of games) keeps a season with one outcome only, or few games, sane.
    """
    prior, precision = np.array([0.0, 0.15]), np.diag([1.0, 400.0])
    design = np.stack([np.ones(len(margin)), margin], axis=1)
    weights = prior.copy()
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chance - won) + precision @ (weights - prior)
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + precision
        weights = weights - np.linalg.solve(curvature, slope)
    return float(weights[0]), float(weights[1])


def weighted_ridge(x: np.ndarray, y: np.ndarray, prior: np.ndarray, penalty: float, weight: np.ndarray | None = None) -> np.ndarray:
    """Weights that shrink towards `prior`, without an intercept; `penalty` in units of one row of mean square column size."""
    weighted = x if weight is None else x * weight[:, None]
    gram = weighted.T @ x
    size = np.diag(penalty * np.square(x).mean(axis=0) + 1e-9)
    return prior + np.linalg.solve(gram + size, weighted.T @ (y - x @ prior))


def least_absolute(x: np.ndarray, y: np.ndarray, prior: np.ndarray, penalty: float, floor: float = 0.5, steps: int = 30) -> np.ndarray:
    """As `weighted_ridge`, for the median: reweighted least squares, residuals under `floor` count as `floor`."""
    weights = weighted_ridge(x, y, prior, penalty)
    for _ in range(steps):
        inverse = 1 / np.maximum(np.abs(y - x @ weights), floor)
        weights = weighted_ridge(x, y, prior, penalty, inverse / inverse.mean())
    return weights
