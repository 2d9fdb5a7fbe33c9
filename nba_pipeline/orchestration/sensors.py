"""What watches. The sensor is stopped until a person starts it: drift does not always mean that training again helps."""

from datetime import datetime

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.assets.monitor import DRIFT
from nba_pipeline.orchestration.jobs import EASTERN, current_season, retrain_seasons, weekly_retrain
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.schedules import TRAINED
from nba_pipeline.prediction.drift_findings import QUESTIONS
from nba_pipeline.settings import get_settings

HOUR = 3600
LEAK = "against_market"
"""A version that knows what it forecasts is looked into by a person; training again would repeat it."""


@dg.sensor(job=weekly_retrain, minimum_interval_seconds=HOUR, default_status=dg.DefaultSensorStatus.STOPPED)
def retrain_on_drift(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for the weekly retrain when the newest drift report has a check at ERROR; once for each report."""
    alarming = {name: run for name, run in errors(context.instance).items() if name != LEAK}
    if not alarming:
        return dg.SkipReason("no drift check is at ERROR that training again could mend")
    settings, season = get_settings(), current_season(datetime.now(EASTERN))
    built = StoreResource.from_settings(settings).warehouse.seasons("sequences")
    seasons = retrain_seasons(parse_seasons(settings.seasons), built, season)
    return dg.RunRequest(
        run_key=f"drift-{max(alarming.values())}",
        partition_key=season,
        run_config={"ops": {name: {"config": {"seasons": seasons}} for name in TRAINED}},
        tags={"nba/drift": ", ".join(sorted(alarming))},
    )


def errors(instance: dg.DagsterInstance) -> dict[str, str]:
    """Questions of the newest drift report that failed at ERROR, with the run that found it."""
    keys = [dg.AssetCheckKey(DRIFT, name) for name in QUESTIONS]
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    evaluated = {key.name: (record.run_id, record.evaluation) for key, record in found.items() if record.evaluation is not None}
    return {name: run for name, (run, one) in evaluated.items() if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR}


SENSORS = [retrain_on_drift]
