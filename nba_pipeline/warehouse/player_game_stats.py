"""`player_game_stats`: the box line of every player who played, as the game log has it, lower case and typed.

What was not recorded stays null (rebounds before 1950-51, threes before 1979-80, …), and so do four defensive rebounds of the
seventies that the log gives as -1 and -2. Rates and averages are features.
"""

import polars as pl

from nba_pipeline.warehouse.games import season_of

COUNTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts")


def build_player_game_stats(player_log: pl.DataFrame) -> pl.DataFrame:
    """One row per player, team and game, by date, game and team.

    Args:
        player_log: raw rows of `RawArchive.player_log`.

    Returns:
        game_id, season, game_date, player_id, player_name, team_id, team_abbreviation, matchup, wl, min (whole minutes, Int32), the
        counts of `COUNTS` (Int32) and plus_minus (Float64). Percentages are left out: they are the counts' quotients.
    """
    rows = player_log.rename(str.lower).unique(maintain_order=True)
    return rows.select(
        "game_id",
        season_of("season_id"),
        pl.col("game_date").str.slice(0, 10).str.to_date(),
        "player_id",
        "player_name",
        "team_id",
        "team_abbreviation",
        "matchup",
        "wl",
        *(_count(column) for column in ("min", *COUNTS)),
        pl.col("plus_minus").cast(pl.Float64),
    ).sort("game_date", "game_id", "team_id", "player_id")


def _count(column: str) -> pl.Expr:
    number = pl.col(column).cast(pl.Float64).cast(pl.Int32)
    return pl.when(number >= 0).then(number).alias(column)
