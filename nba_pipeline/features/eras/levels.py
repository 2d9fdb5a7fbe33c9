"""The league's level of each count of a box line, as it was known before a date: the unit in which eras can be compared.

Thirty points meant one thing in 1962 and another in 2004. Divided by the league's mean per player and game of the days before, they
mean the same, whatever the pace; a number that was not kept yet has no level. What does not belong here: players.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features.asof import join_before
from nba_pipeline.warehouse.era_lines import STATS

HALF_LIFE_DATES = 25
"""Dates with games over which the level fades by half."""

SIGNED = "plus_minus"
SIGNED_UNIT = 10.0
"""Plus-minus has mean 0: it is counted in tens of points instead."""

LEVELS = tuple(f"level_{stat}" for stat in STATS)


def levels(lines: pl.DataFrame, days: Sequence[str] | pl.Series) -> pl.DataFrame:
    """The level of every count before each date.

    Args:
        lines: rows of `era_lines`.
        days: dates to answer for.

    Returns:
        game_date and `LEVELS`, one row per distinct date, null where nothing was recorded before it.
    """
    counts = [stat for stat in STATS if stat != SIGNED]
    sums = [pl.col(stat).sum().cast(pl.Float64).alias(f"{stat}_sum") for stat in counts]
    known = [pl.col(stat).count().cast(pl.Float64).alias(f"{stat}_known") for stat in counts]
    daily = lines.group_by("game_date").agg(*sums, *known).sort("game_date")
    fade = pl.all().exclude("game_date").ewm_mean(half_life=HALF_LIFE_DATES, adjust=False)
    faded = daily.with_columns(fade)
    after = faded.select(
        "game_date",
        *(_ratio(f"{stat}_sum", f"{stat}_known").alias(f"level_{stat}") for stat in counts),
        pl.lit(SIGNED_UNIT).alias(f"level_{SIGNED}"),
    )
    asked = pl.DataFrame({"game_date": pl.Series(days, dtype=pl.Date)}).unique().sort("game_date").with_columns(_all=1)
    return join_before(asked, after.with_columns(_all=1), by=["_all"]).select("game_date", *LEVELS)


def in_units(lines: pl.DataFrame, level_of_day: pl.DataFrame, stats: Sequence[str] = STATS) -> pl.DataFrame:
    """Lines with each count over its level of the date, Float64; null where it, or its level, is not known."""
    joined = lines.join(level_of_day, on="game_date", how="left", maintain_order="left")
    return joined.with_columns(pl.col(stat).cast(pl.Float64) / pl.col(f"level_{stat}") for stat in stats).drop(LEVELS)


def _ratio(total: str, known: str) -> pl.Expr:
    return pl.when(pl.col(known) > 0).then(pl.col(total) / pl.col(known))
