"""`shots`: where field goals were tried from. Who else was on court is in `plays`; spacing is a feature."""

import polars as pl

from nba_pipeline.league.court import COURT_WIDTH_FEET, LOC_UNITS_PER_FOOT, RIM_TO_BASELINE_FEET
from nba_pipeline.league.seasons import Season


def build_shots(shot_detail: pl.DataFrame, season: Season) -> pl.DataFrame:
    """One row per attempt, by game and clock.

    Args:
        shot_detail: raw rows of `RawArchive.shots`.
        season: the season of the file.

    Returns:
        game_id, shot_index (0 … in clock order; attempts of the same second stay in file order), season, period, clock_seconds
        (left in the period), player_id, team_id, x_feet, y_feet (from the rim), three, made.
    """
    x_feet, y_feet = _from_the_rim(shot_detail)
    clock = pl.col("MINUTES_REMAINING") * 60 + pl.col("SECONDS_REMAINING")
    shots = shot_detail.select(
        game_id="GAME_ID",
        season=pl.lit(season),
        period=pl.col("PERIOD").cast(pl.Int32),
        clock_seconds=clock.cast(pl.Int32),
        player_id="PLAYER_ID",
        team_id="TEAM_ID",
        x_feet=x_feet,
        y_feet=y_feet,
        three=pl.col("SHOT_TYPE").str.starts_with("3PT"),
        made=pl.col("SHOT_MADE_FLAG") == 1,
    )
    ordered = shots.sort("game_id", "period", pl.col("clock_seconds").neg(), maintain_order=True)
    index = pl.int_range(pl.len(), dtype=pl.Int32).over("game_id").alias("shot_index")
    return ordered.select("game_id", index, pl.exclude("game_id"))


def _from_the_rim(shot_detail: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Position in feet from the rim, across (x) and away from the baseline (y).

    Most files give tenths of a foot from the rim. Some (2019-20 and 2020-21) give whole feet from the baseline with x mirrored;
    they are known by having no attempt wider than the floor.
    """
    x, y = pl.col("LOC_X").cast(pl.Float64), pl.col("LOC_Y").cast(pl.Float64)
    widest = shot_detail["LOC_X"].abs().max()
    if isinstance(widest, int | float) and widest <= COURT_WIDTH_FEET and shot_detail.height >= FEW_SHOTS:
        return -x, y - RIM_TO_BASELINE_FEET
    return x / LOC_UNITS_PER_FOOT, y / LOC_UNITS_PER_FOOT


FEW_SHOTS = 100
"""Fewer attempts than this can all be close to the rim, and say nothing about the unit of a file."""
