"""`nba run`: the main job."""

import sys
import time

import click

from nba_pipeline.cli.output import console, plain_errors, read_settings
from nba_pipeline.cli.report import show


@click.command()
def run() -> None:
    r"""Raw archive to a registered model version, over NBA_SEASONS.

    Runs of dead processes are ended first; a killed run is taken up where it stopped. The same runs show in the Dagster UI.

    \b
    Examples:
      NBA_ARCHIVE_DIR=../archive NBA_SEASONS=2018-19:2022-23 NBA_EPOCHS=10 nba run
      make run ARCHIVE=../archive SEASONS=2018-19:2022-23 EPOCHS=10

    \b
    Exit codes: 0 a version is registered; 1 a step failed or the version was refused;
    2 there is no archive to run on.
    """
    from nba_pipeline.definitions import pipeline_job
    from nba_pipeline.league.seasons import UnknownSeasonError
    from nba_pipeline.orchestration.candidates import candidate_since
    from nba_pipeline.orchestration.launch import NoDagsterHomeError, dagster_instance, run_pipeline

    with plain_errors(NoDagsterHomeError, UnknownSeasonError), dagster_instance() as instance:
        start = time.time()
        code = run_pipeline(read_settings(), instance, pipeline_job, console)
        if candidate := candidate_since(instance, start):
            show(candidate)
    sys.exit(code)
