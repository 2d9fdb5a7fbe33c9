"""`nba report`: what the newest candidate is worth."""

from pathlib import Path

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, read_settings


@click.command()
@json_option
def report(as_json: bool) -> None:
    """The newest candidate's scores on held-out games, next to every baseline on the same games, and its verdict.

    `net - it` is the net's loss minus the baseline's, paired game by game, with a 95 % interval over dates; below 0 the net is better.

    \b
    Exit codes: 0 shown; 2 nothing was trained yet, or its files are gone.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.candidates import read_candidate
    from nba_pipeline.orchestration.candidates import NoCandidateError, latest_candidate
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance

    with plain_errors(DagsterHomeError, NoCandidateError, ArtifactError), dagster_instance(read_settings()) as instance:
        candidate = latest_candidate(instance)
        print_json(read_candidate(candidate)) if as_json else show(candidate)


def show(candidate: Path) -> None:
    """Prints the report of a candidate."""
    from nba_pipeline.models.candidates import read_candidate
    from nba_pipeline.prediction.report import print_report

    print_report(console, read_candidate(candidate))
