"""`nba run`: the main job."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from nba_pipeline.cli.output import console, plain_errors, read_settings
from nba_pipeline.cli.report import show
from nba_pipeline.cli.train import print_standing


@click.command()
def run() -> None:
    """Raw archive to a registered model version, over NBA_SEASONS.

    Without settings a league is simulated, and the run says at its end what was learned of it and how to go on with real data. Runs
    of dead processes are ended first; a killed run is taken up where it stopped. The same runs show in the Dagster UI.

    \b
    Examples:
      nba run
      NBA_SOURCE=archive NBA_ARCHIVE_DIR=../archive NBA_SEASONS=2018-19:2022-23 NBA_EPOCHS=10 nba run
      make run SOURCE=archive ARCHIVE=../archive SEASONS=2018-19:2022-23 EPOCHS=10

    \b
    Exit codes: 0 a version is registered; 1 a step failed or the version was refused;
    2 wrong settings, or there is no archive to run on.
    """
    settings = read_settings()
    from nba_pipeline.definitions import pipeline_job
    from nba_pipeline.league.seasons import UnknownSeasonError
    from nba_pipeline.orchestration.candidates import candidate_since
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance, run_pipeline

    with plain_errors(DagsterHomeError, UnknownSeasonError), dagster_instance(settings) as instance:
        start = datetime.now(UTC)
        code = run_pipeline(settings, instance, pipeline_job, console)
        if candidate := candidate_since(instance, start.timestamp()):
            show(candidate)
            print_standing(settings.source_dir / "models", start)
            _close(candidate)
    sys.exit(code)


def _close(candidate: Path) -> None:
    """After a run on the simulated league: what it taught, and how to go on with real data."""
    from nba_pipeline.models.versions.candidates import read_candidate
    from nba_pipeline.prediction.simulated import epilogue, is_simulated

    facts = read_candidate(candidate)
    if is_simulated(facts):
        console.print(f"\n{epilogue(facts)}", markup=False, highlight=False, soft_wrap=True)
