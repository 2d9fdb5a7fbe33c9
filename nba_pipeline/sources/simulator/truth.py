"""What nobody in a league can know: how good people are, what a game was worth before it was played, how often it would be won."""

from statistics import NormalDist
from typing import Final

import numpy as np

from nba_pipeline.sources.simulator.averages import POINTS_PER_100
from nba_pipeline.sources.simulator.engine import play
from nba_pipeline.sources.simulator.people import Floats, People
from nba_pipeline.sources.simulator.tonight import Tonight

POINTS_PER_EDGE: Final = 0.775
"""Points of the final margin per point per 100 possessions before tip-off: leads cost, and plans change."""

MARGIN_SD: Final = 13.0
POSSESSIONS: Final = 100.8
"""Of a side in a game at average tempo, overtime included."""

GAMES_AT_ONCE: Final = 20_000


def expected_margin(tonight: Tonight) -> Floats:
    """(games,) home minus away, points, nearly: the planned minutes' edge with what leads cost."""
    return POINTS_PER_EDGE * tonight.planned_edge_per_100


def expected_total(tonight: Tonight) -> Floats:
    """(games,) points of both sides, nearly."""
    share = tonight.planned_share
    surplus = (share * (tonight.people.offence - tonight.people.defence)[tonight.roster]).sum(axis=(1, 2))
    return (2 * POINTS_PER_100 + surplus + tonight.edge.sum(axis=1)) * POSSESSIONS / 100 / tonight.tempo


def win_probability(margin: Floats) -> Floats:
    """P(home win) of an expected margin, by a normal margin."""
    return np.vectorize(NormalDist(0, MARGIN_SD).cdf, otypes=[float])(margin)


def expected_points(tonight: Tonight) -> Floats:
    """(games, 2, 15) points of each player in the planned minutes: his share of the chances times what he makes of one."""
    people: People = tonight.people
    share, roster = tonight.planned_share, tonight.roster
    usage = people.usage[roster]
    per_chance = POINTS_PER_100 / POSSESSIONS * (1 + 0.02 * people.offence[roster])
    chances = share * usage / (share * usage).sum(axis=2, keepdims=True)
    return chances * per_chance * POSSESSIONS / tonight.tempo[:, None, None]


def replayed_home_wins(tonight: Tonight, times: int, rng: np.random.Generator) -> Floats:
    """(games,) share of home wins when each game is played again and again from the same start.

    Args:
        tonight: the games before tip-off.
        times: how often each is played.
        rng: source of chance; its standard error is at most 1/(2·√times).
    """
    rows = np.repeat(np.arange(len(tonight)), times)
    wins = np.zeros(len(tonight))
    for part in np.array_split(rows, max(1, len(rows) // GAMES_AT_ONCE)):
        score = play(tonight.pick(part), rng).score
        np.add.at(wins, part, score[:, 0] > score[:, 1])
    return wins / times
