"""The drift report as an asset with its checks, and the sensor that may ask for a retrain."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.definitions import defs
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.versions.notes import read_note
from nba_pipeline.orchestration.assets.monitor import DRIFT, DriftConfig, drift_report
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.schedules import TRAINED
from nba_pipeline.orchestration.sensors import LEAK, errors, retrain_on_drift
from nba_pipeline.prediction.monitor.findings import QUESTIONS
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture
def store(registered: Warehouse, tmp_path: Path) -> StoreResource:
    """The small league with its version, free to be written to."""
    data = tmp_path / "data"
    shutil.copytree(registered.root / "models", data / "models", symlinks=True)
    (data / "warehouse").symlink_to(registered.root / "warehouse")
    return StoreResource(data_dir=str(data), archive_dir=str(tmp_path / "raw"), source="simulated", league_seed=1)


def test_the_asset_writes_a_note_and_answers_every_question(store: StoreResource, instance: dg.DagsterInstance):
    config = dg.RunConfig({"drift_report": DriftConfig(games=200)})
    result = dg.materialize([drift_report], resources={"store": store}, run_config=config, instance=instance)
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert set(checks) == set(QUESTIONS)
    note = read_note(store.models_root, "drift", "v1.0.0")
    assert note is not None and note["recent"]["games"] == 200
    for one in note["findings"]:
        check = checks[one["question"]]
        assert check.passed == (one["level"] in ("ok", "insufficient")) and check.description == one["message"]
        assert (check.severity == dg.AssetCheckSeverity.ERROR) == (one["level"] == "ERROR")
    (event,) = result.asset_materializations_for_node("drift_report")
    assert Path(str(event.metadata["report"].value)).is_file() and event.metadata["version"].value == "v1.0.0"
    assert len(event.metadata["shifts"].value.records) == 35
    assert ModelRegistry(store.models_root).load_model("v1.0.0"), "a note must not disturb the registry"


def report(instance: dg.DagsterInstance, **failed: dg.AssetCheckSeverity) -> str:
    """A run of a drift report in which these questions failed."""

    @dg.asset(key=DRIFT, check_specs=[dg.AssetCheckSpec(name, asset=DRIFT) for name in QUESTIONS])
    def stand_in() -> dg.MaterializeResult:
        results = [
            dg.AssetCheckResult(check_name=name, passed=name not in failed, severity=failed.get(name, dg.AssetCheckSeverity.WARN))
            for name in QUESTIONS
        ]
        return dg.MaterializeResult(check_results=results)

    return dg.materialize([stand_in], instance=instance).run_id


@pytest.fixture
def tick(registered: Warehouse, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch):
    """Asks the sensor, where there are tables to train on."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "simulated").symlink_to(registered.root)
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield lambda: retrain_on_drift(dg.build_sensor_context(instance=instance, repository_def=defs.get_repository_def()))
    get_settings.cache_clear()


def test_the_sensor_is_stopped_until_a_person_starts_it():
    sensors = {sensor.name: sensor for sensor in defs.sensors or ()}
    assert sensors["retrain_on_drift"].default_status == dg.DefaultSensorStatus.STOPPED


def test_without_a_report_or_with_warnings_only_nothing_is_asked_for(tick, instance: dg.DagsterInstance):
    assert isinstance(tick(), dg.SkipReason)
    report(instance, inputs=dg.AssetCheckSeverity.WARN)
    assert isinstance(tick(), dg.SkipReason) and errors(instance) == {}


def test_an_error_asks_for_one_retrain_a_week_however_many_reports_there_are(tick, instance: dg.DagsterInstance):
    run = report(instance, outputs=dg.AssetCheckSeverity.ERROR, inputs=dg.AssetCheckSeverity.WARN)
    assert errors(instance) == {"outputs": run}
    first = tick()
    report(instance, outputs=dg.AssetCheckSeverity.ERROR)
    second = tick()
    assert isinstance(first, dg.RunRequest) and isinstance(second, dg.RunRequest)
    assert first.run_key == second.run_key and first.run_key.startswith("drift-20")
    assert first.tags["nba/drift"] == "outputs"


def test_a_leak_is_for_people(tick, instance: dg.DagsterInstance):
    report(instance, **{LEAK: dg.AssetCheckSeverity.ERROR})
    assert set(errors(instance)) == {LEAK} and isinstance(tick(), dg.SkipReason)


def test_the_request_fits_the_job_and_trains_without_building_tables(tick, instance: dg.DagsterInstance):
    report(instance, outputs=dg.AssetCheckSeverity.ERROR)
    request = tick()
    assert isinstance(request, dg.RunRequest) and request.asset_selection is not None
    job = defs.resolve_job_def("weekly_retrain")
    chosen = job.get_subset(asset_selection=set(request.asset_selection))
    assert {key.to_user_string() for key in request.asset_selection} == {*TRAINED, "model_version", "drift_report"}
    assert dg.validate_run_config(chosen, request.run_config)
    assert {op["config"]["split"] for op in request.run_config["ops"].values()} == {"last_games"}
