"""Windows as Dagster sees them: the gate stops what stands behind it before a second is spent, whoever starts it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.models.ledger import Ledger
from nba_pipeline.orchestration.assets.windows import meta_learner, window_ensemble, window_models, windows_backtest
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline_tests.tiny_league.windows import NAMES, train_small_window, write_era_tables, write_small

SCORED = {"ops": {"windows_backtest": {"config": {"seasons": "2021-22"}}}}


@pytest.fixture(scope="module")
def trained(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables and both windows; no meta-learner."""
    from nba_pipeline.windows.config import read_config

    root = tmp_path_factory.mktemp("windows")
    warehouse, file = Warehouse(root / "simulated", "simulated"), write_small(root)
    write_era_tables(tiny_archive, warehouse)
    for name in NAMES:
        train_small_window(warehouse, name, read_config(file))
    return root


@pytest.fixture
def small(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreResource]:
    """A copy that may be damaged."""
    shutil.copytree(trained, tmp_path / "data")
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NBA_WINDOWS_FILE", str(trained / "windows_1.yaml"))
    get_settings.cache_clear()
    yield StoreResource.from_settings()
    get_settings.cache_clear()


def materialize(store: StoreResource, *assets: dg.AssetsDefinition, key: str | None = None) -> dg.ExecuteInProcessResult:
    config = SCORED if windows_backtest in assets else None
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            assets, instance=instance, resources={"store": store}, partition_key=key, run_config=config, raise_on_error=False
        )


def folder_of(store: StoreResource, window: str) -> Path:
    home = store.warehouse.root / "windows" / window
    return home / json.loads((home / "current.json").read_text())["folder"]


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGE: dict[str, tuple[str, Callable[[StoreResource], object]]] = {
    "a folder is gone": ("missing", lambda store: shutil.rmtree(store.warehouse.root / "windows" / NAMES[1])),
    "the pointer is gone": ("missing", lambda store: (folder_of(store, NAMES[1]).parent / "current.json").unlink()),
    "the version is gone": ("missing", lambda store: shutil.rmtree(folder_of(store, NAMES[1]))),
    "a weight is flipped": ("damaged", lambda store: flip(folder_of(store, NAMES[1]) / "window.pt")),
    "the manifest is flipped": ("damaged", lambda store: flip(folder_of(store, NAMES[1]) / "manifest.json")),
    "the pointer is flipped": ("damaged", lambda store: flip(folder_of(store, NAMES[1]).parent / "current.json")),
    "it is another window": (
        "damaged",
        lambda store: shutil.copytree(
            store.warehouse.root / "windows" / NAMES[0], store.warehouse.root / "windows" / NAMES[1], dirs_exist_ok=True
        ),
    ),
}


@pytest.mark.parametrize("behind", [meta_learner, windows_backtest], ids=["meta", "backtest"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_the_gate_stops_a_plain_run(small: StoreResource, damage: str, behind: dg.AssetsDefinition):
    state, break_it = DAMAGE[damage]
    break_it(small)
    result = materialize(small, window_ensemble, behind)
    (check,) = result.get_asset_check_evaluations()
    assert not result.success and not check.passed and check.blocking and check.check_name == "all_windows_present"
    assert f"{NAMES[1]} is {state}" in (check.description or "") and NAMES[0] + " is" not in (check.description or "")
    assert any(remedy in check.description for remedy in ("nba windows train --missing", "train again"))
    started = {event.step_key for event in result.all_events if event.event_type == dg.DagsterEventType.STEP_START}
    assert started == {"window_ensemble"}
    nothing_was_spent(small)


def nothing_was_spent(store: StoreResource) -> None:
    assert Ledger(store.warehouse, {}).entries().is_empty()
    assert not (store.warehouse.root / "windows" / "meta").exists() and not (store.warehouse.root / "windows" / "backtests").exists()


@pytest.mark.parametrize("behind", [meta_learner, windows_backtest], ids=["meta", "backtest"])
def test_who_goes_around_the_gate_is_stopped_too(small: StoreResource, behind: dg.AssetsDefinition):
    shutil.rmtree(small.warehouse.root / "windows" / NAMES[0])
    result = materialize(small, behind)
    said = result.failure_data_for_node(behind.key.to_user_string()).error.cause
    assert said.cls_name == "IncompleteEnsembleError" and f"1 of 2 windows cannot be used ({NAMES[0]} is missing" in said.message
    nothing_was_spent(small)


def test_behind_the_gate_both_run_and_are_counted(small: StoreResource):
    result = materialize(small, window_ensemble, meta_learner, windows_backtest)
    assert result.success
    shown = {event.asset_key.to_user_string(): event.materialization.metadata for event in result.get_asset_materialization_events()}
    assert shown["window_ensemble"]["ready"].value == 2 and shown["window_ensemble"]["production_ready"].value is False
    assert shown["meta_learner"]["rows"].value > 1000 and "data:image/png;base64," in shown["meta_learner"]["weights_pts"].value
    forecasts = {row.data["forecast"] for row in shown["windows_backtest"]["against_average"].value.records}
    assert {"meta-learner", "ewma", "pooled", "equal weights", "last window", "weights only"} <= forecasts
    assert set(Ledger(small.warehouse, {}).entries()["asset"]) == {"meta_learner", "windows_backtest"}
    assert MetaStore(small.warehouse.root / "windows").files().manifest["cost"] == shown["meta_learner"]["cost"].value


def test_a_window_is_mended_by_training_it_anew(small: StoreResource):
    flip(folder_of(small, NAMES[1]) / "manifest.json")
    result = materialize(small, window_models, key=NAMES[1])
    assert result.success and materialize(small, window_ensemble).success
    assert Ledger(small.warehouse, {}).entries()["part"].to_list() == [NAMES[1]]


def test_a_window_without_tables_says_which_and_costs_nothing(small: StoreResource):
    result = materialize(small, window_models, key="1947-1949")
    said = result.failure_data_for_node("window_models").error.cause.message
    assert "era_form has no season of 1947-1949: nba windows data" in said and Ledger(small.warehouse, {}).entries().is_empty()


@pytest.mark.parametrize("asset", [window_models, meta_learner, windows_backtest], ids=lambda one: one.key.to_user_string())
def test_the_budget_is_asked_before_anything_is_trained(small: StoreResource, asset: dg.AssetsDefinition, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_BUDGET", "0")
    get_settings.cache_clear()
    result = materialize(small, asset, key=NAMES[0] if asset is window_models else None)
    said = result.failure_data_for_node(asset.key.to_user_string()).error.cause
    assert said.cls_name == "BudgetError" and "nothing was started" in said.message
    nothing_was_spent(small)
