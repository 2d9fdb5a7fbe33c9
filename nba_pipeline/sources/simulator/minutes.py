"""How a coach shares out the minutes before tip-off: within each size by reputation, more evenly than by rank alone."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.league.clock import PLAYERS_ON_COURT, REGULATION_SECONDS
from nba_pipeline.sources.simulator.people import SIZES, Floats, Ints

MOST_SECONDS: Final = 37 * 60
BY_REPUTATION: Final = 0.36
"""How sharply minutes go to the better of a size, per point per 100 possessions."""

NOT_IN_ROTATION_SECONDS: Final = 8 * 60
"""Whoever would get less sits, and the others share his minutes, so long as there are enough of them."""

LEAST_ROTATION: Final = 8
CAPPING_ROUNDS: Final = 20
"""Minutes over the cap go to the others until nothing moves any more."""


def plan_seconds(reputation: Floats, size: Ints, available: NDArray[np.bool_]) -> Floats:
    """(games, 2, 15) seconds for each: shared within each size by reputation, capped, adding to five on court for 48 minutes."""
    weight = np.where(available, np.exp(BY_REPUTATION * reputation), 0.0)
    for one in range(SIZES):
        same = size == one
        total = np.where(same, weight, 0).sum(axis=2, keepdims=True)
        weight = np.where(same & (total > 0), weight / np.where(total > 0, total, 1), weight)
    seconds = _to_full_game(weight)
    rank = np.argsort(np.argsort(-seconds, axis=2, kind="stable"), axis=2)
    seconds = np.where((seconds < NOT_IN_ROTATION_SECONDS) & (rank >= LEAST_ROTATION), 0, seconds)
    return _to_full_game(seconds)


def _to_full_game(weight: Floats) -> Floats:
    full = PLAYERS_ON_COURT * REGULATION_SECONDS
    seconds = weight
    for _ in range(CAPPING_ROUNDS):
        seconds = np.minimum(MOST_SECONDS, seconds * full / seconds.sum(axis=2, keepdims=True))
    return seconds
