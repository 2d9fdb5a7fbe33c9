"""`nba experiment train`: the first models."""

import sys

import click

from nba_pipeline.cli.output import console, plain_errors, read_settings

WHAT = {"all": ("ewma", "lightgbm", "xgboost", "catboost")} | {name: (name,) for name in ("ewma", "lightgbm", "xgboost", "catboost")}


@click.command()
@click.argument("what", type=click.Choice(list(WHAT)), default="all")
@click.option("--train", "train", default="", help="Seasons to learn from, such as 2013-14:2020-21; all of NBA_SEASONS but the last.")
@click.option("--test", "test", default="", help="Later seasons to test on; the last of NBA_SEASONS.")
def train(what: str, train: str, test: str) -> None:
    """Train points models and register them: a moving average, LightGBM, XGBoost, CatBoost.

    The same assets as in the Dagster UI, on the same instance; tables are not built here (make run builds them).

    \b
    Examples:
      nba experiment train
      nba experiment train lightgbm --train 2013-14:2020-21 --test 2021-22

    \b
    Exit codes: 0 registered; 1 a training failed; 2 wrong settings.
    """
    settings = read_settings()
    from nba_pipeline.definitions import experiment_training_job
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance, execute, report_stale_runs
    from nba_pipeline.orchestration.stages import Stage

    assets = tuple(f"{name}_points" for name in WHAT[what])
    config = {"ops": {name: {"config": {"train": train, "test": test}} for name in assets}}
    with plain_errors(DagsterHomeError), dagster_instance(settings) as instance:
        report_stale_runs(instance, console)
        sys.exit(execute(Stage(", ".join(assets), assets), instance, experiment_training_job, console, run_config=config))
