"""`shots`: where field goals were tried from. Who else was on court is in `plays`; spacing is a feature."""

import polars as pl

from nba_pipeline.league.court import LOC_UNITS_PER_FOOT
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
    clock = pl.col("MINUTES_REMAINING") * 60 + pl.col("SECONDS_REMAINING")
    shots = shot_detail.select(
        game_id="GAME_ID",
        season=pl.lit(season),
        period=pl.col("PERIOD").cast(pl.Int32),
        clock_seconds=clock.cast(pl.Int32),
        player_id="PLAYER_ID",
        team_id="TEAM_ID",
        x_feet=pl.col("LOC_X") / LOC_UNITS_PER_FOOT,
        y_feet=pl.col("LOC_Y") / LOC_UNITS_PER_FOOT,
        three=pl.col("SHOT_TYPE").str.starts_with("3PT"),
        made=pl.col("SHOT_MADE_FLAG") == 1,
    )
    ordered = shots.sort("game_id", "period", pl.col("clock_seconds").neg(), maintain_order=True)
    index = pl.int_range(pl.len(), dtype=pl.Int32).over("game_id").alias("shot_index")
    return ordered.select("game_id", index, pl.exclude("game_id"))
