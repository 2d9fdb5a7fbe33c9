"""The page of a version: one HTML file that needs nothing else, for people who decide whether to use it.

Layout is the template's (`templates/version.html`), pictures are `charts.py`'s, facts `facts.py`'s; here facts become words and
rows of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from nba_pipeline.evaluation.closing_line import MARKET
from nba_pipeline.evaluation.scores import NET
from nba_pipeline.models.artifacts import write_bytes
from nba_pipeline.models.versions.files import REPORT
from nba_pipeline.prediction.report import COLUMNS, INSTANT_NAMES
from nba_pipeline.prediction.simulated import WHAT_IT_IS
from nba_pipeline.prediction.version_page import charts as draw
from nba_pipeline.prediction.version_page.ablations import PARTS
from nba_pipeline.prediction.version_page.facts import TEST, PageFacts, gather
from nba_pipeline.warehouse.store import Warehouse

TEMPLATES = Path(__file__).parent / "templates"
NAMES = {**INSTANT_NAMES, MARKET: "before tip-off, games with a closing line"}
DRAWN = ("pregame", MARKET, "q3")
SHOWN_ELSEWHERE = ("networks", "seasons", "split", "split_by")
OFF_THE_CHART = "home_rate"
"""So far behind that the others could not be told apart beside it."""


def write_page(warehouse: Warehouse, version: str = "latest", file: Path | None = None) -> Path:
    """Writes a version's page and returns where it is.

    Args:
        warehouse: tables, and the registry beside them.
        version: which one.
        file: where to; `report.html` in the version's folder when not given. It is no part of the version: checksums do not cover it.

    Raises:
        RegistryError: no such version.
        ArtifactError: a file of the version is damaged, or the page cannot be written.
    """
    facts = gather(warehouse, version)
    path = file or warehouse.root / "models" / facts.info.version / REPORT
    write_bytes(path, render(facts, inside=file is None).encode())
    return path


def render(facts: PageFacts, inside: bool = True) -> str:
    """The page as text.

    Args:
        facts: what it says.
        inside: it lies in the version's folder, so that links to files and other versions work.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    template = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("version.html")
    return template.render(
        facts=facts,
        info=facts.info,
        inside=inside,
        simulated=WHAT_IT_IS if facts.info.source == "simulated" else "",
        summary=summary(facts),
        columns=[title for _, title, _ in COLUMNS],
        parts=dict(_parts(facts)),
        forests=list(_forests(facts.scores.get("validation"))),
        reliability={NAMES[at]: draw.reliability(rows, f"Reliability {NAMES[at]}") for at, rows in facts.reliability.items()},
        curve=draw.learning_curve(facts.history, "Loss by epoch") if facts.history else "",
        silenced=list(silenced(facts.ablations)) if facts.ablations is not None else [],
        instants=[NAMES[at] for at in _instants(facts.ablations)] if facts.ablations is not None else [],
        settings=settings(facts.info.config or {}),
    )


def _parts(facts: PageFacts) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for part, table in facts.scores.items():
        yield part, list(score_tables(table, facts.info.metrics or {}, "" if part == "validation" else TEST))


def summary(facts: PageFacts) -> Iterator[str]:
    """The main result in sentences, against Elo and against the closing line."""
    table = facts.scores.get("validation", pl.DataFrame())
    for instant, other, name in (("pregame", "elo", "Elo"), (MARKET, "closing_line", "the closing line")):
        rows = table.filter((pl.col("instant") == instant) & (pl.col("metric") == "log_loss")) if table.height else table
        by_name = {row["forecast"]: row for row in rows.iter_rows(named=True)}
        if other in by_name and by_name[other]["low"] is not None:
            net, its = by_name[NET], by_name[other]
            answer = (
                "the net is better" if its["high"] < 0 else f"{name} is better" if its["low"] > 0 else "these games do not tell them apart"
            )
            difference = f"{its['net_minus']:+.4f} [{its['low']:+.4f}, {its['high']:+.4f}]"
            yield (
                f"{NAMES[instant][0].upper()}{NAMES[instant][1:]}, on {net['games']:,} held-out games, log loss is {net['value']:.4f} for "
                f"the net and {its['value']:.4f} for {name}: a difference of {difference}, {answer}."
            )


def score_tables(table: pl.DataFrame, metrics: Mapping[str, Any], prefix: str) -> Iterator[dict[str, Any]]:
    """One table per instant: its title, and a row per forecast, best log loss first; each cell with its name in `metadata.json`."""
    for instant in _instants(table):
        here = table.filter(pl.col("instant") == instant)
        cells = {(row["forecast"], row["metric"]): row for row in here.iter_rows(named=True)}
        order = here.filter(pl.col("metric") == "log_loss").sort("value", "forecast")["forecast"].to_list()
        yield {
            "title": NAMES[instant],
            "games": f"{here['games'][0]:,}",
            "noise": _calibration_noise(metrics, f"{prefix}{instant}"),
            "rows": [_score_row(cells, name, f"{prefix}{instant}") for name in order],
        }


def _calibration_noise(metrics: Mapping[str, Any], base: str) -> str:
    usual, most = (metrics.get(f"{base}/ece_noise_{share}") for share in ("p50", "p95"))
    return f"; a perfect forecast has an ECE of {usual:.3f}, up to {most:.3f} by chance" if usual is not None and most is not None else ""


def _score_row(cells: Mapping[tuple[str, str], dict[str, Any]], name: str, base: str) -> dict[str, Any]:
    suffix = "" if name == NET else f"_{name}"
    found = [(f"{base}/{metric}{suffix}", cells.get((name, metric)), style) for metric, _, style in COLUMNS]
    return {
        "name": name.replace("_", " "),
        "is_net": name == NET,
        "cells": [{"key": key, "text": "" if row is None else format(row["value"], style)} for key, row, style in found],
        "differences": [_difference(cells.get((name, "log_loss")), ".4f"), _difference(cells.get((name, "margin_mae")), ".2f")],
    }


def silenced(table: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """What each part is worth: the version minus itself without the part, in log loss by instant."""
    losses = table.filter(pl.col("metric") == "log_loss")
    rows = {(row["forecast"], row["instant"]): row for row in losses.iter_rows(named=True)}
    for part, about in PARTS.items():
        found = [rows[part, instant] for instant in _instants(table) if (part, instant) in rows]
        if found:
            yield {"about": about, "cells": [_difference(row, ".4f") for row in found]}


def settings(config: Mapping[str, Any]) -> dict[str, str]:
    """Hyperparameters as text; nets and seasons are shown elsewhere."""
    return {name.replace("_", " "): str(value) for name, value in config.items() if name not in SHOWN_ELSEWHERE}


def _forests(table: pl.DataFrame | None) -> Iterator[str]:
    for instant in DRAWN if table is not None else ():
        chosen = (pl.col("instant") == instant) & (pl.col("metric") == "log_loss") & pl.col("low").is_not_null()
        chosen &= pl.col("forecast") != OFF_THE_CHART
        rows = table.filter(chosen).sort("net_minus", "forecast").to_dicts() if table is not None else []
        if rows:
            yield draw.intervals(rows, f"Net minus the others, {NAMES[instant]}", f"net − it, log loss, {NAMES[instant]}")


def _instants(table: pl.DataFrame) -> list[str]:
    return [instant for instant in NAMES if instant in set(table["instant"])]


def _difference(row: Mapping[str, Any] | None, style: str) -> dict[str, str]:
    """The net minus another, its interval, and whether that is good."""
    if row is None or row["low"] is None:
        return {"mean": "", "interval": "", "kind": ""}
    if row["low"] == row["high"] == 0:
        return {"mean": "0", "interval": "the same", "kind": "even"}
    kind = "better" if row["high"] < 0 else "worse" if row["low"] > 0 else "even"
    return {"mean": f"{row['net_minus']:+{style}}", "interval": f"{row['low']:+{style}} .. {row['high']:+{style}}", "kind": kind}
