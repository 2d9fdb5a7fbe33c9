"""The report of a version as people read it: the net next to every baseline, on the same games, with intervals.

What does not belong here: computing scores (`evaluation/scores.py`) and judging them (`evaluation/criteria.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from nba_pipeline.evaluation.scores import INSTANTS, NET
from nba_pipeline.prediction.simulated import WHAT_IT_IS, is_simulated

INSTANT_NAMES = {"pregame": "before tip-off", **{f"q{n}": f"after quarter {n}" for n in (1, 2, 3, 4)}}
COLUMNS = (
    ("accuracy", "accuracy", ".3f"),
    ("brier_score", "Brier", ".4f"),
    ("log_loss", "log loss", ".4f"),
    ("ece", "ECE", ".3f"),
    ("margin_mae", "margin MAE", ".2f"),
    ("total_mae", "total MAE", ".2f"),
)
WIDE = 110
"""Columns of a terminal from which on the differences in margin are shown too."""

VERDICT_STYLES = {"accepted": "bold green", "insufficient": "bold yellow", "refused": "bold red"}
HEADER = ("forecast", *(title for _, title, _ in COLUMNS), "net - it, log loss [95 %]", "net - it, margin MAE [95 %]")


def instant_rows(scores: pl.DataFrame, instant: str) -> Iterator[tuple[str, ...]]:
    """One row of text per forecaster at an instant, the best log loss first."""
    here = scores.filter(pl.col("instant") == instant)
    order = here.filter(pl.col("metric") == "log_loss").sort("value")["forecast"].to_list()
    cells = {(row["forecast"], row["metric"]): row for row in here.iter_rows(named=True)}
    for name in order:
        numbers = [number_text(cells.get((name, metric)), style) for metric, _, style in COLUMNS]
        yield name, *numbers, difference_text(cells.get((name, "log_loss")), ".4f"), difference_text(cells.get((name, "margin_mae")), ".2f")


def print_scores(console: Console, scores: pl.DataFrame, label: str) -> None:
    """Prints a table per instant of one held-out part."""
    for instant in INSTANTS:
        games = scores.filter((pl.col("instant") == instant) & (pl.col("forecast") == NET))["games"]
        if not len(games):
            continue
        title = f"{label}, {INSTANT_NAMES[instant]}: {games[0]:,} games"
        table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0), header_style="bold underline")
        shown = len(HEADER) if console.width >= WIDE else len(HEADER) - 1
        for column in HEADER[:shown]:
            heading = column.replace(", ", ",\n").replace(" MAE", "\nMAE")
            table.add_column(heading, justify="left" if column == "forecast" else "right", no_wrap=True)
        for row in instant_rows(scores, instant):
            table.add_row(*row[:shown], style="bold" if row[0] == NET else None)
        console.print(table)


def print_report(console: Console, facts: Mapping[str, Any]) -> None:
    """Prints everything a person wants to know of a candidate: data, scores of each held-out part, verdict.

    Args:
        console: where to.
        facts: of the candidate, as `models.candidates.read_candidate` gives them.
    """
    first, last = facts["data_range"]
    console.rule(f"games of {first} .. {last}, source {facts['source']}, lineups projected", align="left")
    if is_simulated(facts):
        console.print(WHAT_IT_IS, style="yellow", highlight=False, soft_wrap=True)
    for part, label in facts["labels"].items():
        for name, title in ((part, f"{part} {label}"), (f"{part}_market", f"{part} {label}, games with a closing line")):
            if rows := facts["scores"].get(name):
                print_scores(console, pl.DataFrame(rows, infer_schema_length=None), title)
    verdict, split_by = facts["verdict"], facts["config"].get("split_by", "seasons").replace("_", " ")
    judged = f"verdict on {facts['labels']['validation']}, split by {split_by}: {verdict['status']}"
    console.print(judged, style=VERDICT_STYLES[verdict["status"]], highlight=False)
    for result in verdict["results"]:
        mark = "ok  " if result["passed"] else "fail" if result["severity"] == "ERROR" else "warn"
        console.print(f"  {mark} {result['message']}", highlight=False, soft_wrap=True)


def as_markdown(scores: pl.DataFrame, label: str) -> str:
    """The same tables as Markdown, for the metadata of an asset."""
    parts = []
    for instant in INSTANTS:
        rows = list(instant_rows(scores, instant))
        if rows:
            lines = [f"**{label}, {INSTANT_NAMES[instant]}**", "", "| " + " | ".join(HEADER) + " |", "|---" * len(HEADER) + "|"]
            parts.append("\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]))
    return "\n\n".join(parts)


def number_text(row: dict[str, Any] | None, style: str) -> str:
    """The value of a row of scores; empty where there is none."""
    return "" if row is None or row["value"] is None else format(row["value"], style)


def difference_text(row: dict[str, Any] | None, style: str) -> str:
    """The paired difference of a row of scores with its interval; empty where there is none."""
    if row is None or row["net_minus"] is None:
        return ""
    return f"{row['net_minus']:+{style}} [{row['low']:+{style}}, {row['high']:+{style}}]"
