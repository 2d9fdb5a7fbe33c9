"""The game clock: four quarters of twelve minutes, overtimes of five.

The functions use only comparison and arithmetic, so that numbers, NumPy arrays and polars expressions all go through them.
"""

from typing import TypeVar

Number = TypeVar("Number")
"""An int or float, an array of them, or an expression over columns of them."""

REGULATION_PERIODS = 4
QUARTER_SECONDS, OVERTIME_SECONDS = 720, 300
MAX_PERIODS = REGULATION_PERIODS + 6
"""The longest game had six overtimes (6 January 1951)."""

REGULATION_SECONDS = REGULATION_PERIODS * QUARTER_SECONDS
PLAYERS_ON_COURT = 5
REGULATION_TEAM_MINUTES = PLAYERS_ON_COURT * REGULATION_SECONDS // 60
OVERTIME_TEAM_MINUTES = PLAYERS_ON_COURT * OVERTIME_SECONDS // 60


def period_seconds(period: Number) -> Number:
    """Length of a period in seconds, counted from 1: 720 up to the fourth, then 300."""
    return QUARTER_SECONDS - (period > REGULATION_PERIODS) * (QUARTER_SECONDS - OVERTIME_SECONDS)  # type: ignore[operator]


def period_start_seconds(period: Number) -> Number:
    """Seconds played before a period starts: 0, 720, 1440, 2160, 2880, 3180 and so on."""
    overtimes_before = (period > REGULATION_PERIODS) * (period - REGULATION_PERIODS - 1)  # type: ignore[operator]
    return (period - 1) * QUARTER_SECONDS - overtimes_before * (QUARTER_SECONDS - OVERTIME_SECONDS)  # type: ignore[operator]


def elapsed_seconds(period: Number, clock_seconds: Number) -> Number:
    """Seconds since tip-off when `clock_seconds` are left in `period`."""
    return period_start_seconds(period) + period_seconds(period) - clock_seconds  # type: ignore[operator]
