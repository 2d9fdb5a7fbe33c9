"""Every baseline has the same face, is repeatable, and says what it should on games with a known answer."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.models.baselines import Boosting, HomeRate, RidgeOnContext, ScoreAndPrior, fitted_baselines
from nba_pipeline.models.nets.in_game_skip import LinearSkip
from nba_pipeline.models.samples.instants import INSTANTS, PREGAME, InstantTable, named_instants
from nba_pipeline_tests.models.invented_games import invented_games

ARRAYS = invented_games(games=60)


@pytest.fixture(scope="module")
def instants() -> InstantTable:
    margin = ARRAYS.outcome[:, 1].astype(float)
    priors = ARRAYS.games.select("game_id").with_columns(
        elo_margin=pl.Series(margin / 2),
        rating_margin=pl.Series(margin),
        elo_p_home_win=pl.lit(0.6),
        rating_p_home_win=pl.lit(0.7),
        rating_total=pl.lit(210.0),
    )
    return named_instants(ARRAYS, np.arange(len(ARRAYS)), priors)


def test_named_instants_know_more_and_more_and_games_without_plays_have_one(instants: InstantTable):
    assert (instants.game == 2).sum() == 1 and set(instants.name) == set(INSTANTS)
    known = [instants.known[(instants.game == 0) & (instants.name == name)][0] for name in INSTANTS]
    assert known == [0, 30, 60, 90, 120]


def test_the_home_rate_says_the_same_of_every_game(instants: InstantTable):
    forecast = HomeRate().fit(instants).predict(instants)
    assert (forecast == forecast[0]).all()
    assert forecast[0, 0] == pytest.approx(ARRAYS.outcome[:, 0].mean())


def test_before_tip_off_the_probability_is_the_ratings_own(instants: InstantTable):
    before = instants.name == PREGAME
    assert (ScoreAndPrior("elo", "elo").fit(instants).predict(instants)[before, 0] == 0.6).all()


def test_a_margin_that_the_prior_knows_is_recovered(instants: InstantTable):
    forecast = ScoreAndPrior("rating", "rating", total="rating").fit(instants).predict(instants)
    assert np.allclose(forecast[:, 1], instants.margin, atol=1e-3)


def test_at_the_end_of_the_game_the_score_decides(instants: InstantTable):
    last = instants.where(instants.name == "q4")
    forecast = ScoreAndPrior("elo", "elo").fit(instants).predict(last)
    assert ((forecast[:, 0] > 0.5) == (last.home_win > 0.5)).mean() > 0.95


def test_ridge_is_the_skip_alone(instants: InstantTable):
    forecast = RidgeOnContext(LinearSkip()).fit(instants).predict(instants)
    assert np.allclose(forecast[instants.name == PREGAME, 2], 210.0)


def test_boosting_is_repeatable(instants: InstantTable):
    first, second = (Boosting(rounds=5).fit(instants).predict(instants) for _ in range(2))
    assert np.array_equal(first, second)


def test_all_baselines_give_finite_forecasts_of_every_row(instants: InstantTable):
    baselines = fitted_baselines(instants, LinearSkip())
    assert [baseline.name for baseline in baselines] == ["home_rate", "elo", "rating", "ridge", "boosting"]
    for baseline in baselines:
        forecast = baseline.predict(instants)
        assert forecast.shape == (len(instants), 3) and np.isfinite(forecast).all()
        assert ((forecast[:, 0] > 0) & (forecast[:, 0] < 1)).all()
