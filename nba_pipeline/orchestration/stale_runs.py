"""Runs whose process is gone: a run killed with SIGKILL stays STARTED, keeps its pool slot, and the next run waits for ever.

A run that `nba` starts is tagged with host, pid and start time of its process. The UI's re-execution inherits these tags, so they count
only where the run's own event log names the same process. For any other run (the bare `dagster asset materialize`, the UI) the pids
stand in that log. A run with one living process is never touched.
"""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
import psutil

HOST_TAG, PID_TAG, STARTED_TAG = "nba/host", "nba/pid", "nba/process_started"
ENDED_TAG = "nba/ended"
"""On a run that was ended here, and did not fail by itself."""

IN_PROGRESS = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]

QUIET_SECONDS = 120.0
"""A run without tags of its own, whose process might be on another host, must have been silent for this long."""

STARTUP_SECONDS = 900.0
"""The same for a run that has not named any process yet."""

_CLOCK_SLACK_SECONDS = 2.0
_TERMINATE_SECONDS = 5.0


@dataclass(frozen=True)
class RunProcess:
    """A process of a run: it existed at `seen` (epoch seconds)."""

    pid: int
    seen: float

    def find(self) -> psutil.Process | None:
        """The process, if it still lives and is not a later one that got the same pid."""
        try:
            process = psutil.Process(self.pid)
            same = process.create_time() <= self.seen + _CLOCK_SLACK_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True)
class EndedRun:
    """A stale run that was ended."""

    run_id: str
    job_name: str
    started: datetime
    orphans: int


def process_tags() -> dict[str, str]:
    """Tags that say which process a run belongs to."""
    return {HOST_TAG: socket.gethostname(), PID_TAG: str(os.getpid()), STARTED_TAG: repr(psutil.Process().create_time())}


def end_stale_runs(instance: dg.DagsterInstance) -> list[EndedRun]:
    """Ends every run whose process is gone, its orphaned step processes too, and frees its pool slots."""
    records = instance.get_run_records(dg.RunsFilter(statuses=IN_PROGRESS))
    return [_end(instance, record) for record in records if is_stale(instance, record)]


def is_stale(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    """Whether nothing works on this run any more, as far as this host can tell."""
    tags, processes = record.dagster_run.tags, list(_coordinators(instance, record.dagster_run.run_id))
    if tags.get(HOST_TAG, socket.gethostname()) != socket.gethostname():
        return False
    owner = [RunProcess(int(tags[PID_TAG]), float(tags[STARTED_TAG]))] if HOST_TAG in tags else []
    if any(process.find() for process in (*owner, *processes)):
        return False
    if {process.pid for process in owner} & {process.pid for process in processes}:
        return True
    last_sign = max([record.update_timestamp.replace(tzinfo=UTC).timestamp(), *(p.seen for p in processes)])
    return time.time() - last_sign > (QUIET_SECONDS if processes else STARTUP_SECONDS)


def _coordinators(instance: dg.DagsterInstance, run_id: str) -> Iterator[RunProcess]:
    yield from _processes(instance, run_id, dg.DagsterEventType.ENGINE_EVENT)


def _processes(instance: dg.DagsterInstance, run_id: str, kind: dg.DagsterEventType) -> Iterator[RunProcess]:
    for entry in instance.all_logs(run_id, of_type=kind):
        pid = getattr(entry.get_dagster_event().event_specific_data, "metadata", {}).get("pid")
        if pid is not None:
            yield RunProcess(int(str(pid.value)), entry.timestamp)


def _end(instance: dg.DagsterInstance, record: dg.RunRecord) -> EndedRun:
    run = record.dagster_run
    orphans = _stop_orphans(instance, run.run_id)
    instance.report_run_failed(run, f"The process of this run is gone; it was ended by another start, with {orphans} orphaned steps.")
    instance.add_run_tags(run.run_id, {ENDED_TAG: "stale"})
    instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return EndedRun(run.run_id, run.job_name, record.create_timestamp, orphans)


def _stop_orphans(instance: dg.DagsterInstance, run_id: str) -> int:
    """Stops step processes that outlived their run: they would write beside the next run."""
    steps = (process.find() for process in _processes(instance, run_id, dg.DagsterEventType.STEP_WORKER_STARTED))
    orphans = [process for process in steps if process is not None]
    for process in orphans:
        process.terminate()
    _, stubborn = psutil.wait_procs(orphans, timeout=_TERMINATE_SECONDS)
    for process in stubborn:
        process.kill()
    return len(orphans)
