"""What a prediction was worth once the game is over."""

import subprocess
import sys
from datetime import date

import polars as pl
import pytest

from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.grading import grade, grade_dates, not_predicted
from nba_pipeline.experiments.runner import run_dates
from nba_pipeline.warehouse.store import Warehouse

BASE, MODEL = "base", "model"


def graded(forecast: float, line: float | None, points: int | None, average: float = 10.0) -> dict:
    """The grade of one forecast; `points` None is a player who did not play."""
    rows = pl.DataFrame(
        {"model_id": [BASE, MODEL], "player_id": 1, "game_id": "g", "predicted_points": [average, forecast], "betting_line": line},
        schema_overrides={"betting_line": pl.Float64},
    )
    box = pl.DataFrame({"game_id": ["g", "g"], "player_id": [1 if points is not None else 3, 2], "pts": [points or 0, 7]})
    return grade(rows, box, BASE).filter(pl.col("model_id") == MODEL).row(0, named=True)


@pytest.mark.parametrize(
    ("forecast", "line", "points", "outcome"),
    [
        (20.0, 18.5, 25, "WIN"), (20.0, 18.5, 10, "LOSS"), (15.0, 18.5, 10, "WIN"), (15.0, 18.5, 25, "LOSS"),
        (20.0, 18.0, 18, "PUSH"), (15.0, 18.0, 18, "PUSH"), (18.0, 18.0, 25, None), (20.0, None, 25, None),
        (20.0, 18.5, None, "VOID"), (20.0, None, None, "VOID"),
    ],
)  # fmt: skip
def test_a_bet_is_on_the_side_of_the_forecast(forecast, line, points, outcome):
    assert graded(forecast, line, points)["bet_outcome"] == outcome


def test_errors_and_who_was_closer():
    found = graded(20.0, 18.5, 25)
    assert (found["actual_points"], found["prediction_error"], found["signed_error"]) == (25.0, 5.0, -5.0)
    assert (found["beat_baseline"], found["beat_vegas"]) == (True, True)
    assert graded(20.0, 22.5, 25)["beat_vegas"] is False and graded(10.0, None, 25)["beat_baseline"] is False
    assert graded(20.0, None, 25)["beat_vegas"] is None


def test_nobody_who_did_not_play_has_an_error():
    found = graded(20.0, 18.5, None)
    assert [found[name] for name in ("actual_points", "prediction_error", "signed_error", "beat_baseline", "beat_vegas")] == [None] * 5


def test_a_game_without_a_box_stays_open():
    rows = pl.DataFrame({"model_id": [MODEL], "player_id": [1], "game_id": ["later"], "predicted_points": [9.0], "betting_line": [8.5]})
    assert grade(rows, pl.DataFrame({"game_id": ["g"], "player_id": [1], "pts": [3]}), None).is_empty()


@pytest.fixture
def days(warehouse: Warehouse) -> list[date]:
    last = sorted(warehouse.read("games", ["2021-22"])["game_date"].unique())[-4:]
    run_dates(warehouse, last)
    return last


def table(warehouse: Warehouse) -> pl.DataFrame:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return frame(connection, f"SELECT * FROM {SCHEMA}.ml_model_predictions ORDER BY model_id, game_id, player_id")


def test_graded_twice_is_graded_once(warehouse: Warehouse, days: list[date]):
    first = grade_dates(warehouse, days)
    rows = table(warehouse)
    again = grade_dates(warehouse, days)
    assert first.changed == first.predictions == rows.height and first.still_open == 0 and first.graded + first.void == rows.height
    assert again.changed == 0 and table(warehouse).equals(rows)


def test_the_points_are_those_of_the_box(warehouse: Warehouse, days: list[date]):
    grade_dates(warehouse, days)
    box = warehouse.read("player_game_stats").select("game_id", "player_id", pl.col("pts").cast(pl.Float64))
    rows = table(warehouse).join(box, on=["game_id", "player_id"], how="left")
    assert rows["actual_points"].eq_missing(rows["pts"]).all() and rows["actual_points"].null_count() > 0
    assert (rows["bet_outcome"] == "VOID").fill_null(False).eq(rows["pts"].is_null()).all()


def test_a_corrected_box_is_graded_anew_and_nothing_else(warehouse: Warehouse, days: list[date]):
    grade_dates(warehouse, days)
    before, box = table(warehouse), warehouse.read("player_game_stats", ["2021-22"])
    game, player = before.filter(pl.col("actual_points").is_not_null()).select("game_id", "player_id").row(0)
    wrong = (pl.col("game_id") == game) & (pl.col("player_id") == player)
    warehouse.write("player_game_stats", box.with_columns(pts=pl.when(wrong).then(pl.col("pts") + 2).otherwise("pts")), "2021-22")
    report, after = grade_dates(warehouse, days), table(warehouse)
    models = before["model_id"].n_unique()
    assert report.changed == models
    moved = before["actual_points"].ne_missing(after["actual_points"])
    assert after.filter(moved).select("game_id", "player_id").unique().rows() == [(game, player)] and moved.sum() == models


def test_a_game_that_is_not_over_is_graded_later(warehouse: Warehouse, days: list[date]):
    box = warehouse.read("player_game_stats", ["2021-22"])
    warehouse.write("player_game_stats", box.filter(pl.col("game_date") < days[-1]), "2021-22")
    first = grade_dates(warehouse, days)
    warehouse.write("player_game_stats", box, "2021-22")
    second = grade_dates(warehouse, days)
    assert 0 < first.still_open == second.changed and second.still_open == 0


def test_a_game_that_is_put_off_is_graded_on_its_new_date(warehouse: Warehouse, days: list[date]):
    """Predicted for the first of the days, played on the last."""
    put_off = warehouse.read("games", ["2021-22"]).filter(pl.col("game_date") == days[0])["game_id"][0]
    for name in ("games", "player_game_stats"):
        there = pl.col("game_id") == put_off
        rows = warehouse.read(name, ["2021-22"]).with_columns(game_date=pl.when(there).then(pl.lit(days[-1])).otherwise("game_date"))
        warehouse.write(name, rows.sort("game_date", maintain_order=True), "2021-22")
    run_dates(warehouse, days[-1:])
    grade_dates(warehouse, days)
    rows = table(warehouse).filter(pl.col("game_id") == put_off)
    assert rows.height and set(rows["game_date"]) == {days[-1]} and rows["graded_at"].null_count() == 0
    assert rows["actual_points"].is_not_null().any()


def test_two_processes_at_once_leave_one_set_of_rows(warehouse: Warehouse, days: list[date]):
    code = (
        "import sys; from datetime import date; from pathlib import Path; from nba_pipeline.warehouse.store import Warehouse\n"
        "from nba_pipeline.experiments.grading import grade_dates\n"
        f"report = grade_dates(Warehouse(Path({str(warehouse.root)!r}), 'simulated'), [date.fromisoformat(day) for day in sys.argv[1:]])\n"
        "print(report.changed)"
    )
    words = [sys.executable, "-c", code, *(day.isoformat() for day in days)]
    workers = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    changed = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    rows = table(warehouse)
    assert sorted(changed) == [0, rows.height] and rows["graded_at"].null_count() == 0
    assert rows.select("model_id", "player_id", "game_id").is_duplicated().sum() == 0


def test_who_played_without_a_prediction_is_listed(warehouse: Warehouse, days: list[date]):
    missed = not_predicted(warehouse, days)
    rows = table(warehouse)
    assert missed.join(rows, on=["game_id", "player_id"], how="semi").is_empty()
    played = rows.filter(pl.col("model_id") == "ewma8").height
    assert missed.height < 0.2 * played
