"""The `nba` command: what it understands. What it starts is `orchestration`'s; here words become calls and answers become text."""

import click

from nba_pipeline.cli.backtest import backtest
from nba_pipeline.cli.doctor import doctor
from nba_pipeline.cli.download import download
from nba_pipeline.cli.drift import drift
from nba_pipeline.cli.experiment import experiment
from nba_pipeline.cli.graph import graph
from nba_pipeline.cli.home import home
from nba_pipeline.cli.ledger import ledger
from nba_pipeline.cli.live import live
from nba_pipeline.cli.models import models
from nba_pipeline.cli.predict import predict
from nba_pipeline.cli.predict_points import predict_points
from nba_pipeline.cli.report import report
from nba_pipeline.cli.run import run
from nba_pipeline.cli.status import status
from nba_pipeline.cli.train import train
from nba_pipeline.cli.tune import tune
from nba_pipeline.cli.windows import windows


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="nba_pipeline")
def main() -> None:
    """Real NBA play-by-play to verified, versioned game models.

    Settings come from NBA_* variables: NBA_SOURCE (simulated, or archive for real files), NBA_ARCHIVE_DIR, NBA_SEASONS,
    NBA_EPOCHS, NBA_DEVICE, NBA_DATA_DIR, NBA_BUDGET, NBA_PRICES.

    \b
    Examples:
      nba run                           a simulated league to a model version; needs no data
      NBA_SOURCE=archive NBA_ARCHIVE_DIR=../archive NBA_SEASONS=2018-19:2022-23 nba run
      nba report                        the newest candidate next to every baseline
      nba predict --date 2022-12-07     the games of a date before tip-off
      nba live 0022100001               a game's win probability, play by play
      nba backtest --seasons 2021-22    walk forward: trained on the past only
      nba drift                         is the version still the one that was judged?
      nba train fusion --epochs 20      train on tables that are there
      nba train list                    registered versions
      nba train compare v1.0.0 v1.1.0   what changed between two
      nba tune elo                      search parameters on folds in time order, register the best
      nba models list                   tuned models and their versions
      nba experiment leaderboard        player-points models side by side
      nba ledger                        what every training has cost, and what is left of the budget
      nba windows status                27 eras and the meta-learner over them
      nba status --json                 tables, versions, runs, daemon
      nba doctor                        is everything there that a run needs?

    \b
    Exit codes: 0 success; 1 something failed, or a version was refused;
    2 wrong usage, or nothing to run on.
    """


FORECASTS = (report, predict, live, backtest, drift)
MODELS = (train, tune, models, experiment, predict_points, windows)
for command in (download, run, *FORECASTS, *MODELS, ledger, status, doctor, home, graph):
    main.add_command(command)
