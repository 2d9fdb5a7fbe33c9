"""Whose stint a play counts for, when substitutions fall into the same second: the conventions of the official plus-minus, by date.

A foul, its free throws and the substitutions between them share a second of the clock. The official count has changed how it deals
with that; each convention is a function that names the row whose ten are credited, and `CONVENTIONS` says when it held. All of them
look back only. Everything else, cutting and counting stints, is in `stints`.
"""

from datetime import date
from enum import StrEnum

import polars as pl

from nba_pipeline.league.events import FOUL_TECHNICAL, FREE_THROW_TECHNICAL, EventType, Foul

_KIND, _ACTION, _SECOND = pl.col("event_type"), pl.col("event_action_type"), pl.col("moment_row")
_FREE_THROW = _KIND == EventType.FREE_THROW
_FIELD_GOAL = _KIND.is_in([EventType.MADE_SHOT, EventType.MISSED_SHOT])
_TECHNICAL = _FREE_THROW & _ACTION.is_in(list(FREE_THROW_TECHNICAL))
_FOUL = (_KIND == EventType.FOUL) & ~_ACTION.is_in(list(FOUL_TECHNICAL))

BEFORE_THE_BALL_IS_IN = (Foul.LOOSE_BALL, Foul.INBOUND, Foul.AWAY_FROM_PLAY)


class Convention(StrEnum):
    """Whom a play is credited to."""

    SECOND = "second"
    """To the ten at the beginning of its second; free throws to those at the foul, if that is a take foul or follows a timeout of the
    same second and is none before the ball is in (loose ball, inbound, away from the play)."""
    FOUL = "foul"
    """Free throws to the ten at the foul, field goals to those on court, anything else to those at the beginning of the second."""
    CHAIN = "chain"
    """As `FOUL`; but a free throw to those on court if between it and the foul there is more than free throws, substitutions, timeouts,
    rebounds and replays: a technical foul, a violation, an ejection. So technical free throws are always credited to those on court."""


CONVENTIONS: tuple[tuple[date, Convention], ...] = (
    (date(2012, 10, 30), Convention.FOUL),
    (date(2013, 3, 1), Convention.SECOND),
    (date(2014, 10, 28), Convention.CHAIN),
    (date(2015, 10, 27), Convention.SECOND),
    (date(2017, 10, 17), Convention.FOUL),
    (date(2018, 10, 16), Convention.SECOND),
)
"""From which date on a convention held, ascending; the first holds for earlier ones too. docs/methods.md has the share of the official
plus-minus that each explains in each season. In 2017-18 games of `CHAIN` and of `SECOND` alternate, a few in 2012-13: `FOUL`
is nearest to both, and which convention a game was counted by is told by its box only, after it is over (`reconcile`)."""


def credited_row(context: pl.DataFrame, convention: Convention | None = None) -> pl.Series:
    """The row whose ten each play is credited to.

    Args:
        context: plays of `possessions.with_context`, with `game_date`.
        convention: for all games alike; by their dates when None.

    Returns:
        Positions in `context`, never after the play itself.
    """
    looked = context.with_columns(
        row=pl.col("row").cast(pl.Int64),
        begun=pl.max_horizontal(_SECOND.cast(pl.Int64) - 1, pl.col("period_row").cast(pl.Int64)),
        foul=_latest_of_second(_FOUL, before=False),
        broken=_latest_of_second(~_passed_over(), before=True),
        timeout=_latest_of_second(_KIND == EventType.TIMEOUT, before=True),
    )
    looked = looked.with_columns(timeout_before_foul=pl.col("timeout").gather("foul"), foul_kind=_ACTION.gather("foul"))
    by = {Convention.SECOND: _second(), Convention.FOUL: _foul(), Convention.CHAIN: _chain()}
    if convention is not None:
        return looked.select(by[convention].alias("credited")).to_series()
    chosen = looked.select(pl.coalesce(pl.when(held).then(by[one]) for one, held in _by_date()).alias("credited"))
    return chosen.to_series()


def _by_date() -> list[tuple[Convention, pl.Expr]]:
    """Each convention of the table with the condition that it held; latest first, the earliest without one."""
    later = [(one, pl.col("game_date") >= since) for since, one in reversed(CONVENTIONS[1:])]
    return [*later, (CONVENTIONS[0][1], pl.lit(True))]


def _second() -> pl.Expr:
    held_up = pl.col("timeout_before_foul").is_not_null() & ~pl.col("foul_kind").is_in(list(BEFORE_THE_BALL_IS_IN))
    return pl.when(_FREE_THROW & (held_up | (pl.col("foul_kind") == Foul.PERSONAL_TAKE))).then("foul").otherwise("begun")


def _foul() -> pl.Expr:
    return pl.when(_FIELD_GOAL).then("row").when(_FREE_THROW).then(pl.coalesce("foul", "begun")).otherwise("begun")


def _chain() -> pl.Expr:
    broken = pl.when(pl.col("broken") == pl.col("foul")).then("foul").when(pl.col("broken").is_not_null()).then("row")
    return pl.when(_FIELD_GOAL).then("row").when(_FREE_THROW).then(pl.coalesce(broken, "begun")).otherwise("begun")


def _passed_over() -> pl.Expr:
    """What may lie between a foul and its free throws."""
    pauses = _KIND.is_in([EventType.SUBSTITUTION, EventType.TIMEOUT, EventType.REBOUND, EventType.REPLAY])
    return pauses | (_FREE_THROW & ~_TECHNICAL)


def _latest_of_second(where: pl.Expr, *, before: bool) -> pl.Expr:
    """Row of the latest play of this second up to here (or before here) that fulfils a condition; null without one."""
    row = pl.when(where).then("row").forward_fill()
    row = row.shift() if before else row
    return pl.when(row >= _SECOND).then(row.cast(pl.Int64))
