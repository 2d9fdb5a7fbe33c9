"""The two schedules of the points experiments: predictions at noon, grades in the night. The others are in `schedules.py`.

A day is run once (`run_key`); both wait until there is something to run on.
"""

from datetime import timedelta

import dagster as dg

from nba_pipeline.orchestration.jobs import EASTERN, experiment_grade, experiment_run
from nba_pipeline.orchestration.resources import StoreResource

_ONE_DAY = timedelta(days=1)


@dg.schedule(
    job=experiment_run, cron_schedule="0 12 * * *", execution_timezone=str(EASTERN), default_status=dg.DefaultScheduleStatus.RUNNING
)
def experiment_run_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Noon Eastern: every enabled model predicts the games of the day."""
    return _day(context.scheduled_execution_time.astimezone(EASTERN).date().isoformat(), "run")


@dg.schedule(
    job=experiment_grade, cron_schedule="0 2 * * *", execution_timezone=str(EASTERN), default_status=dg.DefaultScheduleStatus.RUNNING
)
def experiment_grade_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """02:00 Eastern: the predictions of the day before are graded."""
    return _day((context.scheduled_execution_time.astimezone(EASTERN).date() - _ONE_DAY).isoformat(), "grade")


def _day(key: str, what: str) -> dg.RunRequest | dg.SkipReason:
    if not StoreResource.from_settings().warehouse.seasons("player_form"):
        return dg.SkipReason("there is no table player_form yet: make run builds it")
    return dg.RunRequest(run_key=f"experiment-{what}-{key}", partition_key=key)


EXPERIMENT_SCHEDULES = [experiment_run_schedule, experiment_grade_schedule]
