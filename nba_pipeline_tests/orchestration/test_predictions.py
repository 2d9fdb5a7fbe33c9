"""The asset `win_probability` on a tiny league: the table of a date, its metadata, and a date without games."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.definitions import build_definitions
from nba_pipeline.orchestration.assets.predictions import win_probability
from nba_pipeline.orchestration.partitions import DAY_PARTITIONS
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.versions import register


@pytest.fixture(scope="module")
def store(tiny_features: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> StoreResource:
    root = tmp_path_factory.mktemp("predictions")
    shutil.copytree(tiny_features.root, root, dirs_exist_ok=True)
    register(tiny_features, root / "models")
    return StoreResource(data_dir=str(root), archive_dir=str(root / "raw"), source="simulated", league_seed=1)


def materialize(store: StoreResource, day: date) -> dict[str, dg.MetadataValue]:
    result = dg.materialize([win_probability], partition_key=str(day), resources={"store": store}, instance=dg.DagsterInstance.ephemeral())
    assert result.success
    return dict(result.asset_materializations_for_node("win_probability")[0].metadata)


def test_a_date_becomes_a_table_and_a_picture(store: StoreResource):
    games = store.warehouse.read("games", ["2021-22"]).filter("has_plays")
    day = games["game_date"][games.height // 2]
    metadata = materialize(store, day)
    of_day = games.filter(games["game_date"] == day)
    table = store.warehouse.read("win_probability", [day])
    assert sorted(table["game_id"].unique()) == sorted(of_day["game_id"]) and metadata["rows"].value == table.height
    assert metadata["most_exciting"].value.startswith("![") and metadata["games"].value == of_day.height


def test_a_date_without_games_is_an_empty_clear_answer(store: StoreResource):
    day = store.warehouse.read("games")["game_date"].max() + timedelta(days=60)
    metadata = materialize(store, day)
    assert metadata["games"].value == 0 and str(day) in metadata["answer"].value
    assert day not in store.warehouse.dates("win_probability")


def test_forecasts_are_no_part_of_the_way_to_a_model(tmp_path: Path):
    graph = build_definitions().resolve_job_def
    selected = {name: graph(name).asset_layer.selected_asset_keys for name in ("pipeline", "predictions")}
    assert dg.AssetKey("win_probability") in selected["predictions"] and not selected["predictions"] & selected["pipeline"]
    assert DAY_PARTITIONS.get_first_partition_key() == "2012-10-01"
