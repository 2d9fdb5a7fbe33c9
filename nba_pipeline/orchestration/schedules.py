"""What runs by itself. All schedules run as soon as `dagster dev` or the daemon does; `nba status` says whether it does."""

from dataclasses import asdict
from typing import Any

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.jobs import EASTERN, current_season, daily_tables, retrain_seasons, version_freshness, weekly_retrain
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
        run_config={"ops": {**trained_on(_seasons(store, plan)), **record}},
        tags={OUTCOME_TAG: plan.outcome},
    )


def trained_on(seasons: str) -> dict[str, Any]:
    """The configuration of the nets in a retrain: tested on the last games, so that each week learns what the week before was tested on."""
    return {name: {"config": {"seasons": seasons, "split": "last_games"}} for name in TRAINED}


def _seasons(store: StoreResource, plan: WeeklyPlan) -> str:
    """The nets train on the chosen seasons, every one built since, and this one."""
    return retrain_seasons(parse_seasons(get_settings().seasons), store.warehouse.seasons("sequences"), plan.season)


@dg.schedule(
    job=daily_tables,
    cron_schedule=["30 1 * * *", "30 11 * * *"],
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_tables_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """01:30 and 11:30 Eastern, before grading and before the noon run: this season's tables and features, if its files have changed."""
    return daily_request(context, StoreResource.from_settings(get_settings()))


def daily_request(context: dg.ScheduleEvaluationContext, store: StoreResource) -> dg.RunRequest | dg.SkipReason:
    """The run over a season's files. Its key is their content, so that the same files are built once.

    Args:
        context: when the tick was to be.
        store: the folders.
    """
    if store.source == "simulated":
        return dg.SkipReason("the simulated league plays a season at once: its tables never change")
    season = current_season(context.scheduled_execution_time)
    if not store.archive.paths(season):
        return dg.SkipReason(f"no file of {season} in {store.archive.root}: the season has not begun, or its files are late")
    return dg.RunRequest(run_key=f"{season}-{store.archive.digest(season)[:16]}", partition_key=season)


version_freshness_schedule = dg.ScheduleDefinition(
    job=version_freshness,
    cron_schedule="0 9 * * *",
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every morning: did the weekly retrain really happen within eight days, and leave a version if there was something new?",
)

SCHEDULES = [daily_tables_schedule, weekly_retrain_schedule, version_freshness_schedule]
