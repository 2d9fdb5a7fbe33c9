"""One run over real models in real formats: the good ones predict, the bad ones are named."""

import re
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.experiments import loaders
from nba_pipeline.experiments.audit import pending_changes
from nba_pipeline.experiments.boosted_models import load_xgboost
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
from nba_pipeline.experiments.grading import grade_dates
from nba_pipeline.experiments.loaders import LOADERS, Loader
from nba_pipeline.experiments.model_files import read_model_file
from nba_pipeline.experiments.model_row import model_rows
from nba_pipeline.experiments.points_model import PointsModel
from nba_pipeline.experiments.promotion import promote, rollback
from nba_pipeline.experiments.runner import RAN, SKIPPED, NoModelsError, run_dates
from nba_pipeline.experiments.slate import LEAST_PRIOR_GAMES, NoGamesError, slate
from nba_pipeline.features.asof import History
from nba_pipeline.features.player_form import FEATURE, KNOWN, build
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.experiments.tables import insert, last_days, models_of, rows_of

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"


def test_every_model_predicts_every_candidate_once(warehouse: Warehouse):
    days = last_days(warehouse)
    report = run_dates(warehouse, days)
    assert [one.status for one in report.models] == [RAN] * 4 and not report.by_hand
    rows = rows_of(warehouse)
    assert report.written == rows.height == 4 * report.players and report.dates == 3
    assert rows.group_by("model_id").len()["len"].unique().to_list() == [report.players]
    assert rows["betting_line"].null_count() < rows.height
    assert run_dates(warehouse, days).written == 0 and rows_of(warehouse).equals(rows)


def test_the_average_is_the_average_and_trees_are_no_average(warehouse: Warehouse):
    days = last_days(warehouse)
    run_dates(warehouse, days)
    form = slate(warehouse, days).select("game_id", "player_id", average=pl.col("points_ewm_8").cast(pl.Float32).cast(pl.Float64))
    rows = rows_of(warehouse).join(form, on=["game_id", "player_id"])
    off = {model: (part["predicted_points"] - part["average"]).abs().max() for (model,), part in rows.group_by("model_id")}
    assert off.pop("ewma8") == 0 and all(value > 0.1 for value in off.values())


def test_a_model_added_by_one_insert_is_picked_up(warehouse: Warehouse):
    insert(warehouse, "mine", models_of(warehouse)["xgboost"])
    report = run_dates(warehouse, last_days(warehouse))
    assert {one.model_id: one.status for one in report.models}["mine"] == RAN
    assert any(line.startswith("mine: registered") for line in report.by_hand)
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        who = connection.execute(f"SELECT DISTINCT who, action FROM {SCHEMA}.ml_model_audit WHERE model_id = 'mine'").fetchall()
        assert who == [("unknown", "by hand")] and not pending_changes(connection)


def test_the_insert_of_the_documentation_works_as_it_stands(warehouse: Warehouse):
    (statement,) = re.findall(r"```sql\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    content = (warehouse.root / models_of(warehouse)["lightgbm"].model_path).read_bytes()
    (warehouse.root / "models" / "points" / "mine.txt").write_bytes(content)
    with ExperimentsDatabase.of(warehouse).writing() as connection:
        connection.execute(statement)
    (failed,) = run_dates(warehouse, last_days(warehouse)).failed
    assert failed.model_id == "mine-1" and "sha256 expected" in failed.reason
    with ExperimentsDatabase.of(warehouse).writing() as connection:
        connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET sha256 = ? WHERE model_id = 'mine-1'", [sha256_bytes(content)])
    assert {one.model_id: one.status for one in run_dates(warehouse, last_days(warehouse)).models}["mine-1"] == RAN


def test_each_model_is_read_once_a_run(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch):
    reads = []
    monkeypatch.setattr(loaders, "read_model_file", lambda address, *rest: reads.append(address) or read_model_file(address, *rest))
    run_dates(warehouse, last_days(warehouse, 5))
    assert len(reads) == len(set(reads)) == 4


def test_a_missing_library_refuses_its_models_alone(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xgboost", None)
    (failed,) = run_dates(warehouse, last_days(warehouse)).failed
    assert failed.model_id.startswith("xgboost") and "pip install 'nba_pipeline[experiments]'" in failed.reason


def test_nothing_is_predicted_of_the_time_a_model_was_trained_on(warehouse: Warehouse):
    days = sorted(warehouse.read("games", ["2020-21"])["game_date"].unique())[-3:]
    report = run_dates(warehouse, days)
    assert {one.status for one in report.models if one.model_id != "ewma8"} == {SKIPPED}
    assert rows_of(warehouse)["model_id"].unique().to_list() == ["ewma8"]


def test_what_has_been_graded_is_history(warehouse: Warehouse):
    days = last_days(warehouse)
    run_dates(warehouse, days)
    grade_dates(warehouse, days)
    before = rows_of(warehouse)
    form = warehouse.read(FEATURE.name, ["2021-22"])
    warehouse.write(FEATURE.name, form.with_columns(pl.col("points_ewm_8") + 3), "2021-22")
    assert run_dates(warehouse, days).written == 0 and rows_of(warehouse).equals(before)


def test_dates_without_games_and_an_empty_registry_are_refused(warehouse: Warehouse, form_warehouse: Warehouse, tmp_path: Path):
    with pytest.raises(NoGamesError, match="1999-01-01"):
        run_dates(warehouse, [date(1999, 1, 1)])
    with ExperimentsDatabase.of(warehouse).writing() as connection:
        connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET enabled = FALSE")
    with pytest.raises(NoModelsError, match="train"):
        run_dates(warehouse, last_days(warehouse))


STALE = ("two nights old", "half of last night", "another box", "no checksum", "of a game put off", "without tonight", "gone")


@pytest.mark.parametrize("stale", STALE)
def test_a_table_older_than_last_night_is_not_used(warehouse: Warehouse, stale: str):
    tonight, whole = last_days(warehouse, 1), slate(warehouse, last_days(warehouse, 1))
    days = warehouse.read("games", ["2021-22"])["game_date"].unique().sort()
    old_box = {
        "two nights old": lambda box: box.filter(pl.col("game_date") < days[-2]),
        "half of last night": lambda box: box.filter((pl.col("game_date") < days[-2]) | (pl.col("player_id") % 2 == 0)),
        "another box": lambda box: box.with_columns(pts=pl.col("pts") + (pl.col("game_date") == days[-2])),
    }
    if stale in old_box:
        frames = {name: warehouse.read(name) for name in FEATURE.inputs}
        old = History.from_frames(frames | {"player_game_stats": old_box[stale](frames["player_game_stats"])})
        warehouse.write(FEATURE.name, build(old, ["2021-22"]), "2021-22")
    elif stale == "no checksum":
        warehouse.write(FEATURE.name, warehouse.read(FEATURE.name, ["2021-22"]).drop("known_boxes"), "2021-22")
    elif stale == "of a game put off":
        form = warehouse.read(FEATURE.name, ["2021-22"])
        night_before = form.filter(pl.col("game_date") == days[-2]).select("game_date", *KNOWN).row(0, named=True)
        there = pl.col("game_date") == tonight[0]
        moved = form.with_columns(pl.when(there).then(pl.lit(value)).otherwise(name).alias(name) for name, value in night_before.items())
        warehouse.write(FEATURE.name, moved, "2021-22")
    elif stale == "without tonight":
        form = warehouse.read(FEATURE.name, ["2021-22"])
        warehouse.write(FEATURE.name, form.filter(pl.col("game_date") < tonight[0]), "2021-22")
    else:
        for season in ("2019-20", "2020-21", "2021-22"):
            warehouse.path(FEATURE.name, season).unlink()
    assert slate(warehouse, tonight).equals(whole)


def test_tonights_box_changes_no_prediction(warehouse: Warehouse):
    days = last_days(warehouse)
    before = slate(warehouse, days[-1:])
    box = warehouse.read("player_game_stats", ["2021-22"])
    tonight = pl.col("game_date") >= days[-1]
    warehouse.write("player_game_stats", box.filter(~tonight), "2021-22")
    for season in ("2019-20", "2020-21", "2021-22"):
        warehouse.path(FEATURE.name, season).unlink()
    assert slate(warehouse, days[-1:]).equals(before)


def test_nobody_is_predicted_before_ten_games(warehouse: Warehouse):
    days = sorted(warehouse.read("games")["game_date"].unique())
    rows = slate(warehouse, days)
    log = warehouse.read("player_game_stats")
    for row in rows.sample(20, seed=1).iter_rows(named=True):
        earlier = log.filter((pl.col("player_id") == row["player_id"]) & (pl.col("game_date") < row["game_date"])).height
        assert earlier == row["prior_games"] >= LEAST_PRIOR_GAMES


def test_a_flip_and_its_rollback_during_a_run(warehouse: Warehouse):
    database, seen = ExperimentsDatabase.of(warehouse), []
    promote(database, "ewma8", force=True, reason="first night")

    def flip_and_load(content: bytes, model_format: str) -> PointsModel:
        other = models_of(warehouse)["catboost"].model_id
        for flip in (lambda: promote(database, other, force=True, reason="meanwhile"), lambda: rollback(database)):
            flip()
            with database.reading() as connection:
                seen.append([row.model_type for row in model_rows(connection) if row.is_production])
        return load_xgboost(content, model_format)

    report = run_dates(warehouse, last_days(warehouse), LOADERS | {"xgboost": Loader(("json",), flip_and_load)})
    assert seen == [["catboost"], ["ewma"]] and not report.failed and not report.by_hand
    assert rows_of(warehouse).height == report.written == 4 * report.players
