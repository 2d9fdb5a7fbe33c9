"""A player's last games before a row: strictly earlier, latest last."""

from datetime import timedelta

import numpy as np
import polars as pl

from nba_pipeline.windows.memory import SEEN, TOKEN, remembered
from nba_pipeline_tests.windows.conftest import SEASONS, Lines


def test_the_latest_game_stands_last_and_tonight_is_not_there(era_lines: Lines):
    lines = era_lines[SEASONS[1]]
    player = lines["player_id"].mode()[0]
    own = lines.filter(pl.col("player_id") == player).sort("game_date")
    row = own[6:7].select("player_id", "game_date")
    memory = remembered(row, lines, 4)
    assert memory.shape == (1, 4, TOKEN)
    minutes, there = memory[0, :, SEEN.index("min")], own["min"][2:6].to_numpy()
    assert np.allclose(minutes / minutes[-1], there / there[-1], rtol=0.2), "the four games before, in order, over the level of their days"
    without = remembered(row, lines.filter(pl.col("game_date") < row["game_date"][0]), 4)
    assert np.array_equal(memory, without, equal_nan=True)


def test_a_debut_remembers_nothing(era_lines: Lines):
    lines = era_lines[SEASONS[0]]
    first = lines.sort("game_date").head(1).select("player_id", "game_date")
    stranger = first.with_columns(player_id=pl.lit(1, pl.Int64))
    assert np.isnan(remembered(pl.concat([first, stranger]), lines, 3)).all()


def test_fewer_games_than_asked_leave_the_first_places_empty(era_lines: Lines):
    lines = era_lines[SEASONS[0]]
    own = lines.filter(pl.col("player_id") == lines["player_id"].mode()[0]).sort("game_date")
    memory = remembered(own[2:3].select("player_id", "game_date"), lines, 5)[0]
    assert np.isnan(memory[:3]).all() and np.isfinite(memory[3:, -1]).all()


def test_before_1970_is_remembered_like_after(era_lines: Lines):
    """Days before 1970 are negative numbers."""
    lines = era_lines[SEASONS[0]]
    long_ago = lines.with_columns(game_date=pl.col("game_date") - timedelta(days=24_000))
    assert long_ago["game_date"].dt.year().max() < 1955  # pyright: ignore[reportOperatorIssue]
    rows, rows_long_ago = (frame.select("player_id", "game_date") for frame in (lines, long_ago))
    memory = remembered(rows, lines, 3)
    assert np.isfinite(memory).any() and np.array_equal(memory, remembered(rows_long_ago, long_ago, 3), equal_nan=True)
