"""Which games are learned from, and the small regressions."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_ratings.season_ridge import SEASON_DECAY, GameWeights, logistic_of_margin, weighted_median, weighted_ridge


@pytest.fixture
def games() -> GameWeights:
    seasons = ["2018-19", "2019-20", "2019-20", "2020-21", "2021-22"]
    table = pl.DataFrame(
        {"game_id": list("abcde"), "season": seasons, "game_date": [date(int(s[:4]), 12, 1) for s in seasons],
         "home_team_id": 1, "away_team_id": 2, "neutral_site": False, "home_points": [100, 101, None, 103, 104], "away_points": [90] * 5}
    )  # fmt: skip
    history = History.from_frames({"games": table})
    return GameWeights(history.schedule(), history, "total")


def test_only_played_games_of_earlier_seasons_are_learned_from(games):
    rows, weights = games.training("2021-22")
    assert rows.tolist() == [1, 3]
    assert weights.tolist() == pytest.approx([SEASON_DECAY**2, SEASON_DECAY])
    assert games.results[rows].tolist() == [191, 193]


def test_the_first_season_teaches_the_second_and_no_other(games):
    assert games.training("2018-19")[0].tolist() == []
    assert games.training("2019-20")[0].tolist() == [0]
    assert games.training("2020-21")[0].tolist() == [1]


def test_ridge_recovers_weights_whatever_the_scale_of_a_column():
    rng = np.random.default_rng(0)
    x = rng.normal(0, [1, 100], (400, 2))
    assert weighted_ridge(x, x @ [2.0, 0.03], np.ones(400), 1e-6) == pytest.approx([2.0, 0.03])
    shrunk = weighted_ridge(x, x @ [2.0, 0.03], np.ones(400), 400.0)
    assert shrunk == pytest.approx([1.0, 0.015], rel=0.1)
    assert weighted_ridge(np.column_stack([x, np.zeros(400)]), x[:, 0], np.ones(400), 1.0)[2] == 0


def test_median_has_half_of_the_weight_on_each_side():
    assert weighted_median(np.array([5.0, 1, 3]), np.ones(3)) == 3
    assert weighted_median(np.array([5.0, 1, 3]), np.array([10.0, 1, 1])) == 5


def test_logistic_recovers_the_curve():
    rng = np.random.default_rng(1)
    margin = rng.normal(0, 8, 20_000)
    won = rng.random(20_000) < 1 / (1 + np.exp(-(0.2 + 0.1 * margin)))
    assert logistic_of_margin(margin, won, np.ones(20_000)) == pytest.approx([0.2, 0.1], abs=0.04)
    assert np.isfinite(logistic_of_margin(np.array([30.0, -30.0]), np.array([True, False]), np.ones(2))).all()
