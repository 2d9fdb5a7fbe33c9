"""The `nba` command: what it understands. What it starts is `orchestration`'s; here words become calls and answers become text."""

import click

from nba_pipeline.cli.doctor import doctor
from nba_pipeline.cli.download import download
from nba_pipeline.cli.drift import drift
from nba_pipeline.cli.graph import graph
from nba_pipeline.cli.home import home
from nba_pipeline.cli.report import report
from nba_pipeline.cli.run import run
from nba_pipeline.cli.status import status
from nba_pipeline.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="nba_pipeline")
def main() -> None:
    """Real NBA play-by-play to verified, versioned game models.

    Settings come from NBA_* variables: NBA_SOURCE (simulated, or archive for real files), NBA_ARCHIVE_DIR, NBA_SEASONS,
    NBA_EPOCHS, NBA_DEVICE, NBA_DATA_DIR.

    \b
    Examples:
      nba run                           a simulated league to a model version; needs no data
      NBA_SOURCE=archive NBA_ARCHIVE_DIR=../archive NBA_SEASONS=2018-19:2022-23 nba run
      nba report                        the newest candidate next to every baseline
      nba train fusion --epochs 20      train on tables that are there
      nba train list                    registered versions
      nba train compare v1.0.0 v1.1.0   what changed between two
      nba drift                         is the version still the one that was judged?
      nba status --json                 tables, versions, runs, daemon
      nba doctor                        is everything there that a run needs?

    \b
    Exit codes: 0 success; 1 something failed, or a version was refused;
    2 wrong usage, or nothing to run on.
    """


for command in (download, run, report, train, drift, status, doctor, home, graph):
    main.add_command(command)
