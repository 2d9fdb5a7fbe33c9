import math

import numpy as np
import pytest

from nba_pipeline.evaluation.metrics import ScoringError, absolute_errors, accuracy, brier_score, log_loss


def test_a_coin_costs_what_the_books_say() -> None:
    won = [1, 0, 1, 0]
    coin = [0.5] * 4
    assert brier_score(coin, won) == 0.25
    assert log_loss(coin, won) == pytest.approx(math.log(2))
    assert accuracy(coin, won) == 0.5


def test_values_by_hand() -> None:
    p, won = [0.8, 0.3, 0.6], [1, 0, 0]
    assert accuracy(p, won) == pytest.approx(2 / 3)
    assert brier_score(p, won) == pytest.approx((0.04 + 0.09 + 0.36) / 3)
    assert log_loss(p, won) == pytest.approx(-(math.log(0.8) + math.log(0.7) + math.log(0.4)) / 3)
    assert absolute_errors([3, -4], [10, -4.5]).mean() == 3.75


def test_a_wrong_certainty_is_dear_but_finite() -> None:
    assert 15 < log_loss([0.0, 1.0], [1, 0]) < 17


def test_the_truth_is_the_best_forecast() -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.1, 0.9, 20000)
    won = rng.random(20000) < p
    for worse in (np.clip(p + 0.05, 0, 1), 0.5 + 0.8 * (p - 0.5)):
        assert log_loss(p, won) < log_loss(worse, won)
        assert brier_score(p, won) < brier_score(worse, won)


@pytest.mark.parametrize(
    ("p", "won", "message"),
    [
        ([0.5, 1.2], [1, 0], "logit"),
        ([0.5, math.nan], [1, 0], "1 forecasts"),
        ([0.5], [1, 0], "one forecast a game"),
        ([], [], "at least one game"),
    ],
)
def test_refuses_what_cannot_be_scored(p: list[float], won: list[int], message: str) -> None:
    with pytest.raises(ScoringError, match=message):
        log_loss(p, won)
