"""A code location for a daemon: the weekly schedule once more, with every minute for a week, over the real job and the real record."""

from datetime import datetime

import dagster as dg

from nba_pipeline.definitions import build_definitions
from nba_pipeline.orchestration.jobs import weekly_retrain
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.schedules import RECORD, weekly_request


@dg.schedule(job=weekly_retrain, cron_schedule="* * * * *", default_status=dg.DefaultScheduleStatus.RUNNING)
def minute_retrain_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """What the weekly schedule asks for, under the name of its minute; the archive is empty, so a run is one step."""
    request = weekly_request(context, StoreResource.from_settings())
    minute = f"{context.scheduled_execution_time.astimezone():%Y-%m-%d %H:%M}"
    config = {
        **request.run_config["ops"][RECORD]["config"],
        "week": minute,
        "scheduled_at": str(datetime.fromisoformat(minute).astimezone()),
    }
    return request._replace(run_key=minute, run_config={"ops": {RECORD: {"config": config}}})


def _definitions() -> dg.Definitions:
    built = build_definitions()
    return dg.Definitions(
        assets=built.assets,
        asset_checks=built.asset_checks,
        jobs=[weekly_retrain],
        schedules=[minute_retrain_schedule],
        resources=built.resources,
        executor=built.executor,
    )


defs = _definitions()
