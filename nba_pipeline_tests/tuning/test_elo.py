"""The tunable Elo is the production Elo with a fixed home edge, and knows no future."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.elo import EloLeague, EloRecipe
from nba_pipeline.features.teams.elo_curve import ELO_PER_POINT
from nba_pipeline.tuning.elo_classifier import EloClassifier, ForecastOfThePastError
from nba_pipeline.tuning.elo_walk import EloSettings, EloState, walk
from nba_pipeline.tuning.game_table import dated_rows, game_rows

SETTINGS = EloSettings(k_factor=18.0, home_advantage=70.0, mean_reversion=0.3)


@pytest.fixture(scope="module")
def games(league: pl.DataFrame) -> pl.DataFrame:
    return game_rows(dated_rows(league)).with_columns(neutral_site=pl.int_range(pl.len()) % 17 == 0)


def production(games: pl.DataFrame) -> np.ndarray:
    """Home ratings before each game, by the league's own Elo with its edge held fast."""
    codes = {team: code for code, team in enumerate(sorted(games["home_team"].unique()))}
    fixed = EloRecipe(k=18.0, carry=0.7, edge_prior_points=70.0 / ELO_PER_POINT, edge_prior_games=1e15, edge_half_life_games=1e15)
    league, season, answers = EloLeague(len(codes), fixed), None, []
    for (_, of_season), night in games.group_by("game_date", "season", maintain_order=True):
        if season not in (None, of_season):
            league.new_season()
        season = of_season
        home, away = (night[f"{side}_team"].replace_strict(codes).to_numpy() for side in ("home", "away"))
        answers.append(league.ratings[home])
        league.learn(home, away, night["margin"].to_numpy(), night["neutral_site"].to_numpy())
    return np.concatenate(answers)


def test_it_rates_as_the_production_elo_does(games: pl.DataFrame):
    home, _ = walk(EloState({}), games, SETTINGS)
    assert np.abs(np.asarray(home) - production(games)).max() < 1e-6


def test_a_forecast_knows_nothing_of_its_day_or_later(games: pl.DataFrame):
    fitted, later = EloClassifier().fit(games[:200]), games[200:]
    later = later.filter(pl.col("game_date") > games["game_date"][199])
    day = later["game_date"][60]
    changed = later.with_columns(margin=pl.when(pl.col("game_date") >= day).then(-3 * pl.col("margin")).otherwise("margin"))
    unplayed = later.with_columns(margin=pl.when(pl.col("game_date") >= day).then(None).otherwise("margin"))
    until = int((later["game_date"] <= day).sum())
    before = fitted.predict_proba(later)[:until]
    for world in (changed, unplayed, later.filter(pl.col("game_date") <= day)):
        assert (fitted.predict_proba(world)[:until] == before).all()
    assert (fitted.predict_proba(changed) != fitted.predict_proba(later)).any(), "what was changed matters afterwards"


def test_forecasting_leaves_the_fitted_ratings_alone(games: pl.DataFrame):
    fitted = EloClassifier().fit(games[:200])
    later = games.filter(pl.col("game_date") > games["game_date"][199])
    first = fitted.predict_proba(later)
    assert (fitted.predict_proba(later) == first).all() and ((first > 0) & (first < 1)).all()
    assert fitted.predict(later).tolist() == (first[:, 1] > 0.5).astype(int).tolist()


def test_the_past_is_not_forecast(games: pl.DataFrame):
    fitted = EloClassifier().fit(games[:200])
    with pytest.raises(ForecastOfThePastError, match="ask about later games"):
        fitted.predict_proba(games[100:])


def test_two_games_on_one_day_do_not_know_each_other(games: pl.DataFrame):
    twice = pl.concat([games[:1], games[:1].with_columns(margin=pl.lit(30.0))])
    home, _ = walk(EloState({}), twice, SETTINGS)
    assert home == [1500.0, 1500.0]


def test_a_summer_pulls_to_the_mean(games: pl.DataFrame):
    first = games[0]
    after = first.with_columns(game_date=pl.col("game_date") + timedelta(days=200), season=pl.lit("next"))
    plain = EloSettings(k_factor=20.0, home_advantage=0.0, mean_reversion=0.5, use_margin=False)
    home, _ = walk(EloState({}), pl.concat([first, after]).with_columns(neutral_site=pl.lit(False)), plain)
    won = 1 if first["margin"][0] > 0 else -1
    assert home == [1500.0, 1500.0 + won * 5.0]
