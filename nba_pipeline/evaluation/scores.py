"""Scores every forecast on the same games, the net next to its baselines, and flattens that for `criteria`.

One long table: a row per instant, forecast and metric. Which games are held out, and who made the forecasts, is not decided here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from nba_pipeline.evaluation.calibration import calibration_noise_floor, expected_calibration_error
from nba_pipeline.evaluation.comparison import compare_paired
from nba_pipeline.evaluation.metrics import ScoringError, absolute_errors, hits, log_losses, squared_errors

NET = "net"
INSTANTS = ("pregame", "q1", "q2", "q3", "q4")
"""Before tip-off, and after the end of each quarter; `q4` is the end of regulation, scored like the others on the final result."""


class Metric(NamedTuple):
    """A metric whose mean over games is reported: which forecast and outcome columns it compares, and how."""

    name: str
    forecast: str
    outcome: str
    loss: Callable[..., np.ndarray]


METRICS = (
    Metric("accuracy", "p_home_win", "home_win", hits),
    Metric("brier_score", "p_home_win", "home_win", squared_errors),
    Metric("log_loss", "p_home_win", "home_win", log_losses),
    Metric("margin_mae", "margin", "final_margin", absolute_errors),
    Metric("total_mae", "total", "final_total", absolute_errors),
)
_NOT_FORECASTS = frozenset({"margin_low", "margin_high", "total_low", "total_high"})
_SCHEMA = {
    "instant": pl.String, "forecast": pl.String, "metric": pl.String, "value": pl.Float64, "games": pl.Int64, "dates": pl.Int64,
    "net_minus": pl.Float64, "standard_error": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip


def score_forecasts(predictions: pl.DataFrame, *, resamples: int = 4000, seed: int = 0) -> pl.DataFrame:
    """Scores all forecasts of a table of predictions.

    Args:
        predictions: one row per game and instant: `instant`, `game_date`, outcomes `home_win`, `final_margin`, `final_total`,
            the net's `p_home_win`, `margin`, `total`, and each baseline's, with `_<baseline>` appended. A forecast that does not exist
            at an instant is null in all its rows.
        resamples: bootstrap samples of the paired intervals.
        seed: seed of the bootstrap.

    Returns:
        instant, forecast (`net` or the baseline), metric, value, games, dates; for baselines also `net_minus` (paired mean of the net's
        loss minus the baseline's; below 0 the net is better, but for accuracy), its standard_error and 95 % interval low, high. The
        metric `ece` has no difference.

    Raises:
        ScoringError: a forecast is missing for some games of an instant only.
    """
    rows: list[dict[str, object]] = []
    for instant in (name for name in INSTANTS if name in predictions["instant"]):
        games = predictions.filter(pl.col("instant") == instant)
        for metric in METRICS:
            rows.extend({"instant": instant, **row} for row in score_metric(games, metric, resamples=resamples, seed=seed))
        rows.extend({"instant": instant, **row} for row in _calibration(games))
    return pl.DataFrame(rows, schema=_SCHEMA)


def as_report(scores: pl.DataFrame, predictions: pl.DataFrame, *, seed: int = 0) -> dict[str, float]:
    """Scores as the flat mapping that `criteria.verdict` reads.

    `q3/log_loss` is the net's, `q3/log_loss_elo` a baseline's, `q3/log_loss_minus_elo` net − baseline with `_low` and `_high`; each
    instant has `games`, `dates`, `ece_noise_p50`, `_p95`, `_p99`, and `ece_best_baseline`: of the baseline with the lowest log loss.
    """
    report: dict[str, float] = {}
    for row in scores.iter_rows(named=True):
        base = f"{row['instant']}/{row['metric']}"
        report[base if row["forecast"] == NET else f"{base}_{row['forecast']}"] = row["value"]
        report[f"{row['instant']}/games"], report[f"{row['instant']}/dates"] = row["games"], row["dates"]
        if row["net_minus"] is not None:
            difference = f"{base}_minus_{row['forecast']}"
            report |= {difference: row["net_minus"], f"{difference}_low": row["low"], f"{difference}_high": row["high"]}
    for instant in scores["instant"].unique(maintain_order=True):
        report |= _noise(predictions.filter(pl.col("instant") == instant), instant, seed)
        best = best_baseline(scores, instant)
        if best:
            report[f"{instant}/ece_best_baseline"] = report[f"{instant}/ece_{best}"]
    return report


def read_report(report: Mapping[str, Any]) -> pl.DataFrame:
    """The table that a report was made of, as far as the report has it; the opposite of `as_report`.

    Args:
        report: numbers by name; every part of a name before the `/` is an instant.

    Returns:
        As `score_forecasts`, with one more instant `market` where the report has it.
    """
    rows: list[dict[str, object]] = []
    for instant in dict.fromkeys(name.split("/")[0] for name in report if name.count("/") == 1):
        baselines = [name.split("_minus_")[1] for name in report if name.startswith(f"{instant}/log_loss_minus_")]
        forecasts = [NET, *(name for name in baselines if f"{instant}/log_loss_{name}" in report)]
        shared = {"instant": instant, "games": report.get(f"{instant}/games"), "dates": report.get(f"{instant}/dates")}
        for metric in (*(one.name for one in METRICS), "ece"):
            rows.extend(shared | row for name in forecasts if (row := _read(report, f"{instant}/{metric}", metric, name)))
    return pl.DataFrame(rows, schema=_SCHEMA)


def _read(report: Mapping[str, Any], key: str, metric: str, name: str) -> dict[str, object] | None:
    value = report.get(key if name == NET else f"{key}_{name}")
    if value is None:
        return None
    paired = {side: report.get(f"{key}_minus_{name}{end}") for side, end in (("net_minus", ""), ("low", "_low"), ("high", "_high"))}
    return {"forecast": name, "metric": metric, "value": value, "standard_error": None, **paired}


def best_baseline(scores: pl.DataFrame, instant: str, metric: str = "log_loss") -> str | None:
    """The baseline with the lowest loss at an instant; None where there is no baseline."""
    rows = scores.filter((pl.col("instant") == instant) & (pl.col("metric") == metric) & (pl.col("forecast") != NET))
    return rows.sort("value", "forecast")["forecast"][0] if rows.height else None


def forecasts_in(columns: Sequence[str], prefix: str) -> Mapping[str, str]:
    """Columns that hold one kind of forecast, by forecaster: `p_home_win_elo` → `elo`, `p_home_win` → `net`."""
    found = {
        column.removeprefix(f"{prefix}_"): column for column in columns if column.startswith(f"{prefix}_") and column not in _NOT_FORECASTS
    }
    return {NET: prefix, **found} if prefix in columns else found


def score_metric(games: pl.DataFrame, metric: Metric, *, resamples: int = 4000, seed: int = 0) -> list[dict[str, object]]:
    """One metric of every forecast in a table, as rows of `score_forecasts` without their instant.

    Args:
        games: as for `score_forecasts`; whatever instants it has count alike.
        metric: one of `METRICS`.
        resamples: bootstrap samples of the paired intervals.
        seed: seed of the bootstrap.
    """
    losses = {
        name: metric.loss(games[column].to_numpy(), games[metric.outcome].cast(pl.Float64).to_numpy())
        for name, column in forecasts_in(games.columns, metric.forecast).items()
        if _is_given(games, column)
    }
    dates = games["game_date"].to_numpy()
    rows = []
    for name, loss in losses.items():
        row: dict[str, object] = {"forecast": name, "metric": metric.name, "value": float(loss.mean())}
        row |= {"games": games.height, "dates": games["game_date"].n_unique()}
        if name != NET and NET in losses:
            found = compare_paired(losses[NET], loss, dates, resamples=resamples, seed=seed)
            row |= {"net_minus": found.mean, "standard_error": found.standard_error, "low": found.low, "high": found.high}
        rows.append(row)
    return rows


def _calibration(games: pl.DataFrame) -> list[dict[str, object]]:
    won, shared = games["home_win"].cast(pl.Float64).to_numpy(), {"games": games.height, "dates": games["game_date"].n_unique()}
    return [
        {"forecast": name, "metric": "ece", "value": expected_calibration_error(games[column].to_numpy(), won), **shared}
        for name, column in forecasts_in(games.columns, "p_home_win").items()
        if _is_given(games, column)
    ]


def _noise(games: pl.DataFrame, instant: str, seed: int) -> dict[str, float]:
    if "p_home_win" not in games.columns or not _is_given(games, "p_home_win"):
        return {}
    floor = calibration_noise_floor(games["p_home_win"].to_numpy(), seed=seed)
    return {f"{instant}/ece_noise_{name}": value for name, value in floor._asdict().items()}


def _is_given(games: pl.DataFrame, column: str) -> bool:
    absent = games[column].null_count()
    if 0 < absent < games.height:
        raise ScoringError(
            f"{column} is missing for {absent} of {games.height} games: forecasts are compared on the same games only, drop these first"
        )
    return absent == 0
