"""One run over real models in real formats: the good ones predict, the bad ones are named."""

import os
import pickle
import re
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.experiments.audit import pending_changes
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.grading import grade_dates
from nba_pipeline.experiments.model_row import ModelRow, model_rows
from nba_pipeline.experiments.runner import FAILED, RAN, SKIPPED, NoModelsError, run_dates
from nba_pipeline.experiments.slate import LEAST_PRIOR_GAMES, NoGamesError, slate
from nba_pipeline.features.asof import History
from nba_pipeline.features.player_form import FEATURE, build
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"


class Trap:
    """Would make a file if it were ever unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return os.mkdir, (str(self.file),)


def rows_of(warehouse: Warehouse) -> pl.DataFrame:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return frame(connection, f"SELECT * FROM {SCHEMA}.ml_model_predictions ORDER BY model_id, game_id, player_id")


def models_of(warehouse: Warehouse) -> dict[str, ModelRow]:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return {row.model_type: row for row in model_rows(connection)}


def last_days(warehouse: Warehouse, count: int = 3) -> list[date]:
    return sorted(warehouse.read("games", ["2021-22"])["game_date"].unique())[-count:]


def insert(warehouse: Warehouse, model_id: str, like: ModelRow, **other: object) -> None:
    """What the documentation says: one INSERT adds a model."""
    facts = {
        "model_id": model_id, "model_name": "points", "model_type": like.model_type, "model_version": "1", "model_path": like.model_path,
        "model_format": like.model_format, "feature_version": like.feature_version, "feature_count": like.feature_count,
        "training_end_date": like.training_end_date, "sha256": like.sha256,
    } | other  # fmt: skip
    with ExperimentsDatabase.of(warehouse).writing() as connection:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_registry ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})", list(facts.values())
        )


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


def test_a_missing_library_refuses_its_models_alone(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xgboost", None)
    (failed,) = run_dates(warehouse, last_days(warehouse)).failed
    assert failed.model_id.startswith("xgboost") and "pip install 'nba_pipeline[experiments]'" in failed.reason


def poison(warehouse: Warehouse, tmp_path: Path) -> dict[str, tuple[dict, str]]:
    """Rows that must fail, and a word of the reason."""
    good, folder = models_of(warehouse), warehouse.root / "models" / "points"
    pickled = pickle.dumps(Trap(tmp_path / "trap"))
    files = {"pickle": pickled, "cut": (warehouse.root / good["xgboost"].model_path).read_bytes()[:2000], "rubbish": b"tree\nno model"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    at = {name: {"model_path": f"models/points/{name}", "sha256": sha256_bytes(content)} for name, content in files.items()}
    lightgbm, catboost = ({"model_path": good[name].model_path, "sha256": good[name].sha256} for name in ("lightgbm", "catboost"))
    return {
        "checksum": ({"sha256": "1" * 64}, "sha256 expected"),
        "gone": ({"model_path": "models/points/nothing.json"}, "cannot be read"),
        "pickle_as_xgboost": (at["pickle"], "not an XGBoost"),
        "pickle_as_catboost": (at["pickle"] | {"model_type": "catboost", "model_format": "cbm"}, "not a CatBoost"),
        "pickle_as_lightgbm": (at["pickle"] | {"model_type": "lightgbm", "model_format": "txt"}, "not a LightGBM"),
        "pickle_as_average": (at["pickle"] | {"model_type": "ewma", "feature_count": 1}, "not a moving average"),
        "lightgbm_as_xgboost": (lightgbm, "not an XGBoost"),
        "catboost_as_lightgbm": (catboost | {"model_type": "lightgbm", "model_format": "txt"}, "not a LightGBM"),
        "cut_off": (at["cut"], "not an XGBoost"),
        "rubbish": (at["rubbish"] | {"model_type": "lightgbm", "model_format": "txt"}, "no lightgbm model"),
        "unknown_type": ({"model_type": "crystal_ball"}, "no loader"),
        "unknown_format": ({"model_format": "joblib"}, "model_format"),
        "unknown_features": ({"feature_version": "v0_7features"}, "does not exist"),
        "feature_count": ({"feature_count": 35}, "takes 36"),
        "object_store": ({"model_path": "ftp://nowhere/model.json"}, "no object store"),
    }


def test_poisoned_files_run_no_code_stop_nobody_and_are_named(warehouse: Warehouse, tmp_path: Path):
    cases, like = poison(warehouse, tmp_path), models_of(warehouse)["xgboost"]
    for name, (other, _) in cases.items():
        insert(warehouse, name, like, **other)
    report = run_dates(warehouse, last_days(warehouse))
    outcomes = {one.model_id: one for one in report.models}
    for name, (_, word) in cases.items():
        assert outcomes[name].status == FAILED, name
        assert name in outcomes[name].reason and word in outcomes[name].reason, outcomes[name]
    assert sum(one.status == RAN for one in report.models) == 4 and len(report.failed) == len(cases)
    assert not (tmp_path / "trap").exists()
    assert rows_of(warehouse)["model_id"].n_unique() == 4


def test_a_model_that_misses_a_feature_is_named(warehouse: Warehouse):
    import lightgbm
    import numpy as np

    data = lightgbm.Dataset(
        np.random.default_rng(0).normal(size=(50, 2)), np.arange(50.0), feature_name=["points_ewm_8", "tonights_points"]
    )
    content = lightgbm.train({"min_child_samples": 5, "verbosity": -1}, data, 2).model_to_string().encode()
    (warehouse.root / "leaky.txt").write_bytes(content)
    like = models_of(warehouse)["lightgbm"]
    insert(warehouse, "leaky", like, model_path="leaky.txt", sha256=sha256_bytes(content), feature_count=2)
    (failed,) = run_dates(warehouse, last_days(warehouse)).failed
    assert failed.model_id == "leaky" and "tonights_points" in failed.reason


def test_the_trap_of_these_tests_works(tmp_path: Path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "trap")))
    assert (tmp_path / "trap").is_dir()


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


@pytest.mark.parametrize("stale", ["two nights old", "without tonight", "gone"])
def test_a_table_older_than_last_night_is_not_used(warehouse: Warehouse, stale: str):
    tonight, whole = last_days(warehouse, 1), slate(warehouse, last_days(warehouse, 1))
    days = warehouse.read("games", ["2021-22"])["game_date"].unique().sort()
    if stale == "two nights old":
        frames = {name: warehouse.read(name) for name in (*FEATURE.inputs,) if name not in ("rotation", "team_form")}
        frames["player_game_stats"] = frames["player_game_stats"].filter(pl.col("game_date") < days[-2])
        old = History.from_frames(frames | {name: warehouse.read(name) for name in ("rotation", "team_form")})
        warehouse.write(FEATURE.name, build(old, ["2021-22"]), "2021-22")
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
