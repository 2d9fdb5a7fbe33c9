"""Box lines from events: what everybody did in each game, counted in one pass over the season."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.league.events import FOUL_TECHNICAL, EventType
from nba_pipeline.sources.simulator.averages import CORNER_THREE
from nba_pipeline.sources.simulator.people import Ints
from nba_pipeline.sources.simulator.record import NOBODY, Events
from nba_pipeline.sources.simulator.season import SimulatedSeason

STATS = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS")


@dataclass(frozen=True)
class Box:
    """Counts of a season.

    Attributes:
        seconds: (games, people) seconds played.
        stats: by name as in the logs, (games, people).
        team_turnovers: (games, 2) turnovers that nobody is charged with.
    """

    seconds: Ints
    stats: dict[str, Ints]
    team_turnovers: Ints


def box_of(season: SimulatedSeason) -> Box:
    """Counts everything in a season's events."""
    events, shape = season.events, (len(season.schedule), len(season.league.people))

    def count(where: NDArray[np.bool_], person: Ints, weight: Ints | None = None) -> Ints:
        rows = np.flatnonzero(where & (person != NOBODY))
        places = events.game[rows] * shape[1] + person[rows]
        return np.bincount(places, None if weight is None else weight[rows], minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)

    kind, three = events.kind, events.zone >= CORNER_THREE
    made, missed, thrown = (kind == one for one in (EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW))
    rebound, turnover, foul = (kind == one for one in (EventType.REBOUND, EventType.TURNOVER, EventType.FOUL))
    own = is_own_rebound(events)
    stats = {
        "FGM": count(made, events.one),
        "FGA": count(made | missed, events.one),
        "FG3M": count(made & three, events.one),
        "FG3A": count((made | missed) & three, events.one),
        "FTM": count(thrown & (events.points > 0), events.one),
        "FTA": count(thrown, events.one),
        "OREB": count(rebound & own, events.one),
        "DREB": count(rebound & ~own, events.one),
        "REB": count(rebound, events.one),
        "AST": count(made, events.two),
        "STL": count(turnover, events.two),
        "BLK": count(missed, events.three),
        "TOV": count(turnover, events.one),
        "PF": count(foul & ~np.isin(events.action, list(FOUL_TECHNICAL)), events.one),
        "PTS": count(events.points > 0, events.one, events.points),
        "PLUS_MINUS": _plus_minus(events, shape),
    }
    seconds = np.zeros(shape, dtype=np.int64)
    games = np.arange(shape[0])[:, None, None]
    seconds[games, season.tonight.roster] = season.seconds
    team_turnovers = np.zeros((shape[0], 2), dtype=np.int64)
    nobodys = turnover & (events.one == NOBODY)
    np.add.at(team_turnovers, (events.game[nobodys], events.side[nobodys]), 1)
    return Box(seconds, stats, team_turnovers)


def is_own_rebound(events: Events) -> NDArray[np.bool_]:
    """Whether a rebound is of the side that missed: the row before it is the miss."""
    return np.roll(events.side, 1) == events.side


def _plus_minus(events: Events, shape: tuple[int, int]) -> Ints:
    """Points of the own side minus points of the other while on court: free throws count for those who were there at the foul."""
    total = np.zeros(shape, dtype=np.int64)
    scored = np.flatnonzero(events.points)
    court = events.court[_before_this_second(events)[scored]]
    for place in range(court.shape[1]):
        own = events.side[scored] == place // 5
        np.add.at(total, (events.game[scored], court[:, place]), np.where(own, 1, -1) * events.points[scored])
    return total


def _before_this_second(events: Events) -> Ints:
    """(events,) the last event of an earlier second of the period, or its first."""
    period = np.r_[True, (np.diff(events.game) != 0) | (np.diff(events.period) != 0)]
    second = period | np.r_[True, np.diff(events.clock) != 0]
    rows = np.arange(len(events))
    first_of_second, first_of_period = (np.maximum.accumulate(np.where(new, rows, 0)) for new in (second, period))
    return np.maximum(first_of_second - 1, first_of_period)
