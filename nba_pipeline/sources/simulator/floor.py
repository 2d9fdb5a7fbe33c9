"""The state of a batch of games that are played in step with each other: who is on court, the clock, the score, the fouls."""

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.league.clock import PLAYERS_ON_COURT, period_start_seconds
from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.averages import FOULS_TO_BONUS, PERSONAL_FOUL_LIMIT
from nba_pipeline.sources.simulator.people import Ints
from nba_pipeline.sources.simulator.record import NOBODY, Record
from nba_pipeline.sources.simulator.tonight import Tonight

HOME, AWAY = 0, 1
BOTH = np.array([[HOME], [AWAY]])
Games = NDArray[np.int64]
"""Which games of the batch something happens in."""


class Floor:
    """Games in progress. Every array has one entry per game; a second axis of two is home and away, a third the fifteen of the roster.

    Args:
        tonight: the games before tip-off.
        record: where events go; None for games of which only the result is wanted.
    """

    def __init__(self, tonight: Tonight, record: Record | None) -> None:
        count = len(tonight)
        self.tonight, self.record = tonight, record
        self.period = np.zeros(count, dtype=np.int64)
        self.clock = np.zeros(count, dtype=np.int64)
        self.offence = np.zeros(count, dtype=np.int64)
        self.tip = np.zeros(count, dtype=np.int64)
        self.start = np.zeros(count, dtype=np.int64)
        self.score = np.zeros((count, 2), dtype=np.int64)
        self.team_fouls = np.zeros((count, 2), dtype=np.int64)
        self.timeouts = np.full((count, 2), 7)
        self.on = np.zeros((count, 2, PLAYERS_ON_COURT), dtype=np.int64)
        self.seconds = np.zeros(tonight.roster.shape, dtype=np.int64)
        self.fouls = np.zeros(tonight.roster.shape, dtype=np.int64)
        self.over = np.zeros(count, dtype=bool)

    def court(self, games: Games, side: Ints) -> Ints:
        """(games, 5) rows of `People` that a side has on court."""
        return self.tonight.roster[games[:, None], side[:, None], self.on[games, side]]

    def lead(self, games: Games, side: int | Ints) -> Ints:
        """Points by which a side leads; negative when it is behind."""
        return self.score[games, side] - self.score[games, 1 - side]

    def elapsed(self, games: Games) -> Ints:
        """Seconds since tip-off."""
        period = self.period[games]
        return period_start_seconds(period + 1) - self.clock[games]

    def in_bonus(self, games: Games, fouling: Ints) -> NDArray[np.bool_]:
        """Whether the next common foul of a side gives free throws."""
        return self.team_fouls[games, fouling] >= FOULS_TO_BONUS - (self.period[games] > 4)

    def run_clock(self, games: Games, seconds: Ints) -> None:
        """Lets time pass for those on court."""
        self.clock[games] -= seconds
        for side in (HOME, AWAY):
            self.seconds[games[:, None], side, self.on[games, side]] += seconds[:, None]

    def add_foul(self, games: Games, side: Ints, place: Ints, *, counts_for_team: bool) -> None:
        """A personal foul of the player at a place (0 to 4) of the five."""
        self.fouls[games, side, self.on[games, side, place]] += 1
        if counts_for_team:
            self.team_fouls[games, side] += 1

    def may_play(self, games: Games, side: int) -> NDArray[np.bool_]:
        """(games, 15) who of a side is fit and has not fouled out."""
        return self.tonight.available[games, side] & (self.fouls[games, side] < PERSONAL_FOUL_LIMIT)

    def log(
        self,
        games: Games,
        kind: EventType,
        action: int | Ints = 0,
        side: int | Ints = -1,
        one: int | Ints = NOBODY,
        two: int | Ints = NOBODY,
        three: int | Ints = NOBODY,
        *,
        zone: int | Ints = -1,
        number: int | Ints = 0,
        of: int | Ints = 0,
        points: int | Ints = 0,
    ) -> None:
        """Adds points to the score and writes the event down."""
        if not len(games):
            return
        if np.any(points):
            self.score[games, side] += points
        if self.record is None:
            return
        court = self.tonight.roster[games[:, None, None], BOTH, self.on[games]]
        self.record.add(
            games, period=self.period[games], clock=self.clock[games], kind=int(kind), action=action, side=side, one=one, two=two,
            three=three, zone=zone, number=number, of=of, points=points, score=self.score[games],
            court=court.reshape(len(games), -1),
        )  # fmt: skip
