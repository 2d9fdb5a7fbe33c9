"""What `nba tune` starts on the pipeline's tables: the asset of a class of models, on the same Dagster instance as the UI."""

import json
import time
from collections.abc import Mapping
from typing import Any

import dagster as dg
from rich.console import Console

from nba_pipeline.orchestration.launch import FAILED, JobMaker, execute, report_stale_runs
from nba_pipeline.orchestration.stages import Stage

RESULT = "result"


def tune_models(
    class_name: str, asked: Mapping[str, Any], instance: dg.DagsterInstance, job: JobMaker, console: Console
) -> tuple[int, dict[str, Any] | None]:
    """Trains one model of a class and returns the exit code and what was registered.

    Args:
        class_name: of the model.
        asked: name, method, trials, folds, space, seasons, held_out_from, gap_days and budget (minutes).
        instance: where the run is recorded.
        job: makes the job over the tuning assets.
        console: where progress goes.
    """
    report_stale_runs(instance, console)
    asset, start = f"tuned_{class_name}", time.time()
    config = {name: asked[name] for name in ("name", "method", "trials", "folds", "seasons", "held_out_from", "gap_days")}
    config |= {"search_space": json.dumps(asked["space"]) if asked["space"] else "", "budget_minutes": asked["budget"] or 0.0}
    code = execute(Stage(asset, (asset,)), instance, job, console, run_config={"ops": {asset: {"config": config}}})
    event = instance.get_latest_materialization_event(dg.AssetKey(asset))
    if event is None or event.asset_materialization is None or event.timestamp < start:
        return max(code, FAILED), None
    metadata = event.asset_materialization.metadata
    key = RESULT if asked["name"] == class_name else f"{asked['name']}/{RESULT}"
    result = metadata[key].value
    assert isinstance(result, Mapping)
    return code, dict(result)
