"""Rolling averages of a player's box lines, in units of the league's level: what each count says once a game is over.

Whoever joins these rows to a game takes the latest of a strictly earlier date. A count that was not kept that night leaves the average as
it was; one that was never kept has none. What does not belong here: opponents, rest, teams (`context.py`).
"""

import polars as pl

from nba_pipeline.features.eras.fading import faded
from nba_pipeline.warehouse.era_lines import STATS

HALF_LIVES = (3, 8, 25)
"""Games over which an average fades by half."""

SPREAD_HALF_LIFE = 15
RATE_HALF_LIFE = 15

KINDS = ("last", *(f"ewm_{games}" for games in HALF_LIVES), "season", "before", "career", "spread", "rate")
"""Of each count: the last game, averages, this season, the one before it, the career, the spread, and per minute."""

AVERAGES = tuple(f"{stat}_{kind}" for stat in STATS for kind in KINDS if (stat, kind) != ("min", "rate"))


def era_averages(lines: pl.DataFrame) -> pl.DataFrame:
    """Every line with what is known once it is over.

    Args:
        lines: rows of `era_lines` in units (`levels.in_units`), by date and game.

    Returns:
        player_id, game_date, last_season, and `AVERAGES`; `season` is the mean of `last_season` so far, `before` of the season before it.
    """
    lines = lines.with_columns(_minutes=faded(pl.col("min"), RATE_HALF_LIFE, "player_id"))
    rows = lines.select("player_id", "game_date", *(column for stat in STATS for column in _of(stat)), last_season="season")
    return _with_season_before(rows).select("player_id", "game_date", "last_season", *AVERAGES)


def _of(stat: str) -> list[pl.Expr]:
    value, player = pl.col(stat), "player_id"
    known = value.fill_null(0.0)
    spread = faded(value**2, SPREAD_HALF_LIFE, player) - faded(value, SPREAD_HALF_LIFE, player) ** 2
    kinds = {
        "last": value.forward_fill().over(player),
        **{f"ewm_{games}": faded(value, games, player) for games in HALF_LIVES},
        "season": _mean(known.cum_sum().over(player, "season"), value.cum_count().over(player, "season")),
        "career": _mean(known.cum_sum().over(player), value.cum_count().over(player)),
        "spread": spread.clip(0.0, None).sqrt(),
        "rate": pl.when(pl.col("_minutes") > 0).then(faded(value, RATE_HALF_LIFE, player) / pl.col("_minutes")),
    }
    return [column.alias(f"{stat}_{kind}") for kind, column in kinds.items()]


def _mean(total: pl.Expr, count: pl.Expr) -> pl.Expr:
    return pl.when(count > 0).then(total / count)


def _with_season_before(rows: pl.DataFrame) -> pl.DataFrame:
    """The last word on a player's previous season, on all rows of the season after it."""
    ends = rows.group_by("player_id", "last_season", maintain_order=True).agg(pl.col(f"{stat}_season").last() for stat in STATS)
    earlier = ends.select(
        "player_id",
        "last_season",
        *(pl.col(f"{stat}_season").shift(1).over("player_id").alias(f"{stat}_before") for stat in STATS),
    )
    return rows.join(earlier, on=["player_id", "last_season"], how="left", maintain_order="left")
