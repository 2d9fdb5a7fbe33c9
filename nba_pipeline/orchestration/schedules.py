"""What runs by itself. Both schedules run as soon as `dagster dev` or the daemon does; `nba status` says whether it does."""

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.jobs import EASTERN, current_season, retrain_seasons, version_freshness, weekly_retrain
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings

TRAINED = ("transformer_model", "gnn_model", "fusion_model")


@dg.schedule(
    job=weekly_retrain,
    cron_schedule="0 3 * * 0",
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_retrain_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Sunday 03:00 Eastern; the run key is the ISO week, so that an outage is caught up once and never twice."""
    at = context.scheduled_execution_time.astimezone(EASTERN)
    season = current_season(at)
    settings = get_settings()
    built = StoreResource.from_settings(settings).warehouse.seasons("sequences")
    seasons = retrain_seasons(parse_seasons(settings.seasons), built, season)
    year, week, _ = at.isocalendar()
    return dg.RunRequest(
        run_key=f"{year}-W{week:02d}",
        partition_key=season,
        run_config={"ops": {name: {"config": {"seasons": seasons}} for name in TRAINED}},
    )


version_freshness_schedule = dg.ScheduleDefinition(
    job=version_freshness,
    cron_schedule="0 9 * * *",
    execution_timezone=str(EASTERN),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every morning: did the weekly retrain really produce a version within eight days?",
)

SCHEDULES = [weekly_retrain_schedule, version_freshness_schedule]
