"""The part of `docs/in_game.md` that `python -m nba_pipeline_tests.in_game_evidence` writes."""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.evaluation.scores import NET
from nba_pipeline.models.forecasts.minutes import FLOOR, FORMULA
from nba_pipeline_tests.truth.page import table

MARK = "<!-- from here on written by python -m nba_pipeline_tests.in_game_evidence -->"
METRICS = {
    "brier_score": ("Brier", ".4f"),
    "log_loss": ("log loss", ".4f"),
    "margin_mae": ("margin MAE", ".3f"),
    "total_mae": ("total MAE", ".3f"),
}
NAMES = {NET: "ours", FLOOR: "score + Elo, per minute", FORMULA: "smooth formula, same prior"}


def with_evidence(page: str, blocks: Sequence[str]) -> str:
    """The page with everything after the mark replaced; the mark is added where it is missing."""
    return "\n\n".join([page.split(MARK)[0].rstrip(), MARK, *blocks]) + "\n"


def means_block(title: str, scores: pl.DataFrame) -> str:
    """Mean over the minutes of each forecast, and ours minus each of the others."""
    mean = scores.filter(pl.col("minute").is_null())
    rows = [(NAMES[name], *(f"{_cell(mean, name, metric)['value']:{style}}" for metric, (_, style) in METRICS.items())) for name in NAMES]
    rows += [
        (f"ours − {NAMES[name]}", *(_difference(_cell(mean, name, metric), style) for metric, (_, style) in METRICS.items()))
        for name in (FLOOR, FORMULA)
    ]
    some = _cell(mean, NET, "brier_score")
    ece = _cell(mean, NET, "ece")
    text = (
        f"{some['games'] // 48:,} games × 48 minutes, {some['dates']} dates. Calibration error, mean of the minutes: {ece['value']:.4f};\n"
        f"of a perfect forecast {ece['noise_p50']:.4f} (median), {ece['noise_p95']:.4f} (p95)."
    )
    head = ("mean over minutes 0 .. 47", *(name for name, _ in METRICS.values()))
    return f"## {title}\n\n{text}\n\n{table(head, rows)}"


def minutes_block(title: str, scores: pl.DataFrame) -> str:
    """One row per minute: ours beside the two others, and the calibration error beside its noise."""
    rows = [_minute(scores.filter(pl.col("minute") == minute), minute) for minute in range(48)]
    head = (
        "minute", "Brier ours", "floor", "formula", "log loss ours", "floor", "formula", "margin ours", "floor", "formula",
        "total ours", "floor", "formula", "ECE", "noise p50", "noise p99",
    )  # fmt: skip
    return f"## {title}\n\n{table(head, rows)}"


def _minute(scores: pl.DataFrame, minute: int) -> tuple[str, ...]:
    styles = {"brier_score": ".4f", "log_loss": ".4f", "margin_mae": ".2f", "total_mae": ".2f"}
    cells = [f"{_cell(scores, name, metric)['value']:{style}}" for metric, style in styles.items() for name in NAMES]
    ece = _cell(scores, NET, "ece")
    over = " (!)" if ece["value"] > ece["noise_p99"] else ""
    return str(minute), *cells, f"{ece['value']:.3f}{over}", f"{ece['noise_p50']:.3f}", f"{ece['noise_p99']:.3f}"


def _cell(scores: pl.DataFrame, forecast: str, metric: str) -> dict:
    return scores.row(by_predicate=(pl.col("forecast") == forecast) & (pl.col("metric") == metric), named=True)


def _difference(row: dict, style: str) -> str:
    return f"{row['net_minus']:+{style}} [{row['low']:+{style}}, {row['high']:+{style}}]".replace("-", "−")
