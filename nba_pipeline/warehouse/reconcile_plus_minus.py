"""The official plus-minus beside the margin on court from stints, and which convention of `credit` each game was counted by.

The second needs the game's official plus-minus, which exists when it is over: it is for people and checks, and no table is made with it.
"""

import polars as pl

from nba_pipeline.warehouse.credit import Convention
from nba_pipeline.warehouse.reconcile_counts import on_court
from nba_pipeline.warehouse.stints import build_stints


def sound_lines(games: pl.DataFrame, box: pl.DataFrame) -> pl.DataFrame:
    """Box lines of games whose official plus-minus adds up to five times the margin on both sides."""
    margins = games.select("game_id", "home_team_id", "margin")
    margin = pl.when(pl.col("team_id") == pl.col("home_team_id")).then("margin").otherwise(-pl.col("margin"))
    adds_up = (pl.col("plus_minus").sum() == 5 * margin.first()).over("game_id", "team_id").all().over("game_id")
    return box.join(margins, on="game_id", how="left").filter(adds_up)


def beside_official(stints: pl.DataFrame, sound: pl.DataFrame) -> pl.DataFrame:
    """game_id, player_id, plus_minus, margin_on_court of every player-game of `sound_lines`."""
    both = on_court(stints.join(sound, on="game_id", how="semi"), sound)
    return both.select("game_id", "player_id", "plus_minus", "margin_on_court")


def conventions_of_games(games: pl.DataFrame, plays: pl.DataFrame, sound: pl.DataFrame) -> pl.DataFrame:
    """The convention that agrees with most of each game's official plus-minus.

    Returns:
        game_id, convention (the first of `Convention` among equals), differ (player-games that it leaves different).
    """
    counts = [
        beside_official(build_stints(plays, games, convention), sound)
        .group_by("game_id")
        .agg(differ=(pl.col("plus_minus") != pl.col("margin_on_court")).sum())
        .with_columns(convention=pl.lit(str(convention)))
        for convention in Convention
    ]
    best = pl.concat(counts).sort("game_id", "differ", maintain_order=True).unique("game_id", keep="first", maintain_order=True)
    return best.select("game_id", "convention", "differ")
