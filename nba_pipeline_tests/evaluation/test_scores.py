from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.evaluation.criteria import verdict
from nba_pipeline.evaluation.metrics import ScoringError, log_loss
from nba_pipeline.evaluation.scores import as_report, best_baseline, forecasts_in, score_forecasts

GAMES = 1200


@pytest.fixture(scope="module")
def predictions() -> pl.DataFrame:
    """A season whose forecasts get better with every quarter; the net knows the truth, Elo nearly, the home rate nothing."""
    rng = np.random.default_rng(5)
    strength = rng.normal(2.5, 5, GAMES)
    margin = np.round(strength + rng.normal(0, 12, GAMES))
    total = np.round(rng.normal(220, 14, GAMES))
    frames = []
    for instant, spread in {"pregame": 12.0, "q3": 6.0}.items():
        sure = 1 / (1 + np.exp(-1.7 * (strength if instant == "pregame" else margin + rng.normal(0, spread, GAMES)) / spread))
        frames.append(
            pl.DataFrame(
                {
                    "instant": instant,
                    "game_date": [date(2021, 10, 19) + timedelta(days=row // 8) for row in range(GAMES)],
                    "home_win": margin > 0,
                    "final_margin": margin,
                    "final_total": total,
                    "p_home_win": sure,
                    "p_home_win_elo": 0.5 + 0.9 * (sure - 0.5),
                    "p_home_win_home_rate": pl.Series([0.56] * GAMES)
                    if instant == "pregame"
                    else pl.Series([None] * GAMES, dtype=pl.Float64),
                    "margin": margin + rng.normal(0, spread, GAMES),
                    "margin_elo": margin + rng.normal(0, spread + 2, GAMES),
                    "margin_low": margin - 20,
                    "total": total + rng.normal(0, spread, GAMES),
                    "total_elo": total + rng.normal(0, spread + 1, GAMES),
                }
            )
        )
    return pl.concat(frames)


@pytest.fixture(scope="module")
def scores(predictions: pl.DataFrame) -> pl.DataFrame:
    return score_forecasts(predictions)


def row_of(scores: pl.DataFrame, instant: str, forecast: str, metric: str) -> dict:
    return scores.row(
        by_predicate=(pl.col("instant") == instant) & (pl.col("forecast") == forecast) & (pl.col("metric") == metric), named=True
    )


def test_all_forecasts_of_an_instant_are_scored_on_the_same_games(scores: pl.DataFrame, predictions: pl.DataFrame) -> None:
    pregame = predictions.filter(pl.col("instant") == "pregame")
    elo, net = row_of(scores, "pregame", "elo", "log_loss"), row_of(scores, "pregame", "net", "log_loss")
    assert elo["value"] == pytest.approx(log_loss(pregame["p_home_win_elo"].to_numpy(), pregame["home_win"].to_numpy()))
    assert elo["net_minus"] == pytest.approx(net["value"] - elo["value"]) and elo["low"] <= elo["net_minus"] <= elo["high"]
    assert net["net_minus"] is None and (net["games"], net["dates"]) == (GAMES, 150)
    assert scores["games"].unique().to_list() == [GAMES]


def test_a_forecast_that_does_not_exist_at_an_instant_is_left_out(scores: pl.DataFrame) -> None:
    def named(instant: str) -> set[str]:
        return set(scores.filter((pl.col("instant") == instant) & (pl.col("metric") == "ece"))["forecast"])

    assert named("pregame") == {"net", "elo", "home_rate"} and named("q3") == {"net", "elo"}


def test_limits_of_intervals_are_no_forecasts(scores: pl.DataFrame) -> None:
    assert forecasts_in(["margin", "margin_low", "margin_elo"], "margin") == {"net": "margin", "elo": "margin_elo"}
    assert "low" not in scores["forecast"]


def test_a_forecast_of_some_games_only_is_refused(predictions: pl.DataFrame) -> None:
    holes = predictions.with_columns(pl.when(pl.int_range(pl.len()) % 7 > 0).then("p_home_win_elo").alias("p_home_win_elo"))
    with pytest.raises(ScoringError, match="p_home_win_elo is missing for 172 of 1200"):
        score_forecasts(holes, resamples=10)


def test_report_is_what_the_criteria_read(scores: pl.DataFrame, predictions: pl.DataFrame) -> None:
    report = as_report(scores, predictions)
    answer = verdict(report)
    assert answer.status == "accepted", answer.reasons
    assert report["pregame/games"] == GAMES
    assert report["q3/margin_mae_minus_elo_high"] < 0
    assert report["pregame/ece_best_baseline"] == report[f"pregame/ece_{best_baseline(scores, 'pregame')}"]
    assert all(isinstance(value, float | int) for value in report.values())


def test_swapping_net_and_elo_is_refused(predictions: pl.DataFrame) -> None:
    swapped = predictions.rename({"margin": "margin_elo", "margin_elo": "margin", "total": "total_elo", "total_elo": "total"})
    answer = verdict(as_report(score_forecasts(swapped), swapped))
    assert answer.status == "refused" and any("margin_mae_minus_elo_low" in reason for reason in answer.reasons)


def test_repeatable_to_the_bit(scores: pl.DataFrame, predictions: pl.DataFrame) -> None:
    assert score_forecasts(predictions).equals(scores)
