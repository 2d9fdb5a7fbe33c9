"""What happens while the ball is dead: timeouts, technical fouls, substitutions."""

import numpy as np

from nba_pipeline.league.events import EventType, Foul, FreeThrow
from nba_pipeline.sources.simulator.averages import TECHNICAL, TIMEOUT
from nba_pipeline.sources.simulator.coach import substitute
from nba_pipeline.sources.simulator.floor import Floor, Games
from nba_pipeline.sources.simulator.people import Ints

CHANGES_AT_ONCE = 3


def stop_play(floor: Floor, games: Games, rng: np.random.Generator, shooter: Ints | None = None) -> None:
    """A dead ball.

    Args:
        floor: the games.
        games: those in which play stopped.
        rng: source of chance.
        shooter: (games,) row of `People` who is at the line and must stay on court.
    """
    if not len(games):
        return
    if shooter is None:
        _technical(floor, games[rng.random(len(games)) < TECHNICAL], rng)
        _timeout(floor, games[rng.random(len(games)) < TIMEOUT], rng)
    substitute(floor, games, rng, most=CHANGES_AT_ONCE, keep=shooter)


def _timeout(floor: Floor, games: Games, rng: np.random.Generator) -> None:
    side = rng.integers(2, size=len(games))
    has = floor.timeouts[games, side] > 0
    floor.timeouts[games[has], side[has]] -= 1
    floor.log(games[has], EventType.TIMEOUT, 1, side[has])


def _technical(floor: Floor, games: Games, rng: np.random.Generator) -> None:
    """A technical foul of somebody on court, and one free throw by the other side's best shooter."""
    if not len(games):
        return
    side = rng.integers(2, size=len(games))
    offender = floor.court(games, side)[np.arange(len(games)), rng.integers(5, size=len(games))]
    floor.log(games, EventType.FOUL, Foul.TECHNICAL, side, offender)
    others = floor.court(games, 1 - side)
    share = floor.tonight.people.free_throw[others]
    best = others[np.arange(len(games)), share.argmax(axis=1)]
    made = rng.random(len(games)) < share.max(axis=1)
    floor.log(games, EventType.FREE_THROW, FreeThrow.TECHNICAL, 1 - side, best, number=1, of=1, points=made.astype(np.int64))
