"""Streaks, rest and groups are those of the morning, whatever happens that day or later."""

from datetime import date

import polars as pl
import pytest

from nba_pipeline.tuning.form_features import form_features
from nba_pipeline.tuning.game_table import GameTableError, dated_rows
from nba_pipeline.tuning.number_columns import number_columns


def test_streaks_and_rest_are_counted():
    days = [date(2024, 1, day) for day in (1, 2, 5, 6)]
    table = {"game_date": days, "home": ["a", "b", "a", "a"], "away": ["b", "a", "b", "b"]}
    rows = form_features(dated_rows(pl.DataFrame(table | {"home_score": [9, 1, 9, 9], "away_score": [1, 9, 1, 1]})))
    assert rows["home_streak"].to_list() == [0, -1, 2, 3]
    assert rows["away_streak"].to_list() == [0, 1, -2, -3]
    assert rows["home_rest_days"].to_list() == [7, 0, 2, 0]
    assert rows["rating_difference"][0] == 100.0 and rows["rating_difference"][3] > rows["rating_difference"][0]


def test_groups_come_from_the_table_or_from_our_league():
    games = {
        "game_date": [date(2024, 1, 1)],
        "home_team_id": [1610612738],
        "away_team_id": [1610612751],
        "home_score": [1],
        "away_score": [0],
    }
    ours = form_features(dated_rows(pl.DataFrame(games)))
    assert (ours["same_division"][0], ours["same_conference"][0]) == (1.0, 1.0)
    named = pl.DataFrame(games).with_columns(home_division=pl.lit("n"), away_division=pl.lit("s"))
    theirs = form_features(dated_rows(named))
    assert (theirs["same_division"][0], theirs["same_conference"][0]) == (0.0, 1.0)


@pytest.mark.parametrize("later", ["changed", "deleted", "to come"])
def test_a_row_knows_nothing_of_its_day_or_later(league: pl.DataFrame, later: str):
    table = dated_rows(league)
    day = table["game_date"][300]
    from_day = pl.col("game_date") >= day
    worlds = {
        "changed": table.with_columns(pl.when(from_day).then(99).otherwise("home_points").alias("home_points")),
        "deleted": table.filter(pl.col("game_date") <= day),
        "to come": table.with_columns(
            pl.when(from_day).then(None).otherwise(pl.col(name)).alias(name) for name in ("home_points", "away_points")
        ),
    }
    until = pl.col("game_date") <= day
    assert form_features(worlds[later]).filter(until).equals(form_features(table).filter(until))


def test_results_are_no_inputs_and_a_column_that_knows_them_is_refused(league: pl.DataFrame):
    table = dated_rows(league).with_columns(strength=pl.int_range(pl.len()) * 1.0, margin=pl.col("home_points") - pl.col("away_points"))
    assert number_columns(table).columns == ["game_date", "strength"]
    with pytest.raises(GameTableError, match="'shots' tells winners from losers by itself"):
        number_columns(table.with_columns(shots=pl.col("margin") + 0.1))
    with pytest.raises(GameTableError, match="no numeric column is left"):
        number_columns(dated_rows(league))
