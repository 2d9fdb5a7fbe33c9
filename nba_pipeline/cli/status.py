"""`nba status`: what stands where."""

from datetime import datetime
from typing import Any

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings


@click.command()
@json_option
def status(as_json: bool) -> None:
    """Tables on disk, registered versions, recent weeks and runs, and whether the daemon is alive.

    \b
    Examples:
      nba status
      nba status --json | jq .versions

    \b
    Exit codes: 0 shown; 2 wrong settings, or a folder or a version that cannot be used.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.costs.summary import eastern_text
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance
    from nba_pipeline.orchestration.status import pipeline_status
    from nba_pipeline.warehouse.store import StoreError

    settings = read_settings()
    with plain_errors(DagsterHomeError, StoreError, ArtifactError), dagster_instance(settings) as instance:
        answer = pipeline_status(settings, instance)
    if as_json:
        print_json(answer)
        return

    def eastern(rows: list[dict[str, Any]], moment: str) -> list[dict[str, Any]]:
        return [row | {moment: eastern_text(datetime.fromisoformat(row[moment]))} for row in rows]

    console.print(f"{answer['data_dir']}  source {answer['source']}  seasons {answer['seasons']}", highlight=False)
    print_table("Tables", answer["tables"], "none yet: make run")
    print_table("Versions", eastern(answer["versions"], "created_at"), "none yet: make run")
    print_table("Weekly runs", answer["weeks"], "none yet: they need the daemon (make ui)")
    print_table("Runs", eastern(answer["runs"], "started"))
    alive = answer["daemon"]["running"]
    console.print(
        "daemon: alive, schedules tick" if alive else "daemon: not running, schedules do not tick (make ui)",
        style="green" if alive else "yellow",
    )
