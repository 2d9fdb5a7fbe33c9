"""`nba experiment`: many points models side by side."""

import click

from nba_pipeline.cli.experiment_compare import head_to_head, leaderboard
from nba_pipeline.cli.experiment_days import grade, run
from nba_pipeline.cli.experiment_models import MODEL_COMMANDS
from nba_pipeline.cli.experiment_production import audit, promote, rollback
from nba_pipeline.cli.experiment_train import train


@click.group()
def experiment() -> None:
    """Player-points models side by side: train, run, grade, compare, promote.

    Models, predictions and the audit are tables of the schema nba_predictions in nba.duckdb. docs/experiments.md tells the whole story.

    \b
    Examples:
      nba experiment train                       the first four models
      nba experiment run --season 2022-23        every enabled model, every game
      nba experiment grade --season 2022-23
      nba experiment leaderboard
      nba experiment promote lightgbm-2020-21-1a2b3c4d
      nba predict-points --date 2022-11-05       whatever is production
    """


for command in (train, run, grade, leaderboard, head_to_head, promote, rollback, audit, *MODEL_COMMANDS):
    experiment.add_command(command)
