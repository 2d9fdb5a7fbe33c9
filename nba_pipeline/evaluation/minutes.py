"""How good forecasts are at every minute of a game, net next to baselines on the same rows, and on average over the minutes.

One row per game and minute, all weighted alike, so that the mean over rows is the mean over minutes. Intervals resample dates:
rows of one game stay together. What does not belong here: the forecasts (`models/forecasts/minutes.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from nba_pipeline.evaluation.calibration import calibration_noise_floor, expected_calibration_error
from nba_pipeline.evaluation.metrics import ScoringError
from nba_pipeline.evaluation.scores import METRICS, NET, forecasts_in, score_metric

SCORED = tuple(metric for metric in METRICS if metric.name != "accuracy")
_NUMBERS = ("value", "net_minus", "standard_error", "low", "high", "noise_p50", "noise_p95", "noise_p99")
_SCHEMA = {
    "minute": pl.Int32, "forecast": pl.String, "metric": pl.String, "games": pl.Int64, "dates": pl.Int64,
    **dict.fromkeys(_NUMBERS, pl.Float64),
}  # fmt: skip


def score_minutes(predictions: pl.DataFrame, *, resamples: int = 2000, simulations: int = 1000, seed: int = 0) -> pl.DataFrame:
    """Scores every minute, and all of them together.

    Args:
        predictions: one row per game and minute: `game_id`, `minute`, `game_date`, outcomes `home_win`, `final_margin`, `final_total`,
            the net's `p_home_win`, `margin`, `total`, and each baseline's with `_<baseline>` appended. Every game has the same minutes.
        resamples: bootstrap samples of the paired intervals.
        simulations: seasons drawn for the noise floor of the calibration error.
        seed: of both.

    Returns:
        minute (null: the mean over all), forecast (`net` or the baseline), metric (Brier, log loss, margin and total MAE, `ece`), games
        (rows where minute is null), dates, value, for baselines net_minus (net's loss minus theirs, paired) with standard_error and 95 %
        interval low, high; for the net's `ece` noise_p50, noise_p95, noise_p99 of a perfect forecast. The mean of `ece` is the mean of
        the minutes' values.

    Raises:
        ScoringError: a game has not the same minutes as the others, or there is none.
    """
    _refuse_uneven(predictions)
    rows: list[dict[str, object]] = []
    for (minute,), games in predictions.sort("minute", "game_date", maintain_order=True).group_by("minute", maintain_order=True):
        rows.extend({"minute": minute, **row} for row in _at_a_minute(games, resamples, simulations, seed))
    rows.extend({"minute": None, **row} for metric in SCORED for row in score_metric(predictions, metric, resamples=resamples, seed=seed))
    table = pl.DataFrame(rows, schema=_SCHEMA)
    return pl.concat([table, _mean_calibration(table)])


def _at_a_minute(games: pl.DataFrame, resamples: int, simulations: int, seed: int) -> Iterator[dict[str, object]]:
    for metric in SCORED:
        yield from score_metric(games, metric, resamples=resamples, seed=seed)
    won, shared = games["home_win"].cast(pl.Float64).to_numpy(), {"games": games.height, "dates": games["game_date"].n_unique()}
    for name, column in forecasts_in(games.columns, "p_home_win").items():
        row = {"forecast": name, "metric": "ece", "value": expected_calibration_error(games[column].to_numpy(), won), **shared}
        if name == NET:
            noise = calibration_noise_floor(games[column].to_numpy(), simulations=simulations, seed=seed)
            row |= {f"noise_{percentile}": value for percentile, value in noise._asdict().items()}
        yield row


def _mean_calibration(table: pl.DataFrame) -> pl.DataFrame:
    found = table.filter(pl.col("metric") == "ece").group_by("forecast", maintain_order=True)
    means = found.agg(pl.lit("ece").alias("metric"), pl.col("games").sum(), pl.col("dates").max(), pl.col(_NUMBERS).mean())
    return means.with_columns(minute=pl.lit(None, pl.Int32)).select(list(_SCHEMA))


def _refuse_uneven(predictions: pl.DataFrame) -> None:
    minutes = set(predictions["minute"])
    games = predictions.group_by("game_id", maintain_order=True).agg(pl.col("minute"))
    uneven = [game for game, own in games.iter_rows() if sorted(own) != sorted(minutes)]
    if uneven or not minutes:
        raise ScoringError(
            f"need the same games at every minute: {len(uneven)} of {games.height} have not each of {len(minutes)} minutes once "
            f"({', '.join(uneven[:3])}): keep the games that have all of them"
        )
