"""The words that table schemas are written in: bounded columns, ids, rules over a row. The tables are in `schemas`."""

from typing import TypeAlias

import pandera.polars as pa
import polars as pl
from polars.expr.array import ExprArrayNameSpace

from nba_pipeline.league.clock import PLAYERS_ON_COURT
from nba_pipeline.league.ids import FIRST_TEAM_ID, GAME_ID_PATTERN, LAST_TEAM_ID

DataType: TypeAlias = pl.DataType | type[pl.DataType] | None

NAMED_ROWS = 5
"""Most offending rows that pandera collects per check, and that a message names."""

LINEUP = pl.Array(pl.Int64, PLAYERS_ON_COURT)


def column(dtype: DataType = None, low: float | None = None, high: float | None = None, *, nullable: bool = False) -> pa.Column:
    """A column of numbers between bounds, both included; without a dtype any kind of number will do."""
    checks = []
    if low is not None:
        checks.append(pa.Check.ge(low, n_failure_cases=NAMED_ROWS))
    if high is not None:
        checks.append(pa.Check.le(high, n_failure_cases=NAMED_ROWS))
    return pa.Column(dtype, checks, nullable=nullable)


def rule(name: str, holds: pl.Expr) -> pa.Check:
    """A sentence about several columns of a row; rows where something is unknown pass."""
    return pa.Check(lambda data: data.lazyframe.select(holds.fill_null(True)), name=name, error=name, n_failure_cases=NAMED_ROWS)


def game_id() -> pa.Column:
    """Ten digits."""
    return pa.Column(pl.String, pa.Check.str_matches(GAME_ID_PATTERN, n_failure_cases=NAMED_ROWS))


def season() -> pa.Column:
    """A label such as `2021-22`."""
    return pa.Column(pl.String, pa.Check.str_matches(r"^\d{4}-\d{2}$", n_failure_cases=NAMED_ROWS))


def team(*, nullable: bool = False) -> pa.Column:
    """Id of a franchise."""
    return column(pl.Int64, FIRST_TEAM_ID, LAST_TEAM_ID, nullable=nullable)


def person(*, nullable: bool = False) -> pa.Column:
    """Id of a player."""
    return column(pl.Int64, 1, nullable=nullable)


def lineups_hold() -> list[pa.Check]:
    """Rules of the two fives: sorted, different, and nobody on both sides."""
    home, away = pl.col("home_lineup").arr, pl.col("away_lineup").arr
    both = pl.concat_list(home.to_list(), away.to_list())
    return [
        *(rule(f"{side}_lineup is five ids in ascending order", _ascending(five)) for side, five in (("home", home), ("away", away))),
        rule("nobody is in both lineups", both.list.n_unique() == 2 * PLAYERS_ON_COURT),
    ]


def _ascending(five: ExprArrayNameSpace) -> pl.Expr:
    return pl.all_horizontal(five.get(seat) < five.get(seat + 1) for seat in range(PLAYERS_ON_COURT - 1))
