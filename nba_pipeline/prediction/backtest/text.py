"""A backtest's report as titled tables of text: for the terminal, Markdown and JSON alike.

What does not belong here: computing (`report.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from nba_pipeline.evaluation.betting import KELLY_SHARE, SMALLEST_EDGE, WHAT_IT_IS
from nba_pipeline.evaluation.scores import NET
from nba_pipeline.prediction.backtest.report import ALL, BacktestReport
from nba_pipeline.prediction.report import COLUMNS, INSTANT_NAMES, difference_text, number_text

SERVED = "served"
"""What people read for the forecast that a version serves."""

RATING, FLOOR, LINE = "rating", "elo", "closing_line"
"""Whom the served forecast has to beat: before tip-off, in the game (linear in score and Elo), and the market."""


class Section(NamedTuple):
    """A table with its title and a line on how to read it; values of rows are text or numbers."""

    title: str
    about: str
    rows: list[dict[str, Any]]


def sections(report: BacktestReport) -> list[Section]:
    """Everything a backtest shows, most important first; sections without rows are left out."""
    paired = "differences are the served forecast minus that one, paired by game, with 95 % intervals over dates; below 0 served is better"
    together = ALL if ALL in report.by_season["season"] else report.by_season["season"][0]
    noise = ", ".join(f"{name} {value:.3f}" for name, value in report.calibration_noise.items())
    found = [
        Section("Before tip-off, all games", f"{paired}; ECE of a perfect forecast: {noise}", _full(report.by_season, "season", together)),
        Section("Log loss by season", paired, _by(report.by_season, "season", "log_loss", ".4f", RATING)),
        Section("Margin MAE by season", "points", _by(report.by_season, "season", "margin_mae", ".3f", RATING)),
        Section("Total MAE by season", "points", _by(report.by_season, "season", "total_mae", ".3f", RATING)),
        Section("Log loss by month", paired, _by(report.by_month, "month", "log_loss", ".4f", RATING)),
        *_reported(report.reported),
        *_instants(report.by_instant),
        *_minutes(report.by_minute),
        Section("Against the closing line, log loss", paired, _by(report.market, "season", "log_loss", ".4f", LINE)),
        Section("Against the closing line, margin MAE", "points", _by(report.market, "season", "margin_mae", ".3f", LINE)),
        Section("Against the closing line, total MAE", "points", _by(report.market, "season", "total_mae", ".3f", LINE)),
        Section("Share of results inside the 80 % intervals", "", _coverage(report.coverage)),
        Section("Reliability before tip-off", "noise: where 95 % of seasons would lie if the forecasts were true", _reliability(report)),
        Section("Bets at the closing price", f"{WHAT_IT_IS}; edge of {SMALLEST_EDGE:.0%} or more; {KELLY_SHARE:.0%} Kelly", _bets(report)),
        Section("What was served before tip-off", "the best of each training's validation games", report.served.to_dicts()),
    ]
    return [section for section in found if section.rows]


def as_markdown(found: Sequence[Section]) -> str:
    """The sections as Markdown tables."""
    return "\n\n".join("\n".join([f"## {title}", "", *([f"{about}.", ""] if about else []), *_table(rows)]) for title, about, rows in found)


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    names = list(rows[0])
    yield from ("| " + " | ".join(names) + " |", "|---" * len(names) + "|")
    for row in rows:
        yield "| " + " | ".join(str(row.get(name, "")) for name in names) + " |"


def _full(scores: pl.DataFrame, group: str, value: str) -> list[dict[str, Any]]:
    """One row per forecast with every metric, the best log loss first."""
    here = scores.filter(pl.col(group) == value)
    cells = {(row["forecast"], row["metric"]): row for row in here.iter_rows(named=True)}
    order = here.filter(pl.col("metric") == "log_loss").sort("value")["forecast"]
    return [
        {
            "forecast": _named(name),
            "games": cells[name, "log_loss"]["games"],
            **{title: number_text(cells.get((name, metric)), style) for metric, title, style in COLUMNS},
            "log loss, served − it": difference_text(cells[name, "log_loss"], ".4f"),
            "margin MAE, served − it": difference_text(cells.get((name, "margin_mae")), ".3f"),
        }
        for name in order
    ]


def _by(scores: pl.DataFrame, group: str, metric: str, style: str, other: str) -> list[dict[str, Any]]:
    """One row per value of a column, one column per forecast, and the difference to one of them."""
    if not scores.height:
        return []
    rows = []
    for (value,), part in scores.filter(pl.col("metric") == metric).group_by(group, maintain_order=True):
        cells = {row["forecast"]: row for row in part.iter_rows(named=True)}
        numbers = {_named(name): number_text(row, style) for name, row in cells.items()}
        rows.append({group: value, "games": part["games"][0], **numbers, f"served − {other}": difference_text(cells.get(other), style)})
    return rows


def _reported(scores: pl.DataFrame) -> Iterator[Section]:
    """What it is worth to know who sits out, for the rating."""
    about = "reported: it is known which rotation players sit out; differences are reported minus projected"
    for metric, title, style in COLUMNS:
        if scores.height and metric in ("log_loss", "margin_mae", "total_mae"):
            rows = _by(scores, "season", metric, style, RATING)
            names = {SERVED: "rating, reported", RATING: "rating, projected", f"served − {RATING}": "reported − projected"}
            yield Section(
                f"Rating once it is known who sits out, {title}", about, [{names.get(k, k): v for k, v in row.items()} for row in rows]
            )


def _instants(scores: pl.DataFrame) -> Iterator[Section]:
    for metric, title, style in COLUMNS:
        if metric in ("brier_score", "log_loss", "margin_mae", "total_mae"):
            rows = _by(scores, "instant", metric, style, FLOOR)
            named = [{**row, "instant": INSTANT_NAMES.get(row["instant"], row["instant"])} for row in rows]
            yield Section(f"In the game, {title}", "at the same instants; elo and rating are linear in score and prior", named)


def _minutes(scores: pl.DataFrame) -> Iterator[Section]:
    """The mean over minutes against floor and formula, then minute by minute."""
    if not scores.height:
        return
    mean = scores.filter(pl.col("minute").is_null() & (pl.col("metric") != "ece"))
    cells = {(row["forecast"], row["metric"]): row for row in mean.iter_rows(named=True)}
    losses = [column for column in COLUMNS if column[0] in ("brier_score", "log_loss", "margin_mae", "total_mae")]
    yield Section(
        "Every minute 0 .. 47, means",
        "floor: linear in score and Elo at each minute; formula: the published one on the same margin; one row per game and minute",
        [
            {"forecast": "net" if name == NET else name}
            | {
                title: f"{number_text(cells[name, metric], style)} {difference_text(cells[name, metric], style)}"
                for metric, title, style in losses
            }
            for name in dict.fromkeys(mean["forecast"])
        ],
    )
    of_net = scores.filter(pl.col("minute").is_not_null() & (pl.col("forecast") == NET))
    rows = []
    for (minute,), part in of_net.group_by("minute", maintain_order=True):
        found = {row["metric"]: row for row in part.iter_rows(named=True)}
        ece = {"ECE": f"{found['ece']['value']:.3f}", "ECE if true, p95": f"{found['ece']['noise_p95']:.3f}"}
        rows.append({"minute": minute} | {title: number_text(found[metric], style) for metric, title, style in losses} | ece)
    yield Section("Minute by minute, net", "", rows)


def _coverage(table: pl.DataFrame) -> list[dict[str, Any]]:
    wide = {"margin_inside": "margin", "total_inside": "total"}
    return [
        {"season": row["season"], "instant": INSTANT_NAMES[row["instant"]], "games": row["games"]}
        | {title: f"{row[name]:.3f}" for name, title in wide.items()}
        for row in table.iter_rows(named=True)
    ]


def _reliability(report: BacktestReport) -> list[dict[str, Any]]:
    return [
        {
            "forecast": f"{row['bin_low']:.1f}-{row['bin_high']:.1f}",
            "games": row["games"],
            "mean forecast": f"{row['mean_forecast']:.3f}",
            "share of home wins": f"{row['win_share']:.3f}",
            "noise": f"{row['noise_low']:.3f}-{row['noise_high']:.3f}",
        }
        for row in report.reliability.iter_rows(named=True)
    ]


def _bets(report: BacktestReport) -> list[dict[str, Any]]:
    return [
        {
            "season": row["season"],
            "games": row["games"],
            "bets": row["bets"],
            "won": row["won"],
            "profit, units": f"{row['profit']:+.1f}",
            "return on stake [95 %]": f"{row['return_on_stake']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]",
            "Kelly bankroll from 1": f"{row['kelly_bankroll']:.2f}",
            "deepest fall": f"{row['kelly_drawdown']:.0%}",
        }
        for row in report.betting.iter_rows(named=True)
    ]


def _named(forecast: str) -> str:
    return SERVED if forecast == NET else forecast
