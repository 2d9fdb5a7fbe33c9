"""A run that was killed is ended, its step process too, and its pool slot is free; a living run is left alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.events import EngineEventData
from rich.console import Console

from nba_pipeline.orchestration import launch, stale_runs
from nba_pipeline.orchestration.stale_runs import RunProcess, end_stale_runs
from nba_pipeline_tests.orchestration.shell import ROOT, environment


def start(kind: str, home: Path) -> subprocess.Popen[bytes]:
    """Starts the sleeper in a process of its own."""
    env = environment(home, home / "data", home / "raw")
    words = [sys.executable, "-m", "nba_pipeline_tests.orchestration.sleeper", kind]
    return subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def step_process(instance: dg.DagsterInstance) -> psutil.Process:
    """The step's process, once it holds the pool."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for run in instance.get_runs():
            if instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_START):
                (worker,) = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_WORKER_STARTED)
                return psutil.Process(int(worker.get_dagster_event().event_specific_data.metadata["pid"].value))
        time.sleep(0.2)
    raise AssertionError("the sleeper did not start its step")


def slots_taken(instance: dg.DagsterInstance) -> int:
    return instance.event_log_storage.get_concurrency_info("gpu").active_slot_count


def report_process(instance: dg.DagsterInstance, run: dg.DagsterRun, pid: int) -> None:
    """What a run's process writes into its event log when it begins."""
    instance.report_engine_event("begun", run, EngineEventData({"pid": dg.MetadataValue.int(pid)}))


@pytest.fixture
def killed(home: Path, instance: dg.DagsterInstance, request: pytest.FixtureRequest) -> Iterator[psutil.Process]:
    """The orphaned step process of a run that was killed while it was alone and well."""
    coordinator = start(request.param, home)
    step = step_process(instance)
    try:
        assert end_stale_runs(instance) == [], "a living run was ended"
        assert slots_taken(instance) == 1
        os.kill(coordinator.pid, signal.SIGKILL)
        coordinator.wait(timeout=10)
        yield step
    finally:
        for process in (step, *([psutil.Process(coordinator.pid)] if coordinator.poll() is None else [])):
            if process.is_running():
                process.kill()


@pytest.mark.parametrize("killed", ["tagged"], indirect=True)
def test_a_killed_run_is_ended_with_its_orphan_and_frees_the_pool(instance: dg.DagsterInstance, killed: psutil.Process):
    assert killed.is_running(), "the step process was meant to outlive its run"
    (ended,) = end_stale_runs(instance)
    run = instance.get_run_by_id(ended.run_id)
    assert run is not None and run.status == dg.DagsterRunStatus.FAILURE and stale_runs.ENDED_TAG in run.tags
    assert (ended.orphans, killed.is_running(), slots_taken(instance)) == (1, False, 0)
    assert end_stale_runs(instance) == []


@pytest.mark.parametrize("killed", ["untagged"], indirect=True)
def test_a_run_of_the_bare_command_is_ended_only_after_it_was_quiet(
    instance: dg.DagsterInstance, killed: psutil.Process, monkeypatch: pytest.MonkeyPatch
):
    assert end_stale_runs(instance) == [], "it might belong to another host, and was heard a moment ago"
    monkeypatch.setattr(stale_runs, "QUIET_SECONDS", 0.0)
    assert [run.job_name for run in end_stale_runs(instance)] == ["endless_job"]
    assert slots_taken(instance) == 0


def test_a_later_process_with_the_same_pid_is_not_the_run():
    mine = psutil.Process()
    assert RunProcess(mine.pid, mine.create_time()).find() is not None
    assert RunProcess(mine.pid, mine.create_time() - 3600).find() is None


def test_a_run_of_another_host_is_left_alone(instance: dg.DagsterInstance):
    tags = {**stale_runs.process_tags(), stale_runs.HOST_TAG: "elsewhere", stale_runs.PID_TAG: "1"}
    instance.add_run(dg.DagsterRun(job_name="far", status=dg.DagsterRunStatus.STARTED, tags=tags))
    assert end_stale_runs(instance) == []


def test_a_living_run_that_inherited_the_tags_of_a_dead_one_is_left_alone(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch):
    dead = {**stale_runs.process_tags(), stale_runs.PID_TAG: "999999", stale_runs.STARTED_TAG: "1.0"}
    run = instance.add_run(dg.DagsterRun(job_name="again", status=dg.DagsterRunStatus.STARTED, tags=dead))
    assert end_stale_runs(instance) == [], "its process has not named itself yet"
    report_process(instance, run, os.getpid())
    monkeypatch.setattr(stale_runs, "QUIET_SECONDS", 0.0)
    assert end_stale_runs(instance) == []


def test_people_are_told_in_eastern_time(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch):
    started = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(launch, "end_stale_runs", lambda _: [stale_runs.EndedRun("0123456789", "any", started, 0)])
    console = Console(record=True, width=300)
    assert launch.report_stale_runs(instance, console) == 1
    assert "Ended run 01234567 of 2024-01-31 07:00: its process is gone." in console.export_text()


def test_a_run_whose_own_process_and_owner_are_gone_is_ended_at_once(instance: dg.DagsterInstance):
    dead = {**stale_runs.process_tags(), stale_runs.PID_TAG: "999999", stale_runs.STARTED_TAG: "1.0"}
    run = instance.add_run(dg.DagsterRun(job_name="killed", status=dg.DagsterRunStatus.STARTED, tags=dead))
    report_process(instance, run, 999999)
    assert [ended.run_id for ended in end_stale_runs(instance)] == [run.run_id]
