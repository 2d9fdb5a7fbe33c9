"""The two regressions from rating difference to forecast."""

import numpy as np
import pytest

from nba_pipeline.features.teams.elo_curve import ELO_PER_POINT, fit_logistic, fit_margin


def design(games: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    flags = rng.random((games, 2)) < 0.2
    return np.column_stack([np.ones(games), rng.normal(0, 0.4, games), flags])


def test_without_games_it_is_the_classic_curve():
    nothing = np.empty((0, 4))
    assert fit_logistic(nothing, np.empty(0, dtype=bool)).tolist() == pytest.approx([0, np.log(10), 0, 0])
    assert fit_margin(nothing, np.empty(0)).tolist() == pytest.approx([0, 400 / ELO_PER_POINT, 0, 0])


def test_with_many_games_it_finds_the_truth():
    games, truth = design(60_000), np.array([0.1, 1.5, -0.3, 0.25])
    won = np.random.default_rng(1).random(60_000) < 1 / (1 + np.exp(-games @ truth))
    assert fit_logistic(games, won) == pytest.approx(truth, abs=0.08)
    margin = games @ np.array([1.0, 11.0, -2.0, 1.5]) + np.random.default_rng(2).normal(0, 12, 60_000)
    assert fit_margin(games, margin) == pytest.approx(np.array([1.0, 11.0, -2.0, 1.5]), abs=0.5)


def test_a_few_one_sided_games_do_not_run_away():
    games = design(5)
    assert np.abs(fit_logistic(games, np.ones(5, dtype=bool))).max() < 4
