"""Scores by minute: rows weighted alike, differences paired, calibration beside its noise."""

from datetime import date, timedelta
from io import BytesIO

import numpy as np
import polars as pl
import pytest
from matplotlib.image import imread

from nba_pipeline.evaluation.metrics import ScoringError
from nba_pipeline.evaluation.minute_plots import minute_curves
from nba_pipeline.evaluation.minutes import score_minutes

MINUTES, GAMES = 6, 300


@pytest.fixture(scope="module")
def predictions() -> pl.DataFrame:
    """Games whose chance is known; the net says it, the baseline is half as sure, and 3 points further off in margin."""
    rng = np.random.default_rng(5)
    parts = []
    strength = rng.normal(0, 1, GAMES)
    won = rng.random(GAMES) < 1 / (1 + np.exp(-2 * strength))
    for minute in range(MINUTES):
        p = 1 / (1 + np.exp(-2 * strength))
        margin = 10 * strength
        parts.append(
            pl.DataFrame({
                "game_id": [f"00222{game:05d}" for game in range(GAMES)], "minute": minute,
                "game_date": [date(2022, 1, 1) + timedelta(days=game // 6) for game in range(GAMES)],
                "home_win": won, "final_margin": np.round(margin), "final_total": 220.0, "p_home_win": p,
                "margin": margin, "total": 221.0, "p_home_win_floor": 0.5 + (p - 0.5) / 2, "margin_floor": margin + 3, "total_floor": 222.0,
            })
        )  # fmt: skip
    return pl.concat(parts)


@pytest.fixture(scope="module")
def scores(predictions: pl.DataFrame) -> pl.DataFrame:
    return score_minutes(predictions, resamples=300, simulations=300)


def cell(scores: pl.DataFrame, minute: int | None, forecast: str, metric: str) -> dict:
    at = pl.col("minute").is_null() if minute is None else pl.col("minute") == minute
    return scores.row(by_predicate=at & (pl.col("forecast") == forecast) & (pl.col("metric") == metric), named=True)


def test_every_minute_and_the_mean_have_every_metric(scores: pl.DataFrame):
    counts = scores.group_by("minute").len()
    assert counts.height == MINUTES + 1 and counts["len"].unique().to_list() == [10]
    assert cell(scores, None, "net", "brier_score")["games"] == MINUTES * GAMES


def test_the_mean_is_that_of_the_minutes(scores: pl.DataFrame):
    for metric in ("brier_score", "log_loss", "margin_mae", "total_mae", "ece"):
        values = [cell(scores, minute, "net", metric)["value"] for minute in range(MINUTES)]
        assert cell(scores, None, "net", metric)["value"] == pytest.approx(np.mean(values), rel=1e-12)


def test_differences_are_the_nets_loss_minus_the_others(scores: pl.DataFrame):
    total = cell(scores, None, "floor", "total_mae")
    assert (total["net_minus"], total["low"], total["high"]) == pytest.approx((-1.0, -1.0, -1.0))
    brier = cell(scores, 3, "floor", "brier_score")
    assert brier["net_minus"] == pytest.approx(cell(scores, 3, "net", "brier_score")["value"] - brier["value"])
    assert brier["low"] < brier["net_minus"] < brier["high"] < 0


def test_the_rows_of_a_game_stay_together(scores: pl.DataFrame):
    """Six equal minutes say no more than one: the interval of the mean is that of a minute."""
    one, mean = cell(scores, 0, "floor", "brier_score"), cell(scores, None, "floor", "brier_score")
    assert mean["standard_error"] == pytest.approx(one["standard_error"], rel=0.05)


def test_a_true_forecast_is_within_the_noise_and_a_timid_one_is_not(scores: pl.DataFrame):
    net, floor = (cell(scores, 2, name, "ece") for name in ("net", "floor"))
    assert 0 < net["noise_p50"] < net["noise_p95"] < net["noise_p99"] and net["value"] < net["noise_p99"]
    assert floor["value"] > net["noise_p99"] and floor["noise_p50"] is None


def test_games_with_missing_minutes_are_refused(predictions: pl.DataFrame):
    with pytest.raises(ScoringError, match="same games at every minute"):
        score_minutes(predictions.head(-1))
    with pytest.raises(ScoringError, match="same games"):
        score_minutes(predictions.clear())


def test_other_games_at_another_minute_are_refused_though_there_are_as_many(predictions: pl.DataFrame):
    last = pl.col("minute") == MINUTES - 1
    other = predictions.with_columns(game_id=pl.when(last).then(pl.lit("9") + pl.col("game_id").str.slice(1)).otherwise("game_id"))
    with pytest.raises(ScoringError, match=r"600 of 600 have not each of 6 minutes once \(0022200000, "):
        score_minutes(other)
    with pytest.raises(ScoringError, match="2 of 300"):
        score_minutes(pl.concat([predictions.head(-1), predictions.tail(2).head(1)]))


def test_the_picture_is_drawn(scores: pl.DataFrame):
    assert imread(BytesIO(minute_curves(scores, "a season"))).std() > 0.05
