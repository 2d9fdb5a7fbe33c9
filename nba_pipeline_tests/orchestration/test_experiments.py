"""The experiments as Dagster sees them: days are partitions, days are run once, and a bad model is a warning that names it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from nba_pipeline.definitions import defs
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import upstream
from nba_pipeline.features.player_form import FEATURE
from nba_pipeline.orchestration.assets.experiments import (
    EVERY_MODEL,
    ewma_points,
    experiment_grades,
    experiment_predictions,
)
from nba_pipeline.orchestration.jobs import EASTERN
from nba_pipeline.orchestration.partitions import DAY_PARTITIONS
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse

SEASON = "2021-22"


@pytest.fixture(scope="module")
def data_dir(tiny_tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny league's last season, with `player_form`."""
    warehouse = Warehouse(tmp_path_factory.mktemp("days") / "simulated", "simulated")
    warehouse.write("players", tiny_tables["players"])
    for table in ("games", "player_game_stats", "player_prop_lines"):
        warehouse.write(table, tiny_tables[table].filter(pl.col("season") == SEASON), SEASON)
    for feature in (*upstream(FEATURE), FEATURE):
        warehouse.write(feature.name, feature.build(History.from_warehouse(warehouse, SEASON), [SEASON]), SEASON)
    return warehouse.root.parent


@pytest.fixture
def days_store(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreResource]:
    monkeypatch.setenv("NBA_DATA_DIR", str(data_dir))
    monkeypatch.setenv("NBA_SEASONS", SEASON)
    get_settings.cache_clear()
    yield StoreResource.from_settings()
    get_settings.cache_clear()


def last_days(store: StoreResource, count: int) -> list[date]:
    return sorted(store.warehouse.read("games")["game_date"].unique())[-count:]


def materialize(assets: list, store: StoreResource, key: str | None = None) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(assets, instance=instance, resources={"store": store}, partition_key=key, raise_on_error=False)


def metadata(result: dg.ExecuteInProcessResult) -> dict:
    (event,) = result.get_asset_materialization_events()
    return {name: value.value for name, value in event.materialization.metadata.items()}


def test_a_day_is_predicted_graded_and_warned_of(days_store: StoreResource):
    assert metadata(materialize([ewma_points], days_store))["model_id"] == "ewma8"
    day, earlier = (one.isoformat() for one in reversed(last_days(days_store, 2)))
    assert metadata(materialize([experiment_predictions], days_store, earlier))["written"] > 0
    with ExperimentsDatabase.of(days_store.warehouse).writing() as connection:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_registry (model_id, model_name, model_type, model_version, model_path, model_format, "
            "feature_version, feature_count, sha256) VALUES ('broken', 'x', 'ewma', '1', 'gone.json', 'json', 'v1_36features', 1, ?)",
            ["0" * 64],
        )
    result = materialize([experiment_predictions], days_store, day)
    (check,) = result.get_asset_check_evaluations()
    assert result.success and not check.passed and check.check_name == EVERY_MODEL and "broken" in (check.description or "")
    assert check.severity == dg.AssetCheckSeverity.WARN
    facts = metadata(result)
    assert facts["written"] > 0 and facts["failed_models"] == 1 and "broken: registered" in facts["changed_by_hand"]
    graded = metadata(materialize([experiment_grades], days_store, day))
    assert graded["dates"] == 2, "the day before was still open"
    assert graded["graded"] > 0 and graded["still_open"] == 0 and 2.0 < graded["mae_ewma8"] < 12.0


def test_a_day_without_games_is_no_failure(days_store: StoreResource):
    result = materialize([experiment_predictions], days_store, "2015-07-04")
    assert result.success and "no game is known" in metadata(result)["note"]


def test_today_is_a_partition():
    assert DAY_PARTITIONS.get_last_partition_key() == datetime.now(EASTERN).date().isoformat()


@pytest.mark.parametrize(
    ("name", "cron", "at", "key"),
    [
        ("experiment_run_schedule", "0 12 * * *", datetime(2024, 1, 14, 12, tzinfo=EASTERN), "2024-01-14"),
        ("experiment_grade_schedule", "0 2 * * *", datetime(2024, 1, 14, 2, tzinfo=EASTERN), "2024-01-13"),
    ],
)
def test_a_day_is_asked_for_once(days_store: StoreResource, name: str, cron: str, at: datetime, key: str):
    schedule = defs.resolve_schedule_def(name)
    assert schedule.cron_schedule == cron and schedule.execution_timezone == "America/New_York"
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at, repository_def=defs.get_repository_def())
        (request,) = schedule.evaluate_tick(context).run_requests or ()
    assert request.partition_key == key and request.run_key and request.run_key.endswith(key)


def test_nothing_is_asked_for_before_there_are_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    noon = datetime(2024, 1, 14, 12, tzinfo=EASTERN)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=noon, repository_def=defs.get_repository_def())
        tick = defs.resolve_schedule_def("experiment_run_schedule").evaluate_tick(context)
    get_settings.cache_clear()
    assert not tick.run_requests and "make run" in (tick.skip_message or "")


def test_no_job_has_days_and_seasons():
    for job in ("pipeline", "weekly_retrain"):
        keys = defs.resolve_job_def(job).asset_layer.asset_graph.materializable_asset_keys
        assert not {key.to_user_string() for key in keys} & {"experiment_predictions", "experiment_grades", "ewma_points"}
    for job in ("experiment_run", "experiment_grade"):
        assert defs.resolve_job_def(job).partitions_def == DAY_PARTITIONS
