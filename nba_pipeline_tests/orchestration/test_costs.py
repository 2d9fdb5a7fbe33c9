"""Training assets are counted, and a budget stops them before they start."""

from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.models.ledger import Ledger
from nba_pipeline.orchestration.assets.backtests import BACKTEST_ASSETS
from nba_pipeline.orchestration.assets.costs import training_costs
from nba_pipeline.orchestration.assets.experiments import EXPERIMENT_ASSETS
from nba_pipeline.orchestration.assets.models import MODEL_ASSETS
from nba_pipeline.orchestration.assets.tuning import TUNING_ASSETS
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.launch import _inputs
from nba_pipeline.orchestration.partitions import BACKTEST_BLOCKS, SEASON_PARTITIONS, range_tags
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.settings import Settings, get_settings

BLOCK = "season.2021-10-19"


@dg.asset
def net(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """Leaves a file behind when it trains."""
    with on_the_ledger(context, store) as spending:
        (Path(store.data_dir) / "trained").touch()
        spending.rows = 3
    return dg.MaterializeResult(metadata=cost_metadata(spending))


@dg.asset(partitions_def=SEASON_PARTITIONS, backfill_policy=dg.BackfillPolicy.single_run())
def by_season(context: dg.AssetExecutionContext, store: StoreResource) -> None:
    with on_the_ledger(context, store):
        pass


@dg.asset
def bad(context: dg.AssetExecutionContext, store: StoreResource) -> None:
    with on_the_ledger(context, store, "cuda"):
        raise RuntimeError("no memory")


@pytest.fixture
def store(tmp_path: Path) -> StoreResource:
    return StoreResource(data_dir=str(tmp_path / "data"), archive_dir=str(tmp_path / "raw"), source="simulated", league_seed=1)


@pytest.fixture
def train(store: StoreResource, monkeypatch: pytest.MonkeyPatch):
    """Materialises an asset under a budget."""
    with dg.DagsterInstance.ephemeral() as instance:

        def run(asset: dg.AssetsDefinition, budget: str = "", **options) -> dg.ExecuteInProcessResult:
            monkeypatch.setenv("NBA_BUDGET", budget)
            get_settings.cache_clear()
            if asset.partitions_def == BACKTEST_BLOCKS:
                instance.add_dynamic_partitions(str(BACKTEST_BLOCKS.name), [BLOCK])
                options["partition_key"] = BLOCK
            resources = {"store": store, "compute": ComputeResource(device="cpu")}
            return dg.materialize([asset], instance=instance, resources=resources, raise_on_error=False, **options)

        yield run
    get_settings.cache_clear()


def test_a_training_is_counted_and_shown(train, store: StoreResource):
    (event,) = train(net).asset_materializations_for_node("net")
    (entry,) = Ledger(store.warehouse, {}).entries().to_dicts()
    assert (entry["asset"], entry["part"], entry["device"], entry["rows"], entry["source"]) == ("net", "", "cpu", 3, "simulated")
    assert {name: value.value for name, value in event.metadata.items()} == {"seconds": entry["seconds"], "cost": entry["cost"]}
    assert entry["cost"] == pytest.approx(entry["seconds"] / 3600 * 0.10)


def test_the_part_is_the_partition_of_the_asset_not_of_the_run(train, store: StoreResource):
    assert train(by_season, partition_key="2020-21").success
    assert train(by_season, tags=range_tags(("2018-19", "2019-20"))).success
    assert train(net, tags=range_tags(("2018-19", "2019-20"))).success
    assert Ledger(store.warehouse, {}).entries()["part"].to_list() == ["2020-21", "2018-19,2019-20", ""]


def test_a_training_that_fails_is_counted_and_says_its_own_error(train, store: StoreResource):
    result = train(bad)
    assert not result.success and "no memory" in result.failure_data_for_node("bad").error.cause.message
    (entry,) = Ledger(store.warehouse, {}).entries().to_dicts()
    assert (entry["outcome"], entry["device"]) == ("failed", "cuda")


@pytest.mark.parametrize("known", [False, True])
def test_a_budget_stops_a_training_before_it_starts(train, store: StoreResource, known: bool):
    trained = Path(store.data_dir) / "trained"
    if known:
        assert train(net, "1000").success
        trained.unlink()
    result = train(net, "0" if not known else "1e-12")
    said = result.failure_data_for_node("net").error.cause.message
    assert not result.success and not trained.exists() and Ledger(store.warehouse, {}).entries().height == int(known)
    assert "Raise NBA_BUDGET, or train fewer" in said and ("about" if known else "unknown") in said


def test_the_ledger_is_a_table_and_a_plot_in_the_ui(train, store: StoreResource):
    train(net), train(bad)
    (event,) = train(training_costs, "7").asset_materializations_for_node("training_costs")
    shown = event.metadata
    assert {row.data["asset"]: row.data["failed"] for row in shown["assets"].value.records} == {"net": 0, "bad": 1}
    assert "data:image/png;base64," in shown["growth"].value and shown["budget"].value == 7 and shown["trainings"].value == 2
    assert shown["cost"].value == shown["cost_30_days"].value == pytest.approx(Ledger(store.warehouse, {}).entries()["cost"].sum())


def test_an_empty_ledger_is_no_failure(train):
    (event,) = train(training_costs).asset_materializations_for_node("training_costs")
    assert event.metadata["trainings"].value == 0 and event.metadata["budget"].value == "none"


def test_every_asset_that_trains_asks_before_it_reads_anything(train, store: StoreResource):
    trains_nothing = {"model_version", "backtest_report", "experiment_predictions", "experiment_grades"}
    assets = {asset.key.to_user_string(): asset for asset in (*MODEL_ASSETS, *TUNING_ASSETS, *BACKTEST_ASSETS, *EXPERIMENT_ASSETS)}
    assert len(assets) == 16
    for name in sorted(set(assets) - trains_nothing):
        said = train(assets[name], "0").failure_data_for_node(name).error.cause
        assert said.cls_name == "BudgetError" and name in said.message, said.message
    assert Ledger(store.warehouse, {}).entries().is_empty()


def test_a_killed_run_is_taken_up_under_another_budget(tmp_path: Path):
    frugal, rich = (Settings(data_dir=tmp_path, seasons="2021-22", budget=budget) for budget in (1.0, None))
    assert _inputs(frugal, None, ["2021-22"]) == _inputs(rich, None, ["2021-22"])
    other = Settings(data_dir=tmp_path, seasons="2021-22", epochs=9)
    assert _inputs(other, None, ["2021-22"]) != _inputs(rich, None, ["2021-22"])
