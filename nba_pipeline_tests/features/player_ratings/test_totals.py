"""Totals: fading means, tempo of teams, and a forecast in the invented league."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_ratings.totals import FadingMean, TeamTempo, TotalRecipe, expected_totals
from nba_pipeline_tests.features.invented_rosters import invented_rosters


def test_a_fading_mean_halves_the_past_and_keeps_its_prior():
    mean = FadingMean(np.array([10.0]), weight=1.0, half_life_days=5.0)
    assert mean.mean(3) == pytest.approx([10.0])
    mean.learn(np.array([[20.0], [20.0]]), 100)
    assert mean.mean(100) == pytest.approx([50 / 3])
    assert mean.mean(105) == pytest.approx([(20 + 10) / 2])
    mean.learn(np.array([[0.0]]), 105)
    assert mean.mean(105) == pytest.approx([30 / 3])


def test_fast_and_sharp_teams_are_expected_to_score_more():
    tempo, rng = TeamTempo(4, TotalRecipe()), np.random.default_rng(0)
    for day in range(60):
        home, away = rng.choice(4, 2, replace=False)
        attack = [110 + 10 * (home == 0), 110 + 10 * (away == 0)]
        tempo.learn(np.array([home]), np.array([away]), np.array([[*attack, 100 + 5.0 * (1 in (home, away))]]), day)
    level, efficiency, pace = tempo.expect(np.array([0, 1, 2]), np.array([3, 3, 3]), 60).T
    assert level == pytest.approx(np.full(3, level[0]))
    assert efficiency[0] > efficiency[1] + 4
    assert pace[1] > pace[0] + 4


def test_before_any_game_the_total_is_the_priors():
    recipe = TotalRecipe()
    level, efficiency, pace = TeamTempo(2, recipe).expect(np.array([0]), np.array([1]), 0)[0]
    assert level == pytest.approx(2 * recipe.prior_efficiency * recipe.prior_pace / 100)
    assert (efficiency, pace) == (0, 0)


def test_forecasts_settle_near_the_leagues_level():
    history = History.from_frames(invented_rosters())
    schedule, results = history.schedule(), history.results()
    totals = expected_totals(history, schedule, np.zeros((schedule.height, 1)), np.zeros(schedule.height), TotalRecipe())
    assert np.isfinite(totals).all()
    last = results["season"] == "2021-22"
    played = (results["home_points"] + results["away_points"]).filter(last)
    assert abs(pl.Series(totals).filter(last).mean() - played.mean()) < 4


def test_uneven_games_may_end_otherwise_whoever_is_ahead():
    tables = invented_rosters()
    rng = np.random.default_rng(2)
    margin = rng.normal(0, 12, tables["games"].height)
    uneven = pl.Series(np.abs(margin).round().astype(int))
    games = tables["games"].sort("game_date", "game_id").with_columns(pl.col("home_points") + uneven)
    history = History.from_frames(tables | {"games": games})
    schedule = history.schedule()
    nothing, last = np.zeros((schedule.height, 1)), (schedule["season"] == "2021-22").to_numpy()
    slope, other = (
        np.polyfit(uneven.to_numpy()[last], expected_totals(history, schedule, nothing, sign * margin, TotalRecipe())[last], 1)[0]
        for sign in (1, -1)
    )
    unknown = expected_totals(history, schedule, nothing, np.zeros(schedule.height), TotalRecipe())[last]
    assert slope == pytest.approx(other)
    assert 0.3 < slope < 1.5
    assert abs(np.polyfit(uneven.to_numpy()[last], unknown, 1)[0]) < 0.2
