"""The production consumer follows the flag, and nothing else."""

from datetime import date

import polars as pl
import pytest

from nba_pipeline.experiments.consumer import predict_points
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
from nba_pipeline.experiments.model_row import ModelRow, model_rows
from nba_pipeline.experiments.points_model import ModelRefusedError
from nba_pipeline.experiments.promotion import NoProductionModelError, promote, rollback
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture
def tonight(warehouse: Warehouse) -> list[date]:
    return sorted(warehouse.read("games", ["2021-22"])["game_date"].unique())[-1:]


def rows_of(warehouse: Warehouse) -> dict[str, ModelRow]:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return {row.model_type: row for row in model_rows(connection)}


def test_a_flip_needs_no_deploy(warehouse: Warehouse, tonight: list[date]):
    database, models = ExperimentsDatabase.of(warehouse), rows_of(warehouse)
    with pytest.raises(NoProductionModelError, match="promote"):
        predict_points(warehouse, tonight)
    promote(database, "ewma8", force=True, reason="first night")
    model, average = predict_points(warehouse, tonight)
    assert model.model_id == "ewma8" and set(average["model_id"]) == {"ewma8"}
    promote(database, models["catboost"].model_id, force=True, reason="try")
    model, trees = predict_points(warehouse, tonight)
    key = ["game_id", "player_id"]
    assert model.model_type == "catboost" and trees.sort(key).select(key).equals(average.sort(key).select(key))
    assert (trees.sort(key)["predicted_points"] - average.sort(key)["predicted_points"]).abs().max() > 0.1  # pyright: ignore[reportOperatorIssue]
    rollback(database)
    assert predict_points(warehouse, tonight)[1].equals(average)


def test_a_damaged_production_model_is_no_silent_other_one(warehouse: Warehouse, tonight: list[date]):
    row = rows_of(warehouse)["xgboost"]
    promote(ExperimentsDatabase.of(warehouse), row.model_id, force=True, reason="try")
    (warehouse.root / row.model_path).write_bytes(b"{}")
    with pytest.raises(ModelRefusedError, match="sha256 expected"):
        predict_points(warehouse, tonight)


def test_it_does_not_predict_what_it_has_learned_from(warehouse: Warehouse):
    promote(ExperimentsDatabase.of(warehouse), rows_of(warehouse)["lightgbm"].model_id, force=True, reason="try")
    old = sorted(warehouse.read("games", ["2020-21"])["game_date"].unique())[-1:]
    with pytest.raises(ModelRefusedError, match="later games only"):
        predict_points(warehouse, old)


def test_it_writes_nothing(warehouse: Warehouse, tonight: list[date]):
    promote(ExperimentsDatabase.of(warehouse), "ewma8", force=True, reason="first night")
    _, rows = predict_points(warehouse, tonight)
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        assert connection.execute(f"SELECT count(*) FROM {SCHEMA}.ml_model_predictions").fetchall() == [(0,)]
    assert rows["p_play"].is_between(0, 1).all() and rows.filter(pl.col("predicted_points") < 0).is_empty()
