"""The code location loads, is light, is one and the same everywhere, and its schedules run."""

import lzma
import shutil
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest
import yaml

from nba_pipeline.definitions import build_definitions, defs
from nba_pipeline.orchestration.assets import models
from nba_pipeline.orchestration.jobs import EASTERN, current_season, retrain_seasons
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.orchestration.schedules import TRAINED, daily_request

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "torch_geometric", "lightgbm", "xgboost", "catboost", "matplotlib", "optuna", "sklearn", "joblib")


def test_the_definitions_are_loadable():
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("module", ["nba_pipeline.definitions", "nba_pipeline.models.registry", "nba_pipeline.cli"])
def test_importing_it_loads_no_heavy_library(module: str):
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_pyproject_and_workspace_name_the_same_code_location():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    module = entry["python_module"]
    assert module["working_directory"] == "."
    assert (module["module_name"], module["location_name"]) == (tool["dagster"]["module_name"], tool["dagster"]["code_location_name"])
    project = tool["dg"]["project"]
    assert (project["code_location_target_module"], project["code_location_name"]) == (module["module_name"], module["location_name"])


def test_every_schedule_runs_by_itself():
    schedules = {schedule.name: schedule for schedule in defs.schedules or ()}
    assert set(schedules) == {
        "daily_tables_schedule",
        "weekly_retrain_schedule",
        "version_freshness_schedule",
        "experiment_run_schedule",
        "experiment_grade_schedule",
    }
    assert all(schedule.default_status == dg.DefaultScheduleStatus.RUNNING for schedule in schedules.values())
    assert {schedule.execution_timezone for schedule in schedules.values()} == {"America/New_York"}
    assert schedules["weekly_retrain_schedule"].cron_schedule == "0 3 * * 0"


def test_a_week_is_run_once(monkeypatch: pytest.MonkeyPatch):
    schedule = defs.resolve_schedule_def("weekly_retrain_schedule")
    sunday = datetime(2024, 1, 14, 3, tzinfo=EASTERN)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=sunday, repository_def=defs.get_repository_def())
        ((request,),) = [schedule.evaluate_tick(context).run_requests]
    assert request.run_key == "2024-W02"
    assert request.partition_key == "2023-24"
    configs = {name: op["config"] for name, op in request.run_config["ops"].items()}
    assert configs.pop("weekly_record")["week"] == "2024-W02"
    assert set(configs) == set(TRAINED) and all(config["seasons"].endswith("2023-24") for config in configs.values())
    assert {config["split"] for config in configs.values()} == {"last_games"}


def test_tables_are_built_when_the_files_have_changed_and_not_before(tiny_archive: Path, tmp_path: Path):
    shutil.copytree(tiny_archive, tmp_path / "raw")
    store = StoreResource(data_dir=str(tmp_path), archive_dir=str(tmp_path / "raw"), source="archive", league_seed=1)
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2022, 1, 14, 11, 30, tzinfo=EASTERN))
    first, again = daily_request(context, store), daily_request(context, store)
    assert isinstance(first, dg.RunRequest) and isinstance(again, dg.RunRequest)
    assert first.partition_key == "2021-22" and first.run_key == again.run_key
    log = tmp_path / "raw" / "leaguegamelog_teams_2021.csv.xz"
    log.write_bytes(lzma.compress(lzma.decompress(log.read_bytes()).rstrip().rsplit(b"\n", 2)[0]))
    later = daily_request(context, store)
    assert isinstance(later, dg.RunRequest) and later.run_key != first.run_key
    summer = dg.build_schedule_context(scheduled_execution_time=datetime(2030, 7, 1, 11, 30, tzinfo=EASTERN))
    assert isinstance(daily_request(summer, store), dg.SkipReason)


def test_the_season_changes_in_october():
    days = {datetime(2024, 6, 20, tzinfo=EASTERN): "2023-24", datetime(2024, 10, 1, tzinfo=EASTERN): "2024-25"}
    assert {day: current_season(day) for day in days} == days


def test_the_weekly_retrain_takes_what_was_built_since():
    built = ("2018-19", "2021-22", "2022-23")
    assert retrain_seasons(("2018-19", "2019-20"), built, "2023-24") == "2018-19,2019-20,2021-22,2022-23,2023-24"
    assert retrain_seasons(("2018-19", "2019-20"), built, "2019-20") == "2018-19,2019-20"


def test_resources_can_be_replaced():
    other = ComputeResource(device="cpu")
    assert build_definitions(resource_overrides={"compute": other}).resources["compute"] is other


def test_models_depend_on_what_training_reads():
    from nba_pipeline.models.samples.training_data import TABLES

    assert tuple(models.TABLES) == TABLES


def test_every_asset_can_be_part_of_a_partition_range():
    """But for the blocks of a backtest and the windows: each is a run of its own, so that several workers can share them."""
    graph = defs.resolve_asset_graph()
    policies = {key.to_user_string(): graph.get(key).backfill_policy for key in graph.materializable_asset_keys}
    assert {name for name, policy in policies.items() if policy != dg.BackfillPolicy.single_run()} == {"backtest", "window_models"}
