"""`nba report`: what the newest candidate is worth, and the page of a version."""

from pathlib import Path

import click

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, read_settings

BESIDE = "beside the version"


@click.command()
@click.option("--html", metavar="[FILE]", is_flag=False, flag_value=BESIDE, help="Write the page of a version instead: here, or to FILE.")
@click.option("--version", help="Version whose page is written; `latest` when not given.")
@json_option
def report(html: str | None, version: str | None, as_json: bool) -> None:
    """The newest candidate's scores on held-out games, next to every baseline on the same games, and its verdict.

    `net - it` is the net's loss minus the baseline's, paired game by game, with a 95 % interval over dates; below 0 the net is better.
    With --html the page of a registered version, which needs no other file: `report.html` in its folder, or FILE.

    \b
    Examples:
      nba report
      nba report --json | jq .verdict
      nba report --html                              data/models/<latest>/report.html, written anew
      nba report --version v1.0.0 --html page.html

    \b
    Exit codes: 0 shown or written; 2 nothing was trained yet, no such version, or its files are gone.
    """
    if html:
        write(version or "latest", None if html == BESIDE else Path(html), as_json)
        return
    if version:
        raise RefusedError("--version chooses the page of --html; the newest candidate has none (nba train list shows versions)")
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.versions.candidates import read_candidate
    from nba_pipeline.orchestration.candidates import NoCandidateError, latest_candidate
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance

    with plain_errors(DagsterHomeError, NoCandidateError, ArtifactError), dagster_instance(read_settings()) as instance:
        candidate = latest_candidate(instance)
        print_json(read_candidate(candidate)) if as_json else show(candidate)


def write(version: str, file: Path | None, as_json: bool) -> None:
    """Writes the page of a version and says where it is."""
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import RegistryError
    from nba_pipeline.models.versions.info import VersionError
    from nba_pipeline.prediction.version_page.page import write_page
    from nba_pipeline.warehouse.store import StoreError, Warehouse

    settings = read_settings()
    with plain_errors(RegistryError, VersionError, ArtifactError, StoreError):
        path = write_page(Warehouse(settings.source_dir, settings.source), version, file).resolve()
    print_json({"page": str(path)}) if as_json else click.echo(path)


def show(candidate: Path) -> None:
    """Prints the report of a candidate."""
    from nba_pipeline.models.versions.candidates import read_candidate
    from nba_pipeline.prediction.report import print_report

    print_report(console, read_candidate(candidate))
