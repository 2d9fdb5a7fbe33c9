import numpy as np
import pytest

from nba_pipeline.evaluation.calibration import calibration_noise_floor, expected_calibration_error, reliability_table
from nba_pipeline.evaluation.metrics import ScoringError


def forecasts(games: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).beta(5, 4, games)


def test_by_hand_in_two_bins() -> None:
    assert expected_calibration_error([0.2, 0.4, 0.7, 0.9], [0, 0, 1, 0], bins=2) == pytest.approx((0.6 + 0.6) / 4)


def test_certain_forecasts_fall_in_the_last_bin() -> None:
    assert expected_calibration_error([1.0, 1.0], [1, 1]) == 0.0


def test_a_true_forecaster_stays_within_the_floor() -> None:
    p = forecasts(1230)
    floor = calibration_noise_floor(p, simulations=1000)
    rng = np.random.default_rng(9)
    errors = np.array([expected_calibration_error(p, rng.random(p.size) < p) for _ in range(400)])
    assert 0.02 < floor.p50 < floor.p95 < floor.p99 < 0.06
    assert 0.43 < (errors > floor.p50).mean() < 0.57
    assert (errors > floor.p95).mean() < 0.09
    assert (errors > floor.p99).mean() < 0.03


def test_an_overconfident_forecaster_is_above_the_floor() -> None:
    truth = forecasts(1230)
    won = np.random.default_rng(3).random(truth.size) < truth
    bold = np.clip(0.5 + 1.8 * (truth - 0.5), 0.01, 0.99)
    assert expected_calibration_error(bold, won) > calibration_noise_floor(bold).p99


def test_the_floor_falls_with_more_games_and_is_repeatable() -> None:
    assert calibration_noise_floor(forecasts(100)).p50 > 2 * calibration_noise_floor(forecasts(1230)).p50
    assert calibration_noise_floor(forecasts(300)) == calibration_noise_floor(forecasts(300)[::-1])


def test_table_adds_up_and_marks_the_band() -> None:
    p = forecasts(800)
    won = np.random.default_rng(4).random(p.size) < p
    table = reliability_table(p, won)
    assert table["games"].sum() == 800
    assert (table["games"] * table["win_share"]).sum() == pytest.approx(won.sum())
    assert ((table["mean_forecast"] >= table["bin_low"]) & (table["mean_forecast"] <= table["bin_high"])).all()
    error = (table["games"] * (table["win_share"] - table["mean_forecast"]).abs()).sum() / 800
    assert error == pytest.approx(expected_calibration_error(p, won))
    wide, narrow = table.sort("games")["noise_high", "noise_low"].select(width="noise_high", low="noise_low").rows()[:: table.height - 1]
    assert wide[0] - wide[1] > narrow[0] - narrow[1]


def test_refuses_margins() -> None:
    with pytest.raises(ScoringError, match=r"in \[0, 1\]"):
        expected_calibration_error([3.0, -4.0], [1, 0])
