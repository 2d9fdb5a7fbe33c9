"""What runs by itself. Both schedules run as soon as `dagster dev` or the daemon does; `nba status` says whether it does."""

from dataclasses import asdict
from typing import Any

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.jobs import EASTERN, current_season, retrain_seasons, version_freshness, weekly_retrain
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings
from nba_pipeline.tuning.weekly import WeeklyPlan, WeeklyRecords, plan_week

TRAINED = ("transformer_model", "gnn_model", "fusion_model")
RECORD = "weekly_record"
OUTCOME_TAG = "nba/week_outcome"


@dg.schedule(
    job=weekly_retrain,
    cron_schedule="0 3 * * 0",
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_retrain_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Sunday 03:00 Eastern: everything if the season's files have changed; else a run that only says why there is nothing to do."""
    store = StoreResource.from_settings(get_settings())
    return weekly_request(context, store)


def weekly_request(context: dg.ScheduleEvaluationContext, store: StoreResource) -> dg.RunRequest:
    """The run of a week. Its key is the ISO week, so that an outage is caught up once and never twice.

    Args:
        context: when the tick was to be.
        store: the folders.
    """
    at = context.scheduled_execution_time.astimezone(EASTERN)
    archive = None if store.source == "simulated" else store.archive
    plan = plan_week(at, current_season(at), archive, WeeklyRecords(store.warehouse).all())
    record = {RECORD: {"config": asdict(plan)}}
    if not plan.trains:
        return dg.RunRequest(
            run_key=plan.week, asset_selection=[dg.AssetKey(RECORD)], run_config={"ops": record}, tags={OUTCOME_TAG: plan.outcome}
        )
    return dg.RunRequest(
        run_key=plan.week,
        partition_key=plan.season,
        run_config={"ops": {**_seasons(store, plan), **record}},
        tags={OUTCOME_TAG: plan.outcome},
    )


def _seasons(store: StoreResource, plan: WeeklyPlan) -> dict[str, Any]:
    """The nets train on the chosen seasons, every one built since, and this one."""
    seasons = retrain_seasons(parse_seasons(get_settings().seasons), store.warehouse.seasons("sequences"), plan.season)
    return {name: {"config": {"seasons": seasons}} for name in TRAINED}


version_freshness_schedule = dg.ScheduleDefinition(
    job=version_freshness,
    cron_schedule="0 9 * * *",
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every morning: did the weekly retrain really happen within eight days, and leave a version if there was something new?",
)

SCHEDULES = [weekly_retrain_schedule, version_freshness_schedule]
