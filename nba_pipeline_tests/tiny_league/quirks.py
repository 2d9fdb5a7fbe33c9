"""What real files get wrong, planted in simulated ones: one function each, from the rows as they were played to those that are written."""

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.layout import BETTING_LINES, PLAYS, SHOTS, TEAM_LOG, Dataset

FIRST, SECOND, THIRD = SEASONS = ("2019-20", "2020-21", "2021-22")
WITHOUT_PLAYS: Final = "9022100010"
LINE_WITHOUT_SPREAD: Final = 19
ROWS_BETWEEN_REPEATS: Final = 7000


def repeated_rows(plays: pl.DataFrame) -> pl.DataFrame:
    """A few rows come twice, one after the other."""
    row = np.arange(plays.height)
    return plays[np.sort(np.r_[row, row[ROWS_BETWEEN_REPEATS - 1 :: ROWS_BETWEEN_REPEATS]])]


def person_types_with_a_point(plays: pl.DataFrame) -> pl.DataFrame:
    """The type of the first person is written as `4.0`."""
    return plays.with_columns(pl.col("PERSON1TYPE").cast(pl.Float64))


def a_game_is_lost(plays: pl.DataFrame) -> pl.DataFrame:
    """One game of the logs has no plays."""
    return plays.filter(pl.col("GAME_ID") != WITHOUT_PLAYS)


def rounded_minutes(log: pl.DataFrame) -> pl.DataFrame:
    """Minutes of a team are 239 to 241, since those of its players are rounded; margins are written as `-3.0`."""
    return log.with_columns(pl.col("MIN") + pl.int_range(pl.len()) % 3 - 1, pl.col("PLUS_MINUS").cast(pl.Float64))


def a_spread_is_missing(lines: pl.DataFrame) -> pl.DataFrame:
    """One game has a line without its spread."""
    return lines.with_columns(pl.when(pl.int_range(pl.len()) != LINE_WITHOUT_SPREAD).then("spread"))


def a_final_is_added(lines: pl.DataFrame) -> pl.DataFrame:
    """The last line is of a playoff game, months after the games of the logs."""
    home, away, *_ = TEAMS
    clubs = {"home": pl.lit(home.sportsbook), "away": pl.lit(away.sportsbook)}
    day = pl.date(pl.col("date").dt.year() + 1, 6, 10)
    return pl.concat([lines, lines.tail(1).with_columns(date=day, regular=pl.lit("FALSE"), playoffs=pl.lit("TRUE"), **clubs)])


PLANTED: Final[tuple[tuple[Dataset, tuple[Season, ...], Callable[[pl.DataFrame], pl.DataFrame]], ...]] = (
    (PLAYS, SEASONS, repeated_rows),
    (PLAYS, (FIRST,), person_types_with_a_point),
    (PLAYS, (THIRD,), a_game_is_lost),
    (TEAM_LOG, SEASONS, rounded_minutes),
    (BETTING_LINES, (SECOND,), a_spread_is_missing),
    (BETTING_LINES, SEASONS, a_final_is_added),
)
"""Which files of which seasons; several in one file are planted in this order."""

NOT_WRITTEN: Final[dict[Season, set[Dataset]]] = {THIRD: {SHOTS}}


def a_size_is_unknown(index: pl.DataFrame, player_id: int) -> pl.DataFrame:
    """Somebody's height and weight were never entered."""
    known = pl.when(pl.col("PERSON_ID") != player_id)
    return index.with_columns(known.then(name).alias(name) for name in ("HEIGHT", "WEIGHT"))
