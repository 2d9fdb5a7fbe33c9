"""Who is on court: starters, substitutions, and what coaches do when it is close, decided, or a player is in foul trouble."""

from typing import Final

import numpy as np

from nba_pipeline.league.clock import PLAYERS_ON_COURT, REGULATION_SECONDS
from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.floor import AWAY, HOME, Floor, Games
from nba_pipeline.sources.simulator.people import SIZES, Floats, Ints

NEVER: Final = -1e6
CLOSE_SECONDS, CLOSE_POINTS = 330, 10
DECIDED_POINTS, DECIDED_POINTS_PER_SECOND = 15, 1 / 36
"""A fourth quarter is close in its last minutes within so many points; it is decided at a lead that grows with the time left."""

WRONG_SIZE_SECONDS: Final = 70
"""How much less a substitute is wanted for each size between him and the player he replaces."""

FOUL_TROUBLE_SECONDS: Final = 170
OUTSIDE_ROTATION_SECONDS: Final = 500
PATIENCE_SECONDS: Final = (110, 330)
"""Least and most imbalance of minutes at which a coach acts."""


def starting_five(floor: Floor, games: Games) -> None:
    """Puts the best of each size on court."""
    plan = floor.tonight.plan_seconds[games] + 1e-3 * floor.tonight.available[games]
    may_play = np.stack([floor.may_play(games, side) for side in (HOME, AWAY)], axis=1)
    plan = np.where(may_play, plan, NEVER)
    size = floor.tonight.people.size[floor.tonight.roster[games]]
    first = np.zeros(plan.shape, dtype=bool)
    for one in range(SIZES):
        of_size = np.where(size == one, plan, 2 * NEVER)
        first |= (of_size == of_size.max(axis=2, keepdims=True)) & (of_size > 0)
    order = np.argsort(-(plan + np.where(first, -NEVER, 0)), axis=2, kind="stable")
    floor.on[games] = order[:, :, :PLAYERS_ON_COURT]


def substitute(floor: Floor, games: Games, rng: np.random.Generator, *, most: int, keep: Ints | None = None, quietly: bool = False) -> None:
    """Lets both coaches change players.

    Args:
        floor: the games.
        games: those where the ball is dead.
        rng: source of chance.
        most: changes a side may make.
        keep: (games,) row of `People` who has to stay, such as the shooter of a free throw.
        quietly: no events, as between quarters.
    """
    for side in (HOME, AWAY):
        patience = rng.uniform(*PATIENCE_SECONDS, len(games))
        due = np.arange(len(games))
        for _ in range(most):
            if not len(due):
                break
            changed = _change(floor, games[due], side, patience[due], None if keep is None else keep[due], quietly)
            due = due[changed]


def _change(floor: Floor, games: Games, side: int, patience: Floats, keep: Ints | None, quietly: bool) -> Ints:
    """One change where one is due; returns where. Somebody who fouled out is wanted by nobody, so he goes."""
    rows, on, each = floor.tonight.roster[games, side], floor.on[games, side], np.arange(len(games))
    want = _want(floor, games, side)
    here = want[each[:, None], on]
    if keep is not None:
        here = np.where(rows[each[:, None], on] == keep[:, None], np.inf, here)
    place = here.argmin(axis=1)
    leaves = on[each, place]
    size = floor.tonight.people.size[rows]
    bench = want - WRONG_SIZE_SECONDS * np.abs(size - size[each, leaves][:, None])
    bench[each[:, None], on] = 2 * NEVER
    enters = bench.argmax(axis=1)
    wanted = bench[each, enters]
    swap = np.flatnonzero((wanted - here[each, place] > patience) & (wanted > NEVER / 2))
    floor.on[games[swap], side, place[swap]] = enters[swap]
    if not quietly:
        floor.log(games[swap], EventType.SUBSTITUTION, side=side, one=rows[swap, leaves[swap]], two=rows[swap, enters[swap]])
    return swap


def _want(floor: Floor, games: Games, side: int) -> Floats:
    """(games, 15) how much a coach wants each on court, in seconds of imbalance."""
    tonight, period = floor.tonight, floor.period[games]
    plan, seconds = tonight.plan_seconds[games, side], floor.seconds[games, side]
    elapsed = floor.elapsed(games)
    due = plan * (elapsed / REGULATION_SECONDS)[:, None] - seconds
    due -= FOUL_TROUBLE_SECONDS * np.maximum(0, floor.fouls[games, side] - period[:, None] - 1)
    due -= OUTSIDE_ROTATION_SECONDS * (plan == 0)
    left, lead = REGULATION_SECONDS - elapsed, np.abs(floor.lead(games, side))
    close = (period >= 4) & (left <= CLOSE_SECONDS) & (lead <= CLOSE_POINTS)
    decided = (period == 4) & (lead >= DECIDED_POINTS + left * DECIDED_POINTS_PER_SECOND)
    due = np.where(close[:, None], plan / 3, due)
    due = np.where(decided[:, None], -plan / 3, due)
    return np.where(floor.may_play(games, side), due, NEVER)
