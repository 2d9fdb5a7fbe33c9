"""Metadata values that more than one group of assets shows."""

from collections.abc import Mapping, Sequence

import dagster as dg
import polars as pl

from nba_pipeline.evaluation.criteria import CRITERIA
from nba_pipeline.models.versions.info import VersionInfo

Scalar = str | int | float | bool


def table_metadata(rows: Sequence[Mapping[str, Scalar]]) -> dg.TableMetadataValue:
    """A table the UI can show."""
    records = [dg.TableRecord(dict(row)) for row in rows]
    columns = [dg.TableColumn(name) for name in rows[0]] if rows else []
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns=columns))


def frame_metadata(frame: pl.DataFrame, limit: int = 20) -> dg.MarkdownMetadataValue:
    """The first rows of a frame as a markdown table."""
    head = "| " + " | ".join(frame.columns) + " |\n|" + "---|" * frame.width
    body = ("| " + " | ".join(str(value).replace("|", "/") for value in row) + " |" for row in frame.head(limit).iter_rows())
    more = f"\n\n… and {frame.height - limit:,} more rows" if frame.height > limit else ""
    return dg.MetadataValue.md("\n".join([head, *body]) + more)


def headline(metrics: Mapping[str, float]) -> dict[str, float]:
    """The numbers worth a plot of their own: those that the criteria judge, on validation and test; a short report is shown whole."""
    judged = {one.key for one in CRITERIA}
    return {name: value for name, value in metrics.items() if "/" not in name or name.removeprefix("test/") in judged}


def number_metadata(numbers: Mapping[str, float | int]) -> dict[str, dg.MetadataValue]:
    """Numbers the UI plots over time; values that are not finite are shown as text."""
    shown: dict[str, dg.MetadataValue] = {}
    for name, value in numbers.items():
        finite = value == value and abs(value) != float("inf")
        shown[name] = dg.MetadataValue.float(float(value)) if finite else dg.MetadataValue.text(str(value))
    return shown


def promotion_metadata(version: VersionInfo, in_use: bool) -> dict[str, dg.MetadataValue]:
    """Whether a version is the one in use now, why, and the paired difference in log loss to the one before.

    Args:
        version: of the game model.
        in_use: whether `latest` points at it.
    """
    comparison, prefix = version.comparison or {}, "log_loss_minus_in_use"
    shown = {prefix: "mean", f"{prefix}_low": "low", f"{prefix}_high": "high", "shared_games": "games"}
    numbers = {name: comparison[key] for name, key in shown.items() if key in comparison}
    return {"promoted": dg.MetadataValue.text(version.standing(in_use)), **number_metadata(numbers)}
