"""Everything that is fixed before tip-off: rosters, minutes that coaches have in mind, edges. The truth about a game follows from it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.league.clock import PLAYERS_ON_COURT, REGULATION_SECONDS
from nba_pipeline.sources.simulator.averages import BACK_TO_BACK_PER_100, HOME_EDGE_PER_100
from nba_pipeline.sources.simulator.health import injured, rested
from nba_pipeline.sources.simulator.minutes import plan_seconds
from nba_pipeline.sources.simulator.people import Floats, Ints, People
from nba_pipeline.sources.simulator.schedule import LONGEST_SEASON_DAYS, Schedule
from nba_pipeline.sources.simulator.summers import League, rosters

DEADLINE: Final = 0.65
"""Share of the season's days before the deadline for trades."""

TEMPO_SD: Final = 0.025


@dataclass(frozen=True)
class Tonight:
    """A batch of games before tip-off; the axes are games, sides (0 home, 1 away) and the fifteen of a team.

    Attributes:
        people: everybody in the league.
        team: (games, 2) index into `TEAMS`.
        roster: (games, 2, 15) rows of `people`.
        plan_seconds: (games, 2, 15) seconds of a regulation game that the coach has in mind; 0 for those who sit.
        available: (games, 2, 15) who may be put on the floor.
        edge: (games, 2) points per 100 possessions added to each side's offence by floor and rest.
        tempo: (games,) multiplies the time that chances take.
    """

    people: People
    team: Ints
    roster: Ints
    plan_seconds: Floats
    available: NDArray[np.bool_]
    edge: Floats
    tempo: Floats

    def __len__(self) -> int:
        return len(self.team)

    def pick(self, rows: NDArray) -> "Tonight":
        """These games; a row may come more than once, to be played again."""
        return Tonight(
            self.people,
            self.team[rows],
            self.roster[rows],
            self.plan_seconds[rows],
            self.available[rows],
            self.edge[rows],
            self.tempo[rows],
        )

    @property
    def planned_share(self) -> Floats:
        """(games, 2, 15) share of the game that each is meant to play; adds to five a side."""
        return self.plan_seconds / REGULATION_SECONDS

    @property
    def planned_edge_per_100(self) -> Floats:
        """(games,) home minus away, points per 100 possessions, if minutes go as planned and the score has no say."""
        side = (self.planned_share * self.people.value[self.roster]).sum(axis=2)
        return self.edge[:, 0] - self.edge[:, 1] + side[:, 0] - side[:, 1]


def nights(league: League, schedule: Schedule, rng: np.random.Generator) -> Tonight:
    """All games of a season before tip-off."""
    teams = np.stack([schedule.home, schedule.away], axis=1)
    before_and_after = np.stack([rosters(league.team), rosters(league.team_after)])
    roster = before_and_after[(schedule.day >= DEADLINE * schedule.days).astype(int)[:, None], teams]
    out = injured(league, LONGEST_SEASON_DAYS, rng)[schedule.day][:, None, :] | rested(league, schedule, rng)
    available = ~np.take_along_axis(out, roster, axis=2)
    available |= available.sum(axis=2, keepdims=True) < PLAYERS_ON_COURT + 3
    tempo = rng.normal(0, TEMPO_SD, before_and_after.shape[1])[teams].sum(axis=1)
    return Tonight(
        people=league.people,
        team=teams,
        roster=roster,
        plan_seconds=plan_seconds(league.reputation[roster], league.people.size[roster], available),
        available=available,
        edge=_edges(schedule),
        tempo=np.exp(tempo),
    )


def _edges(schedule: Schedule) -> Floats:
    tired = np.where(schedule.days_since_last == 1, BACK_TO_BACK_PER_100 / 2, 0.0)
    floor = np.array([HOME_EDGE_PER_100 / 2, -HOME_EDGE_PER_100 / 2])
    return floor + tired[:, ::-1] - tired
