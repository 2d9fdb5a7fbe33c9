"""What stands where: tables, versions, runs, and whether the daemon that ticks the schedules is alive."""

import time
from dataclasses import asdict, dataclass
from typing import Any

import dagster as dg
from dagster._daemon.types import DaemonHeartbeat

from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.stale_runs import IN_PROGRESS, is_stale
from nba_pipeline.settings import Settings

FRESH_SECONDS = 300.0
"""A daemon that has not been heard for this long is taken for dead; it beats every half minute."""

RECENT_RUNS = 5
RECENT_WEEKS = 3


@dataclass(frozen=True)
class TableStatus:
    """A table on disk."""

    table: str
    seasons: int
    first: str
    last: str
    megabytes: float


@dataclass(frozen=True)
class RunStatus:
    """A run as recorded, started at a moment in UTC; `stale` means that its process is gone."""

    run_id: str
    job: str
    status: str
    started: str
    stale: bool


def pipeline_status(settings: Settings, instance: dg.DagsterInstance) -> dict[str, Any]:
    """Everything `nba status` shows, as plain data."""
    store = StoreResource.from_settings(settings)
    return {
        "data_dir": store.data_dir,
        "source": store.source,
        "seasons": settings.seasons,
        "tables": [asdict(table) for table in table_status(store)],
        "versions": version_status(store),
        "weeks": week_status(store),
        "runs": [asdict(run) for run in run_status(instance)],
        "daemon": daemon_status(instance),
    }


def table_status(store: StoreResource) -> list[TableStatus]:
    """Every table on disk, by name."""
    root = store.warehouse.root / "warehouse"
    folders = sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []
    return [_table(store, folder.name, sum(file.stat().st_size for file in folder.glob("*.parquet"))) for folder in folders]


def version_status(store: StoreResource) -> list[dict[str, Any]]:
    """Registered versions, oldest first: version, created_at, status, and whether `latest` points at it."""
    from nba_pipeline.models.registry import ModelRegistry

    registry = ModelRegistry(store.models_root)
    latest = registry.latest()
    return [
        {"version": info.version, "created_at": info.created_at, "status": info.status, "latest": info.version == latest}
        for info in registry.list_versions()
    ]


def week_status(store: StoreResource) -> list[dict[str, Any]]:
    """The last weekly runs, newest first: week, outcome, reason, and what was registered."""
    from nba_pipeline.tuning.weekly import WeeklyRecords

    runs = WeeklyRecords(store.warehouse).all()[-RECENT_WEEKS:]
    return [
        {"week": run.week, "outcome": run.outcome, "reason": run.reason, "registered": ", ".join(run.trained) or "nothing"}
        for run in reversed(runs)
    ]


def run_status(instance: dg.DagsterInstance) -> list[RunStatus]:
    """Runs in progress, and the most recent others."""
    records = instance.get_run_records(limit=RECENT_RUNS)
    seen = {record.dagster_run.run_id for record in records}
    running = instance.get_run_records(dg.RunsFilter(statuses=IN_PROGRESS))
    return [_run(instance, record) for record in (*records, *(r for r in running if r.dagster_run.run_id not in seen))]


def daemon_status(instance: dg.DagsterInstance) -> dict[str, Any]:
    """Whether schedules tick: `running`, and the seconds since each part of the daemon was heard."""
    beats: dict[str, DaemonHeartbeat] = dict(instance.get_daemon_heartbeats())
    ages = {name: time.time() - beat.timestamp for name, beat in beats.items()}
    running = ages.get("SCHEDULER", FRESH_SECONDS) < FRESH_SECONDS
    return {"running": running, "seconds_since": {name: round(age) for name, age in ages.items()}}


def _table(store: StoreResource, name: str, size: int) -> TableStatus:
    seasons = store.warehouse.seasons(name)
    first, last = (seasons[0], seasons[-1]) if seasons else ("all", "all")
    return TableStatus(name, len(seasons), first, last, round(size / 2**20, 2))


def _run(instance: dg.DagsterInstance, record: dg.RunRecord) -> RunStatus:
    run = record.dagster_run
    stale = run.status in IN_PROGRESS and is_stale(instance, record)
    return RunStatus(run.run_id[:8], run.job_name, run.status.value, record.create_timestamp.isoformat(timespec="seconds"), stale)
