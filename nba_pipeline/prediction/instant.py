"""An instant as people write it, `Q3-04:30` or `OT1-02:00`, and what is known at it.

What does not belong here: forecasts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from nba_pipeline.league.clock import MAX_PERIODS, QUARTER_SECONDS, REGULATION_PERIODS, elapsed_seconds, period_seconds

_WRITTEN = re.compile(r"(?P<kind>Q|OT)(?P<number>\d*)[-\s](?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d)", re.IGNORECASE)


class InstantError(ValueError):
    """A text that names no instant of a game; the message says how one is written."""

    def __init__(self, text: str, why: str) -> None:
        """Adds how an instant is written."""
        remedy = "write the period and the time left in it, as in Q3-04:30 or OT1-02:00"
        super().__init__(f"{text!r} is no instant of a game ({why}): {remedy}")


@dataclass(frozen=True)
class Instant:
    """A reading of the game clock.

    Attributes:
        period: from 1; 5 is the first overtime.
        clock_seconds: left in the period.

    Example:
        >>> Instant.parse("Q3-04:30"), str(Instant(5, 120))
        (Instant(period=3, clock_seconds=270), 'OT1-02:00')
        >>> Instant.parse("q4-0:00").elapsed_seconds
        2880
    """

    period: int
    clock_seconds: int

    @classmethod
    def parse(cls, text: str) -> Instant:
        """Reads `Q3-04:30`, `q3 4:30`, `OT-01:00` or `OT2-01:00`.

        Raises:
            InstantError: the text is none, or the clock never shows it.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if not found:
            raise InstantError(text, "cannot be read")
        number = int(found["number"] or (1 if found["kind"].upper() == "OT" else 0))
        is_quarter = found["kind"].upper() == "Q"
        period = number if is_quarter else REGULATION_PERIODS + number
        if number < 1 or period > (REGULATION_PERIODS if is_quarter else MAX_PERIODS):
            raise InstantError(text, "there is no such period")
        clock = 60 * int(found["minutes"]) + int(found["seconds"])
        if clock > period_seconds(period):
            raise InstantError(text, f"that period has {period_seconds(period) // 60} minutes")
        return cls(period, clock)

    def __str__(self) -> str:
        name = f"Q{self.period}" if self.period <= REGULATION_PERIODS else f"OT{self.period - REGULATION_PERIODS}"
        return f"{name}-{self.clock_seconds // 60:02d}:{self.clock_seconds % 60:02d}"

    @property
    def elapsed_seconds(self) -> int:
        """Seconds since tip-off."""
        return elapsed_seconds(self.period, self.clock_seconds)

    def is_known(self) -> pl.Expr:
        """Of rows with `period` and `clock_seconds`: those at or before the instant."""
        earlier = pl.col("period") < self.period
        return earlier | ((pl.col("period") == self.period) & (pl.col("clock_seconds") >= self.clock_seconds))


TIP_OFF = Instant(1, QUARTER_SECONDS)
