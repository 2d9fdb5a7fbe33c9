"""`weekly_record`: the last step of a week says that it happened and what came of it; without it the freshness checks turn red."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.assets.tuning import TUNING_ASSETS
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.jobs import EASTERN, current_season
from nba_pipeline.orchestration.partitions import ONE_RUN, seasons_of_run
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.tuning.weekly import MOST_DAYS_BETWEEN, WeeklyPlan, WeeklyRecords, WeeklyRun, plan_by_hand, plan_week

GROUP = "weekly"

LEARNED = frozenset({"games", "context_features", "model_version", *(asset.key.to_user_string() for asset in TUNING_ASSETS)})
"""What a week that trains makes: the tables that models learn, and everything that learns them."""


class WeekConfig(dg.Config):
    """The plan of the week, from the schedule; by hand it is left out.

    Attributes:
        week, scheduled_at, season, outcome, reason, archive: see `tuning.weekly.WeeklyPlan`.
    """

    week: str = ""
    scheduled_at: str = ""
    season: str = ""
    outcome: str = ""
    reason: str = ""
    archive: str = ""

    def plan(self) -> WeeklyPlan | None:
        """The same as `tuning` takes it; None by hand."""
        values = {field.name: getattr(self, field.name) for field in fields(WeeklyPlan)}
        return WeeklyPlan(**values) if self.week else None


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
    started = _started(context)
    plan = config.plan() or _plan_of(context, store, started)
    finished_at = datetime.now(UTC).isoformat(timespec="seconds")
    alone = context.run.asset_selection is not None and len(context.run.asset_selection) == 1
    trained = {} if alone else registered_since(store, started.replace(microsecond=0))
    run = WeeklyRun(**vars(plan), finished_at=finished_at, trained=trained)
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


def _plan_of(context: dg.AssetExecutionContext, store: StoreResource, started: datetime) -> WeeklyPlan:
    """What a run that a person started had to do, and did.

    Raises:
        Failure: there was something to train on and a part of it was left out; a record would keep the next Sunday from learning it.
    """
    at, archive = started.astimezone(EASTERN), None if store.source == "simulated" else store.archive
    plan = plan_week(at, current_season(at), archive, WeeklyRecords(store.warehouse).all())
    missing = sorted(_left_out(context.run, plan))
    if missing and plan.trains:
        raise dg.Failure(
            f"{', '.join(missing)} left out, and there is something to train on ({plan.reason}): the week is not recorded. Start the whole "
            f"job weekly_retrain on {plan.season}, or wait for Sunday",
            allow_retries=False,
        )
    return plan_by_hand(plan, whole=not missing, archive_rests=archive is None or _rests(archive, plan.season, started))


def _rests(archive: RawArchive, season: Season, since: datetime) -> bool:
    """Whether no file of a season was written since; a change of the name or the times counts as one."""
    return all(path.stat().st_ctime <= since.timestamp() for path in archive.paths(season))


def _left_out(run: dg.DagsterRun, plan: WeeklyPlan) -> Iterator[str]:
    """What of a week is not in a run: assets, or the season in progress."""
    if run.asset_selection is not None:
        yield from LEARNED - {key.to_user_string() for key in run.asset_selection}
    seasons = seasons_of_run(run)
    if seasons and plan.season not in seasons:
        yield plan.season


def _started(context: dg.AssetExecutionContext) -> datetime:
    record = context.instance.get_run_record_by_id(context.run.run_id)
    assert record is not None
    return record.create_timestamp.astimezone(UTC)


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
