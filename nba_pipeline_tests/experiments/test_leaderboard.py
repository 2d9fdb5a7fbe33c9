"""Models are compared on the rows that all of them share, and the views say the same as the commands."""

import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.leaderboard import LINE, NothingGradedError, head_to_head, leaderboard
from nba_pipeline.experiments.model_row import UnknownModelError
from nba_pipeline_tests.experiments.invented_predictions import FIRST_DAY, ROWS_PER_DAY, actual_points, add_graded, add_model


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> ExperimentsDatabase:
    """`good` and `bad` graded on thirty days, the baseline on twenty of them."""
    database = ExperimentsDatabase(tmp_path_factory.mktemp("three") / "nba.duckdb")
    add_model(database, "base", is_baseline=True)
    for model in ("good", "bad", "silent"):
        add_model(database, model)
    add_graded(database, "base", 5.0, days=20)
    add_graded(database, "good", 4.0, seed=2)
    add_graded(database, "bad", 6.0, seed=3)
    return database


def view(database: ExperimentsDatabase, name: str) -> pl.DataFrame:
    with database.reading() as connection:
        return frame(connection, f"SELECT * FROM {SCHEMA}.{name}")


def test_all_are_judged_on_the_same_rows(three: ExperimentsDatabase):
    standings = leaderboard(three)
    assert [one.model_id for one in standings] == ["good", "base", "bad"]
    assert {one.rows for one in standings} == {20 * ROWS_PER_DAY} and {one.mae.dates for one in standings} == {20}
    coverage = {one.model_id: one.coverage for one in standings}
    assert coverage == {"good": 1.0, "bad": 1.0, "base": pytest.approx(2 / 3)}


def test_figures_are_those_of_the_rows(three: ExperimentsDatabase):
    good, _, bad = leaderboard(three)
    rows = view(three, "ml_model_predictions").filter(pl.col("game_date") < FIRST_DAY + timedelta(days=20))
    mine = rows.filter(pl.col("model_id") == "good")
    assert good.mae.mean == pytest.approx(mine["prediction_error"].mean())
    assert good.bias == pytest.approx((mine["predicted_points"] - mine["actual_points"]).mean())
    right = ((mine["predicted_points"] > 11.5) == (mine["actual_points"] > 11.5)).mean()
    assert good.bets == mine.height and good.hit_rate is not None and good.hit_rate.mean == pytest.approx(right)
    assert good.vs_baseline is not None and bad.vs_baseline is not None
    assert good.vs_baseline.high < 0 < bad.vs_baseline.low


def test_the_view_agrees_with_the_command(three: ExperimentsDatabase):
    rows = {row["model_id"]: row for row in view(three, "v_ml_model_leaderboard").iter_rows(named=True)}
    assert rows["silent"]["graded_predictions"] == 0 and rows["silent"]["mae"] is None
    for one in leaderboard(three):
        row, facts = rows[one.model_id], one.to_dict()
        exact = {"graded_predictions": "N", "coverage": "coverage", "mae": "mae", "bias": "bias", "bet_accuracy": "hit_rate"}
        assert {name: row[name] for name in exact} == pytest.approx({name: facts[key] for name, key in exact.items()})
        assert row["mae_se"] == pytest.approx(one.mae.standard_error, rel=0.15)
        assert one.hit_rate and one.vs_baseline
        assert row["bet_accuracy_low"] == pytest.approx(one.hit_rate.low, abs=0.01)
        assert row["vs_baseline_high"] == pytest.approx(one.vs_baseline.high, abs=0.05)
    assert [row["place"] for row in rows.values() if row["model_id"] == "good"] == [1]


def test_a_head_to_head_turns_its_sign_with_its_sides(three: ExperimentsDatabase):
    one, closer = head_to_head(three, "good", "bad")
    other, _ = head_to_head(three, "bad", "good")
    assert one.games == 30 * ROWS_PER_DAY and one.mean == pytest.approx(-other.mean) and one.high < 0 and closer > 0.9
    rows = view(three, "v_ml_model_head_to_head").filter((pl.col("model_a") == "good") & (pl.col("model_b") == "bad"))
    seen = rows.row(0, named=True)
    assert (seen["mean_difference"], seen["a_closer"]) == pytest.approx((one.mean, closer))
    assert (seen["low"], seen["high"]) == pytest.approx((one.low, one.high), abs=0.03)


def test_daily_performance_is_of_the_day(three: ExperimentsDatabase):
    rows = view(three, "v_ml_model_daily_performance")
    day = rows.filter((pl.col("model_id") == "bad") & (pl.col("game_date") == FIRST_DAY)).row(0, named=True)
    assert day["graded_predictions"] == ROWS_PER_DAY and day["void_predictions"] == 0 and rows.height == 80
    predictions = view(three, "ml_model_predictions").filter((pl.col("model_id") == "bad") & (pl.col("game_date") == FIRST_DAY))
    assert day["mae"] == pytest.approx(predictions["prediction_error"].mean()) and 0 <= day["bet_accuracy"] <= 1


def test_the_line_is_one_more_forecast_on_the_same_rows(three: ExperimentsDatabase):
    standings = {one.model_id: one for one in leaderboard(three, with_line=True)}
    assert standings[LINE].rows == standings["good"].rows
    assert standings[LINE].mae.mean == pytest.approx(np.abs(actual_points(30)[:20] - 11.5).mean())
    assert standings[LINE].hit_rate is None
    for one in standings.values():
        assert one.vs_line is not None and one.vs_line.mean == pytest.approx(one.mae.mean - standings[LINE].mae.mean)


def test_named_models_and_dates(three: ExperimentsDatabase):
    first, _ = leaderboard(three, ["good", "bad"], since=FIRST_DAY + timedelta(days=5), until=FIRST_DAY + timedelta(days=24))
    assert first.rows == 20 * ROWS_PER_DAY and first.vs_baseline is None
    with pytest.raises(UnknownModelError, match="nobody"):
        leaderboard(three, ["nobody"])
    with pytest.raises(NothingGradedError, match="silent"):
        leaderboard(three, ["good", "silent"])


def test_one_date_is_not_enough_and_a_model_does_not_meet_itself(three: ExperimentsDatabase):
    with pytest.raises(NothingGradedError, match=f"one date, {FIRST_DAY}, and an interval over dates takes two"):
        leaderboard(three, until=FIRST_DAY)
    with pytest.raises(NothingGradedError, match="no graded prediction is shared by any model"):
        leaderboard(three, until=FIRST_DAY - timedelta(days=1))
    with pytest.raises(ValueError, match="name two models"):
        head_to_head(three, "good", "good")


def test_a_disabled_model_neither_stands_nor_costs_rows(three: ExperimentsDatabase, tmp_path: Path):
    copy = ExperimentsDatabase(Path(shutil.copy(three.path, tmp_path)))
    with copy.writing() as connection:
        connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET enabled = FALSE WHERE model_id = 'base'")
    assert {one.model_id: one.rows for one in leaderboard(copy)} == {"good": 900, "bad": 900}
