"""What watches. The sensor is stopped until a person starts it: drift does not always mean that training again helps."""

from datetime import datetime

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.assets.monitor import DRIFT
from nba_pipeline.orchestration.jobs import EASTERN, retrain_seasons, weekly_retrain
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.schedules import TRAINED, trained_on
from nba_pipeline.prediction.monitor.findings import QUESTIONS
from nba_pipeline.settings import get_settings

HOUR = 3600
LEAK = "against_market"
"""A version that knows what it forecasts is looked into by a person; training again would repeat it."""

RETRAINED = [*(dg.AssetKey(name) for name in (*TRAINED, "model_version")), DRIFT]


@dg.sensor(job=weekly_retrain, minimum_interval_seconds=HOUR, default_status=dg.DefaultSensorStatus.STOPPED)
def retrain_on_drift(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for the models of the weekly retrain anew when the newest drift report has a check at ERROR; at most once a week."""
    alarming = {name: run for name, run in errors(context.instance).items() if name != LEAK}
    if not alarming:
        return dg.SkipReason("no drift check is at ERROR that training again could mend")
    settings = get_settings()
    built = StoreResource.from_settings(settings).warehouse.seasons("sequences")
    if not built:
        return dg.SkipReason("there are no tables to train on: make run")
    seasons = retrain_seasons(parse_seasons(settings.seasons), built, built[-1])
    year, week, _ = datetime.now(EASTERN).isocalendar()
    return dg.RunRequest(
        run_key=f"drift-{year}-W{week:02d}",
        asset_selection=RETRAINED,
        run_config={"ops": trained_on(seasons)},
        tags={"nba/drift": ", ".join(sorted(alarming))},
    )


def errors(instance: dg.DagsterInstance) -> dict[str, str]:
    """Questions of the newest drift report that failed at ERROR, with the run that found it."""
    keys = [dg.AssetCheckKey(DRIFT, name) for name in QUESTIONS]
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    evaluated = {key.name: (record.run_id, record.evaluation) for key, record in found.items() if record.evaluation is not None}
    return {name: run for name, (run, one) in evaluated.items() if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR}


SENSORS = [retrain_on_drift]
