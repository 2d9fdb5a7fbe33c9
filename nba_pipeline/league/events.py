"""Words of the play-by-play, version 2: event codes and the action types that rules depend on.

The action codes are those that occur in 2012-13 .. 2023-24. Shots have no code for three-pointers, and free throws none
for made or missed: the description tells. What follows from an event (possession, lineup, score) is worked out in `warehouse`.
"""

from enum import IntEnum

THREE_POINT_MARK = "3PT"
"""In the description of every three-point attempt, made or missed."""

MISS_MARK = "MISS"
"""Starts the description of a missed shot or free throw, but for 47 free throws (2012-13 .. 2016-17) that name nobody."""

MADE_FREE_THROW_MARK = "PTS)"
"""In the description of every made free throw, which ends in the shooter's points, and of no missed one."""


class EventType(IntEnum):
    """EVENTMSGTYPE of a play."""

    MADE_SHOT = 1
    MISSED_SHOT = 2
    FREE_THROW = 3
    REBOUND = 4
    TURNOVER = 5
    FOUL = 6
    VIOLATION = 7
    SUBSTITUTION = 8
    TIMEOUT = 9
    JUMP_BALL = 10
    EJECTION = 11
    PERIOD_START = 12
    PERIOD_END = 13
    REPLAY = 18


class FreeThrow(IntEnum):
    """EVENTMSGACTIONTYPE of a free throw."""

    ONE_OF_ONE = 10
    ONE_OF_TWO = 11
    TWO_OF_TWO = 12
    ONE_OF_THREE = 13
    TWO_OF_THREE = 14
    THREE_OF_THREE = 15
    TECHNICAL = 16
    FLAGRANT_ONE_OF_TWO = 18
    FLAGRANT_TWO_OF_TWO = 19
    FLAGRANT_ONE_OF_ONE = 20
    TECHNICAL_ONE_OF_TWO = 21
    TECHNICAL_TWO_OF_TWO = 22
    CLEAR_PATH_ONE_OF_TWO = 25
    CLEAR_PATH_TWO_OF_TWO = 26
    FLAGRANT_ONE_OF_THREE = 27
    FLAGRANT_TWO_OF_THREE = 28
    FLAGRANT_THREE_OF_THREE = 29


FREE_THROW_LIVE_LAST = frozenset({FreeThrow.ONE_OF_ONE, FreeThrow.TWO_OF_TWO, FreeThrow.THREE_OF_THREE})
"""Last of an ordinary trip: made, the other side gets the ball; missed, it is a live rebound."""

FREE_THROW_TECHNICAL = frozenset({FreeThrow.TECHNICAL, FreeThrow.TECHNICAL_ONE_OF_TWO, FreeThrow.TECHNICAL_TWO_OF_TWO})
FREE_THROW_FLAGRANT = frozenset(kind for kind in FreeThrow if kind.name.startswith("FLAGRANT"))
FREE_THROW_CLEAR_PATH = frozenset(kind for kind in FreeThrow if kind.name.startswith("CLEAR_PATH"))


class Foul(IntEnum):
    """EVENTMSGACTIONTYPE of a foul."""

    PERSONAL = 1
    SHOOTING = 2
    LOOSE_BALL = 3
    OFFENSIVE = 4
    INBOUND = 5
    AWAY_FROM_PLAY = 6
    PUNCH = 8
    CLEAR_PATH = 9
    DOUBLE_PERSONAL = 10
    TECHNICAL = 11
    NON_UNSPORTSMANLIKE = 12
    HANGING = 13
    FLAGRANT_1 = 14
    FLAGRANT_2 = 15
    DOUBLE_TECHNICAL = 16
    DEFENSIVE_THREE_SECONDS = 17
    DELAY_TECHNICAL = 18
    TAUNTING = 19
    EXCESS_TIMEOUT = 25
    CHARGE = 26
    PERSONAL_BLOCK = 27
    PERSONAL_TAKE = 28
    SHOOTING_BLOCK = 29
    TOO_MANY_PLAYERS = 30
    TRANSITION_TAKE = 31
    FLOPPING = 32
    BENCH_TECHNICAL = 33


FOUL_TECHNICAL = frozenset(
    {
        Foul.TECHNICAL,
        Foul.NON_UNSPORTSMANLIKE,
        Foul.HANGING,
        Foul.DOUBLE_TECHNICAL,
        Foul.DEFENSIVE_THREE_SECONDS,
        Foul.DELAY_TECHNICAL,
        Foul.TAUNTING,
        Foul.EXCESS_TIMEOUT,
        Foul.TOO_MANY_PLAYERS,
        Foul.FLOPPING,
        Foul.BENCH_TECHNICAL,
    }
)
"""May name somebody on the bench, a coach or nobody: no proof of who is on court."""


class Rebound(IntEnum):
    """EVENTMSGACTIONTYPE of a rebound; six rows in eleven seasons have a 2 or 3."""

    LIVE = 0
    TEAM_DEAD_BALL = 1


class Violation(IntEnum):
    """EVENTMSGACTIONTYPE of a violation."""

    DELAY = 1
    DEFENSIVE_GOALTENDING = 2
    LANE = 3
    JUMP_BALL = 4
    KICKED_BALL = 5
    DOUBLE_LANE = 6
