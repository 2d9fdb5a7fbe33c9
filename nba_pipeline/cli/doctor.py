"""`nba doctor`: is everything there that a run needs?"""

import sys
from dataclasses import asdict

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, read_settings

MARKS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "problem": ("problem", "red")}


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Versions against constraints.txt, files of the chosen seasons, disk, daemon heartbeat, stale runs (which it ends).

    \b
    Examples:
      nba doctor
      NBA_SEASONS=2023-24 nba doctor --json

    \b
    Exit codes: 0 a run can start; 1 something is missing; 2 wrong usage.
    """
    from nba_pipeline.league.seasons import UnknownSeasonError
    from nba_pipeline.orchestration.doctor import examine
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance

    settings = read_settings()
    with plain_errors(DagsterHomeError, UnknownSeasonError), dagster_instance(settings) as instance:
        findings = examine(settings, instance)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            word, style = MARKS[finding.level]
            console.print(f"[{style}]{word:8}[/] {finding.question}: {finding.answer}", highlight=False, soft_wrap=True)
    sys.exit(any(finding.level == "problem" for finding in findings))
