"""The jobs: raw data to a registered version, the same for the current season once a week, forecasts, backtests, points experiments."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from nba_pipeline.league.seasons import Season, season_label, start_year
from nba_pipeline.orchestration.checks import fresh_version, weekly_happened

EASTERN = ZoneInfo("America/New_York")
SEASON_STARTS_IN = 10
"""October; until then the season before is the current one."""

TABLES = dg.AssetSelection.groups("raw", "warehouse", "features", "sql")
UP_TO_A_MODEL = TABLES | dg.AssetSelection.groups("models")
"""By season; forecasts are by date, backtests by block, and one job has one kind of partitions."""

MONITOR = dg.AssetSelection.assets("drift_report")

TUNING, WEEKLY = dg.AssetSelection.groups("tuning"), dg.AssetSelection.groups("weekly")

pipeline = dg.define_asset_job(
    "pipeline",
    selection=UP_TO_A_MODEL,
    description="Raw archive to a registered model version.",
)

daily_tables = dg.define_asset_job(
    "daily_tables",
    selection=TABLES,
    description="The current season's tables and features anew; no model is trained.",
)

weekly_retrain = dg.define_asset_job(
    "weekly_retrain",
    selection=UP_TO_A_MODEL | MONITOR | TUNING | WEEKLY,
    description="The current season's tables and features anew, the nets on the chosen seasons and it, drift, tuned models, the record.",
)

predictions = dg.define_asset_job(
    "predictions",
    selection=["game_predictions", "win_probability"],
    description="Forecasts of the games of a date, by a registered version; tables and versions are taken as they are.",
)

drift = dg.define_asset_job(
    "drift", selection=MONITOR, description="The newest version's training period against now; nothing else is made."
)

backtest_block = dg.define_asset_job(
    "backtest_block",
    selection=["backtest"],
    description="One block of a walk-forward backtest; nothing upstream is built.",
)

backtest_summary = dg.define_asset_job(
    "backtest_summary", selection=["backtest_report"], description="The report over the blocks that are there."
)

version_freshness = dg.define_asset_job(
    "version_freshness", selection=dg.AssetSelection.checks(fresh_version, weekly_happened), description="Only the two checks."
)

tune_models = dg.define_asset_job(
    "tune_models", selection=TUNING, description="Active tuned models on the tables that are there; nothing upstream is built."
)

experiment_training = dg.define_asset_job(
    "experiment_training",
    selection=dg.AssetSelection.assets("ewma_points", "lightgbm_points", "xgboost_points", "catboost_points"),
    description="The first points models, trained and registered.",
)

experiment_run = dg.define_asset_job(
    "experiment_run",
    selection=dg.AssetSelection.assets("experiment_predictions"),
    description="A day's predictions of every enabled model.",
)

experiment_grade = dg.define_asset_job(
    "experiment_grade", selection=dg.AssetSelection.assets("experiment_grades"), description="A day's predictions against what happened."
)

era_tables = dg.define_asset_job(
    "era_tables", selection=["era_lines", "era_form"], description="Box lines of all of history, and what the window models see of them."
)

window_training = dg.define_asset_job("window_training", selection=["window_models"], description="One era's models.")

meta_training = dg.define_asset_job(
    "meta_training",
    selection=["window_ensemble", "meta_learner"],
    description="The gate, and behind it the meta-learner over every window.",
)

windows_scoring = dg.define_asset_job(
    "windows_scoring", selection=["window_ensemble", "windows_backtest"], description="The gate, and behind it seasons scored."
)

JOBS = [
    pipeline,
    daily_tables,
    weekly_retrain,
    version_freshness,
    tune_models,
    predictions,
    drift,
    backtest_block,
    backtest_summary,
    experiment_training,
    experiment_run,
    experiment_grade,
    era_tables,
    window_training,
    meta_training,
    windows_scoring,
]


def current_season(now: datetime) -> Season:
    """The season of a moment: from October on the one that starts that year."""
    eastern = now.astimezone(EASTERN)
    return season_label(eastern.year if eastern.month >= SEASON_STARTS_IN else eastern.year - 1)


def retrain_seasons(chosen: Sequence[Season], built: Sequence[Season], current: Season) -> str:
    """The chosen seasons, every one built since, and the current one, as `NBA_SEASONS` writes them."""
    since = {season for season in built if chosen[-1] < season <= current}
    return ",".join(sorted({*chosen, *since, current}, key=start_year))
