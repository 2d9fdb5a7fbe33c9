"""`nba ledger`: what trainings have cost."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, print_table, read_settings


@click.command()
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Also draw how the cost has grown, to this PNG file.")
@json_option
def ledger(plot: Path | None, as_json: bool) -> None:
    """Seconds and cost of every training by asset, and what the last 30 days leave of the budget.

    NBA_PRICES says what an hour costs on each device. With NBA_BUDGET a training that would cost more than is left does not start; the
    estimate is how long it took last time. Trainings that failed count. The table is `training_ledger` in nba.duckdb.

    \b
    Examples:
      nba ledger
      nba ledger --plot costs.png
      nba ledger --json | jq '.assets[] | {asset, cost}'
      NBA_BUDGET=5 nba run

    \b
    Exit codes: 0 shown; 2 another process holds the file, or the picture cannot be written.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.costs.summary import by_asset, totals
    from nba_pipeline.models.ledger import Ledger
    from nba_pipeline.warehouse.store import StoreError, Warehouse

    settings = read_settings()
    with plain_errors(StoreError, ArtifactError):
        entries = Ledger(Warehouse(settings.source_dir, settings.source), settings.prices).entries()
    if plot:
        _draw(entries, plot)
    answer = {
        "source": settings.source,
        "prices_per_hour": settings.prices,
        "budget": settings.budget,
        **totals(entries, datetime.now(UTC)),
        "assets": by_asset(entries).to_dicts(),
    }
    print_json(answer) if as_json else _show(answer)
    if plot and not as_json:
        console.print(f"drawn: {plot}", highlight=False, soft_wrap=True)


def _draw(entries: Any, file: Path) -> None:
    from nba_pipeline.evaluation.plots import growing_costs
    from nba_pipeline.models.costs.summary import cumulative_cost

    try:
        file.write_bytes(growing_costs(cumulative_cost(entries)))
    except OSError as error:
        raise RefusedError(f"{file} cannot be written ({error}): give another file to --plot") from error


def _show(answer: dict[str, Any]) -> None:
    from nba_pipeline.models.costs.budget import money
    from nba_pipeline.models.costs.summary import eastern_text

    rows = [
        row | {"seconds": f"{row['seconds']:,.1f}", "cost": money(row["cost"]), "last": eastern_text(row["last"])}
        for row in answer["assets"]
    ]
    print_table(f"Trainings, source {answer['source']}", rows, "none yet: make run")
    limit = "no budget (NBA_BUDGET)" if answer["budget"] is None else f"a budget of {money(answer['budget'])}"
    console.print(
        f"in all {answer['trainings']:,} trainings, {answer['seconds']:,.1f} s, {money(answer['cost'])}\n"
        f"last 30 days: {money(answer['cost_30_days'])}, {limit}",
        highlight=False,
        soft_wrap=True,
    )
