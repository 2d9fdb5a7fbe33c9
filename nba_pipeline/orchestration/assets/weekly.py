"""`weekly_record`: the last step of a week says that it happened and what came of it; without it the freshness checks turn red."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from nba_pipeline.orchestration.assets.tuning import TUNING_ASSETS
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.tuning.weekly import MOST_DAYS_BETWEEN, WeeklyRecords, WeeklyRun, iso_week

GROUP = "weekly"


class WeekConfig(dg.Config):
    """The plan of the week, from the schedule; by hand it is left out.

    Attributes:
        week, scheduled_at, season, outcome, reason, archive: see `tuning.weekly.WeeklyPlan`.
    """

    week: str = ""
    scheduled_at: str = ""
    season: str = ""
    outcome: str = ""
    reason: str = "started by hand"
    archive: str = ""


@dg.asset(
    deps=["model_version", *(asset.key for asset in TUNING_ASSETS)],
    group_name=GROUP,
    owners=["team:modelling"],
    kinds={"duckdb"},
    backfill_policy=ONE_RUN,
    code_version=code_version("nba_pipeline.tuning.weekly"),
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=MOST_DAYS_BETWEEN)),
)
def weekly_record(context: dg.AssetExecutionContext, config: WeekConfig, store: StoreResource) -> dg.MaterializeResult:
    """That the week happened: what it had to do, and every version that it registered."""
    now = datetime.now(UTC)
    alone = context.run.asset_selection is not None and len(context.run.asset_selection) == 1
    run = WeeklyRun(
        week=config.week or iso_week(now),
        scheduled_at=config.scheduled_at or now.isoformat(),
        finished_at=now.isoformat(timespec="seconds"),
        outcome=config.outcome or ("unchanged" if alone else "trained"),  # pyright: ignore[reportArgumentType]
        reason=config.reason,
        season=config.season,
        archive=config.archive,
        trained={} if alone else registered_since(store, _started(context)),
    )
    WeeklyRecords(store.warehouse).write(run)
    context.log.info("%s: %s, %s; registered: %s", run.week, run.outcome, run.reason, ", ".join(run.trained) or "nothing")
    return dg.MaterializeResult(
        metadata={
            "week": run.week,
            "outcome": run.outcome,
            "reason": run.reason,
            "registered": len(run.trained),
            "versions": dg.MetadataValue.json(dict(run.trained)),
            "source": store.source,
        }
    )


def _started(context: dg.AssetExecutionContext) -> datetime:
    record = context.instance.get_run_record_by_id(context.run.run_id)
    assert record is not None
    return record.create_timestamp.astimezone(UTC).replace(microsecond=0)


def registered_since(store: StoreResource, since: datetime) -> dict[str, Any]:
    """Versions registered since a moment, the newest of each model by its name; the game model is `fusion`."""
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.tuning.model_manager import ModelManager

    manager = ModelManager(store.warehouse)
    found: dict[str, Any] = {
        row.name: {"version": one.version, "in_use": one.version == row.production_version, **(one.comparison or {})}
        for row in manager.list()
        for one in manager.versions(row.name)
        if datetime.fromisoformat(one.trained_at) >= since
    }
    registry = ModelRegistry(store.models_root)
    for info in registry.list_versions():
        if datetime.fromisoformat(info.created_at) >= since:
            in_use = info.version == registry.latest()
            found["fusion"] = {"version": info.version, "status": info.status, "in_use": in_use, **(info.comparison or {})}
    return found
