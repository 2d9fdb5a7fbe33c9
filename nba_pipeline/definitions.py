"""The wiring: everything Dagster shows, in one place. Nothing here computes anything, and nothing imports torch."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.orchestration.assets.backtests import BACKTEST_ASSETS
from nba_pipeline.orchestration.assets.costs import training_costs
from nba_pipeline.orchestration.assets.experiments import EXPERIMENT_ASSETS
from nba_pipeline.orchestration.assets.features import feature_assets
from nba_pipeline.orchestration.assets.models import MODEL_ASSETS
from nba_pipeline.orchestration.assets.monitor import drift_report
from nba_pipeline.orchestration.assets.predictions import PREDICTION_ASSETS
from nba_pipeline.orchestration.assets.raw import raw_archive
from nba_pipeline.orchestration.assets.sql import sql_views_asset
from nba_pipeline.orchestration.assets.tuning import TUNING_ASSETS
from nba_pipeline.orchestration.assets.warehouse import TABLES, WAREHOUSE_ASSETS
from nba_pipeline.orchestration.assets.weekly import weekly_record
from nba_pipeline.orchestration.assets.windows import WINDOW_ASSETS
from nba_pipeline.orchestration.checks import CHECKS
from nba_pipeline.orchestration.experiment_schedules import EXPERIMENT_SCHEDULES
from nba_pipeline.orchestration.jobs import (
    JOBS,
    backtest_block,
    backtest_summary,
    era_tables,
    experiment_training,
    meta_training,
    pipeline,
    tune_models,
    window_training,
    windows_scoring,
)
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.orchestration.schedules import SCHEDULES
from nba_pipeline.orchestration.sensors import SENSORS

STEPS = dg.multiprocess_executor.configured(
    {"max_concurrent": 2, "start_method": {"forkserver": {"preload_modules": ["nba_pipeline.definitions"]}}}, name="multiprocess"
)
"""Two steps at a time, forked from a process that has imported this and computed nothing."""


def build_definitions(*, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All assets, checks, jobs, schedules and resources.

    Args:
        resource_overrides: resources to replace, by name: `store`, `compute`.
    """
    views = sql_views_asset([*TABLES, *(feature.name for feature in FEATURES)])
    return dg.Definitions(
        assets=[
            raw_archive,
            *WAREHOUSE_ASSETS,
            *feature_assets(FEATURES),
            views,
            *MODEL_ASSETS,
            *PREDICTION_ASSETS,
            drift_report,
            *BACKTEST_ASSETS,
            *TUNING_ASSETS,
            weekly_record,
            *EXPERIMENT_ASSETS,
            *WINDOW_ASSETS,
            training_costs,
        ],
        asset_checks=CHECKS,
        jobs=JOBS,
        schedules=[*SCHEDULES, *EXPERIMENT_SCHEDULES],
        sensors=SENSORS,
        resources={"store": StoreResource.from_settings(), "compute": ComputeResource.from_settings(), **(resource_overrides or {})},
        executor=STEPS,
    )


defs = build_definitions()

# A job as step processes find it again is a function of a module: one for each job that commands start.


def pipeline_job() -> dg.JobDefinition:
    """Everything up to a model."""
    return defs.resolve_job_def(pipeline.name)


def backtest_block_job() -> dg.JobDefinition:
    """One block of a backtest."""
    return defs.resolve_job_def(backtest_block.name)


def backtest_summary_job() -> dg.JobDefinition:
    """A backtest's report."""
    return defs.resolve_job_def(backtest_summary.name)


def experiment_training_job() -> dg.JobDefinition:
    """The points models, trained."""
    return defs.resolve_job_def(experiment_training.name)


def tuning_job() -> dg.JobDefinition:
    """The tuned models."""
    return defs.resolve_job_def(tune_models.name)


def era_tables_job() -> dg.JobDefinition:
    """Box lines of all of history."""
    return defs.resolve_job_def(era_tables.name)


def window_training_job() -> dg.JobDefinition:
    """One window."""
    return defs.resolve_job_def(window_training.name)


def meta_training_job() -> dg.JobDefinition:
    """The gate and the meta-learner."""
    return defs.resolve_job_def(meta_training.name)


def windows_scoring_job() -> dg.JobDefinition:
    """The gate and a backtest."""
    return defs.resolve_job_def(windows_scoring.name)
