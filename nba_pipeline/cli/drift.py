"""`nba drift`: is a version still the one that was judged?"""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings

if TYPE_CHECKING:
    from nba_pipeline.prediction.monitor.drift import DriftReport

MOST_MOVED = 12
STYLES = {"ok": "green", "insufficient": "dim", "WARN": "yellow", "ERROR": "bold red"}


@click.command()
@click.option("--version", default="latest", show_default=True, help="Version to look at.")
@click.option("--against", help="Another version, compared on the same games.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Recent games are those from this date on.")
@click.option("--games", type=click.IntRange(min=2), default=500, show_default=True, help="How many recent games, without --since.")
@json_option
def drift(version: str, against: str | None, since: datetime | None, games: int, as_json: bool) -> None:
    """Inputs, forecasts and log loss of a version: its training period and now.

    Recent games are after the last date of training. PSI says how far a number's distribution has moved; `limit` is what chance alone
    passes in one report of twenty, simulated with whole runs of a club's nights. KS is the largest gap between the two distributions.

    \b
    Examples:
      nba drift
      nba drift --version v1.1.0 --against v1.0.0
      nba drift --since 2022-10-18 --json | jq .findings

    \b
    Exit codes: 0 nothing at ERROR; 1 something is; 2 no such version, or no games to compare.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import RegistryError
    from nba_pipeline.models.versions.info import VersionError
    from nba_pipeline.prediction.monitor.drift import drift_report
    from nba_pipeline.prediction.monitor.periods import DriftError
    from nba_pipeline.warehouse.store import StoreError, Warehouse

    settings = read_settings()
    with plain_errors(RegistryError, VersionError, ArtifactError, StoreError, DriftError):
        warehouse = Warehouse(settings.source_dir, settings.source)
        found = drift_report(warehouse, version, against, since.date() if since else None, games)
    print_json(found.to_dict()) if as_json else show(found)
    sys.exit(1 if found.level == "ERROR" else 0)


def show(found: "DriftReport") -> None:
    """Prints what was found."""
    console.rule(f"{found.version}, source {found.source}, lineups projected", align="left")
    console.print(f"trained on  {found.trained_on}\nrecent      {found.recent}", highlight=False)
    if found.served != "net":
        console.print(f"served before tip-off is {found.served}; what is looked at here is the net", style="yellow", highlight=False)
    moved = found.shifts.sort("psi", descending=True).head(MOST_MOVED)
    print_table(f"Moved most ({len(moved)} of {found.shifts.height})", [_shift(row) for row in moved.iter_rows(named=True)])
    losses = [row for row in found.scores.iter_rows(named=True) if row["metric"] == "log_loss"]
    print_table("Log loss of recent games", [_loss(row, found.version) for row in sorted(losses, key=lambda row: row["value"])])
    for one in found.findings:
        console.print(
            f"[{STYLES[one.level]}]{one.level:12}[/] {one.question.replace('_', ' ')}: {one.message}", highlight=False, soft_wrap=True
        )


def _shift(row: dict[str, Any]) -> dict[str, Any]:
    numbers = {
        "PSI": row["psi"],
        "by chance": row["psi_noise_p50"],
        "limit": row["psi_limit"],
        "KS": row["ks"],
        "KS limit": row["ks_limit"],
    }
    texts = {name: f"{value:.3f}" for name, value in numbers.items()}
    means = {"in training": f"{row['first_mean']:.4g}", "now": f"{row['second_mean']:.4g}"}
    return {"number": row["quantity"], **texts, **means, "": "" if row["level"] == "ok" else row["level"]}


def _loss(row: dict[str, Any], version: str) -> dict[str, Any]:
    known = row["net_minus"] is not None
    interval = f"{row['net_minus']:+.4f} [{row['low']:+.4f}, {row['high']:+.4f}]" if known else ""
    return {"forecast": row["forecast"] if known else version, "log loss": f"{row['value']:.4f}", f"{version} - it [95 %]": interval}
