"""One chance: who has the ball, and whether it ends in a turnover, a foul, or a shot; what follows a miss; free throws."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.league.events import EventType, Foul, FreeThrow, Rebound
from nba_pipeline.sources.simulator.averages import (
    LOOSE_BALL_FOUL,
    OFFENSIVE_FOUL_SHARE,
    STOLEN_SHARE,
    TEAM_REBOUND_SHARE,
    TEAM_TURNOVER_SHARE,
    THREE_SHOT_FOUL_SHARE,
    ZONE_AND_ONE,
    ZONE_ASSISTED,
    ZONE_BLOCKED,
    ZONE_POINTS,
)
from nba_pipeline.sources.simulator.floor import Floor, Games
from nba_pipeline.sources.simulator.people import Floats, Ints
from nba_pipeline.sources.simulator.record import NOBODY
from nba_pipeline.sources.simulator.stoppage import stop_play
from nba_pipeline.sources.simulator.worth import Style, made_shift, rebound_share

FROM_OWN_BASKET, FROM_LIVE_BALL, FROM_REBOUND, FROM_SIDE_OUT = range(4)
"""How a chance starts; `Floor.start`."""

SECONDS_TO_REBOUND: Final = 3
LOST_BALLS: Final = np.array([2, 45, 4, 40, 39])
LOST_BALL_SHARE: Final = np.array([0.36, 0.28, 0.16, 0.14, 0.06])
"""Action codes of turnovers without a thief: lost out of bounds, bad pass out of bounds, travelling, lost ball, stepped out."""

STEALS: Final = np.array([1, 2])
OFFENSIVE_FOUL_TURNOVER, SHOT_CLOCK_TURNOVER = 37, 11


def pick(weight: Floats, rng: np.random.Generator) -> Ints:
    """One place per row, by weight: (n, k) → (n,)."""
    total = np.cumsum(weight, axis=1)
    return (rng.random(len(weight))[:, None] * total[:, -1:] >= total).sum(axis=1)


class Chances:
    """Plays a chance in each of some games.

    Args:
        floor: the games.
        style: of everybody.
        rng: source of chance.
    """

    def __init__(self, floor: Floor, style: Style, rng: np.random.Generator) -> None:
        self.floor, self.style, self.rng, self.people = floor, style, rng, floor.tonight.people

    def play(self, games: Games, worth: Floats, common_foul: Floats) -> None:
        """Ends the chance that is on.

        Args:
            games: those in which time was left.
            worth: (games,) points that the possession is worth.
            common_foul: (games,) chance of a foul away from a shot.
        """
        floor, people = self.floor, self.people
        side = floor.offence[games]
        five, others = floor.court(games, side), floor.court(games, 1 - side)
        bonus = floor.in_bonus(games, 1 - side)
        rebound = rebound_share(people, five, others)
        shift = made_shift(people, self.style, five, worth, rebound, common_foul, bonus)
        hands = pick(people.usage[five], self.rng)
        who = five[np.arange(len(games)), hands]
        bounds = np.cumsum(np.stack([people.turnover[who], common_foul, people.shooting_foul[who]]), axis=0)
        ends = (self.rng.random(len(games)) >= bounds).sum(axis=0)
        lost, fouled, hacked, shot = (np.flatnonzero(ends == kind) for kind in range(4))
        self._turnover(games[lost], side[lost], who[lost], hands[lost])
        self._common_foul(games[fouled], side[fouled], who[fouled], bonus[fouled], rebound[fouled])
        self._shooting_foul(games[hacked], side[hacked], who[hacked], rebound[hacked])
        self._shot(games[shot], side[shot], who[shot], shift[shot], rebound[shot])

    def _turnover(self, games: Games, side: Ints, who: Ints, hands: Ints) -> None:
        floor, draw = self.floor, self.rng.random(len(games))
        limits = np.cumsum([STOLEN_SHARE, OFFENSIVE_FOUL_SHARE, TEAM_TURNOVER_SHARE])
        stolen, charged, late, loose = ((draw[:, None] >= limits).sum(axis=1) == kind for kind in range(4))
        thief = self._one_of(games, 1 - side, self.people.stealing)
        self._log(games, stolen, EventType.TURNOVER, STEALS[self.rng.integers(2, size=len(games))], side, who, thief)
        floor.add_foul(games[charged], side[charged], hands[charged], counts_for_team=False)
        victim = self._one_of(games, 1 - side, self.people.fouling)
        self._log(games, charged, EventType.FOUL, Foul.OFFENSIVE, side, who, victim)
        self._log(games, charged, EventType.TURNOVER, OFFENSIVE_FOUL_TURNOVER, side, who)
        self._log(games, late, EventType.TURNOVER, SHOT_CLOCK_TURNOVER, side)
        kinds = LOST_BALLS[pick(np.tile(LOST_BALL_SHARE, (len(games), 1)), self.rng)]
        self._log(games, loose, EventType.TURNOVER, kinds, side, who)
        self._hand_over(games, 1 - side, np.where(stolen, FROM_LIVE_BALL, FROM_SIDE_OUT))
        stop_play(floor, games[~stolen], self.rng)

    def _common_foul(self, games: Games, side: Ints, who: Ints, bonus: NDArray[np.bool_], rebound: Floats) -> None:
        self._foul(games, side, who, Foul.PERSONAL)
        self._hand_over(games, side, FROM_SIDE_OUT)
        two = np.flatnonzero(bonus)
        self._free_throws(games[two], side[two], who[two], np.full(len(two), 2), rebound[two])
        stop_play(self.floor, games[~bonus], self.rng)

    def _shooting_foul(self, games: Games, side: Ints, who: Ints, rebound: Floats) -> None:
        self._foul(games, side, who, Foul.SHOOTING)
        attempts = np.where(self.rng.random(len(games)) < THREE_SHOT_FOUL_SHARE, 3, 2)
        self._free_throws(games, side, who, attempts, rebound)

    def _foul(self, games: Games, side: Ints, victim: Ints, kind: Foul) -> None:
        """A foul of the defence on `victim`."""
        five = self.floor.court(games, 1 - side)
        place = pick(self.people.fouling[five], self.rng)
        self.floor.add_foul(games, 1 - side, place, counts_for_team=True)
        self.floor.log(games, EventType.FOUL, int(kind), 1 - side, five[np.arange(len(games)), place], victim)

    def _shot(self, games: Games, side: Ints, who: Ints, shift: Floats, rebound: Floats) -> None:
        zone = pick(self.people.zone_share[who], self.rng)
        made = self.rng.random(len(games)) < self.people.zone_made[who, zone] + shift
        passer = self._assisting(games, side, who, zone)
        self.floor.log(
            games[made], EventType.MADE_SHOT, 1, side[made], who[made], passer[made], zone=zone[made], points=ZONE_POINTS[zone[made]]
        )
        and_one = made & (self.rng.random(len(games)) < ZONE_AND_ONE[zone])
        self._foul(games[and_one], side[and_one], who[and_one], Foul.SHOOTING)
        plain = made & ~and_one
        self._hand_over(games[plain], 1 - side[plain], FROM_OWN_BASKET)
        self._free_throws(games[and_one], side[and_one], who[and_one], np.ones(int(and_one.sum()), dtype=np.int64), rebound[and_one])
        blocked = self.rng.random(len(games)) < ZONE_BLOCKED[zone]
        blocker = np.where(blocked, self._one_of(games, 1 - side, self.people.blocking), NOBODY)
        missed = ~made
        self.floor.log(games[missed], EventType.MISSED_SHOT, 1, side[missed], who[missed], three=blocker[missed], zone=zone[missed])
        self._rebound(games[missed], side[missed], rebound[missed])

    def _assisting(self, games: Games, side: Ints, who: Ints, zone: Ints) -> Ints:
        """The passer, or nobody."""
        five = self.floor.court(games, side)
        passer = five[np.arange(len(games)), pick(np.where(five == who[:, None], 0.0, self.people.passing[five]), self.rng)]
        return np.where(self.rng.random(len(games)) < ZONE_ASSISTED[zone], passer, NOBODY)

    def _free_throws(self, games: Games, side: Ints, who: Ints, attempts: Ints, rebound: Floats) -> None:
        """A trip to the line; before its last throw coaches may change players."""
        first = {1: FreeThrow.ONE_OF_ONE, 2: FreeThrow.ONE_OF_TWO, 3: FreeThrow.ONE_OF_THREE}
        action = np.array([0, *first.values()])[attempts]
        made = np.zeros(len(games), dtype=bool)
        for number in range(1, attempts.max(initial=0) + 1):
            last = attempts == number
            stop_play(self.floor, games[last], self.rng, shooter=who[last])
            shoots = np.flatnonzero(attempts >= number)
            made[shoots] = self.rng.random(len(shoots)) < self.people.free_throw[who[shoots]]
            self.floor.log(
                games[shoots], EventType.FREE_THROW, action[shoots] + number - 1, side[shoots], who[shoots],
                number=number, of=attempts[shoots], points=made[shoots].astype(np.int64),
            )  # fmt: skip
            dead = shoots[~made[shoots] & ~last[shoots]]
            self.floor.log(games[dead], EventType.REBOUND, Rebound.TEAM_DEAD_BALL, side[dead])
        self._hand_over(games[made], 1 - side[made], FROM_OWN_BASKET)
        self._rebound(games[~made], side[~made], rebound[~made])

    def _rebound(self, games: Games, side: Ints, share: Floats) -> None:
        """Who gets a miss of `side`, a moment later."""
        floor = self.floor
        floor.run_clock(games, np.minimum(self.rng.integers(0, SECONDS_TO_REBOUND + 1, len(games)), floor.clock[games]))
        own = self.rng.random(len(games)) < share
        taker = np.where(own, side, 1 - side)
        team = self.rng.random(len(games)) < TEAM_REBOUND_SHARE
        who = np.where(team, NOBODY, self._one_of(games, taker, self.people.rebounding))
        floor.log(games, EventType.REBOUND, Rebound.LIVE, taker, who)
        self._hand_over(games, taker, np.where(own, FROM_REBOUND, FROM_LIVE_BALL))
        floor.start[games[team]] = FROM_SIDE_OUT
        stop_play(floor, games[team], self.rng)
        pushed = ~team & (self.rng.random(len(games)) < LOOSE_BALL_FOUL) & ~floor.in_bonus(games, 1 - taker)
        self._foul(games[pushed], taker[pushed], who[pushed], Foul.LOOSE_BALL)
        floor.start[games[pushed]] = FROM_SIDE_OUT
        stop_play(floor, games[pushed], self.rng)

    def _hand_over(self, games: Games, side: Ints, start: int | Ints) -> None:
        self.floor.offence[games], self.floor.start[games] = side, start

    def _one_of(self, games: Games, side: Ints, weight: Floats) -> Ints:
        """Somebody of a side's five, by weight."""
        five = self.floor.court(games, side)
        return five[np.arange(len(games)), pick(weight[five], self.rng)]

    def _log(
        self, games: Games, where: NDArray[np.bool_], kind: EventType, action: int | Ints, side: Ints, one: Ints | None = None,
        two: Ints | None = None,
    ) -> None:  # fmt: skip
        """Logs for some of the games."""
        code = np.broadcast_to(action, games.shape)[where]
        people = [NOBODY if someone is None else someone[where] for someone in (one, two)]
        self.floor.log(games[where], kind, code, side[where], *people)
