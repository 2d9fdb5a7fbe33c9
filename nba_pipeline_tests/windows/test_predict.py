"""Forecasts of anybody: the 1950s, a newcomer, a date without games; warnings are errors here."""

from datetime import date, timedelta

import polars as pl
import pytest

from nba_pipeline.features.era_form import ASKED, TARGETS
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.candidates import NoGamesError, candidates
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.meta_training import train_meta
from nba_pipeline.windows.predict import Forecaster
from nba_pipeline.windows.window_files import windows_root
from nba_pipeline_tests.windows.conftest import SEASONS, config


@pytest.fixture(scope="module")
def forecaster(eras: Warehouse) -> Forecaster:
    trained = train_meta(eras, config(), SEASONS[-2], told=lambda text: None)
    MetaStore(windows_root(eras.root)).save(trained.meta, trained.ensemble, trained.facts)
    return Forecaster(eras)


@pytest.fixture(scope="module")
def slate(eras: Warehouse) -> pl.DataFrame:
    days = eras.read("era_lines", SEASONS[-1:])["game_date"].unique().sort()
    return candidates(eras, days[20])


def test_candidates_are_those_who_played_lately_for_a_team_that_plays(eras: Warehouse, slate: pl.DataFrame):
    day = slate["game_date"][0]
    assert set(ASKED) <= set(slate.columns) and slate["team_id"].n_unique() == 2 * slate["game_id"].n_unique()
    before = eras.read("era_lines").filter(pl.col("game_date") < day)
    last = before.sort("game_date").group_by("player_id", maintain_order=True).last()
    joined = slate.join(last.select("player_id", last_team="team_id"), on="player_id", how="left")
    assert (joined["team_id"] == joined["last_team"]).all()
    tonight = eras.read("era_lines").filter(pl.col("game_date") == day)
    assert tonight.join(slate, on=["game_id", "player_id"], how="semi").height > 0.9 * tonight.height


def test_every_candidate_has_forecasts(forecaster: Forecaster, slate: pl.DataFrame):
    said = forecaster.predict(slate)
    assert said.height == slate.height and not said["fallback"].any()
    assert said.select(pl.all_horizontal(pl.col(TARGETS).is_finite() & (pl.col(TARGETS) >= 0)).all()).item()


def test_a_newcomer_predicts(forecaster: Forecaster, slate: pl.DataFrame):
    rookie = slate.head(2).with_columns(player_id=pl.Series([1, 2], dtype=pl.Int64))
    said = forecaster.predict(rookie)
    assert said.select(pl.all_horizontal(pl.col(TARGETS).is_finite()).all()).item()


def test_a_season_before_every_window_falls_back_to_the_moving_average(forecaster: Forecaster, eras: Warehouse):
    old = eras.read("era_lines", SEASONS[:1]).select(ASKED).tail(20)
    said = forecaster.predict(old)
    assert said["fallback"].all() and said["pts"].is_finite().all()


def test_what_the_meta_learner_has_learned_from_is_hindsight(forecaster: Forecaster, eras: Warehouse, slate: pl.DataFrame):
    last = forecaster.meta.learned_through
    assert last == eras.read("era_form", SEASONS[-2:-1])["game_date"].max()
    assert not forecaster.predict(slate)["hindsight"].any()
    assert not forecaster.predict(slate.clear())["hindsight"].any()
    asked = eras.read("era_lines", SEASONS[:1]).select(ASKED).tail(2)
    days = asked.with_columns(game_id=pl.Series(["new 1", "new 2"]), game_date=pl.Series([last, last + timedelta(days=1)]))
    assert forecaster.predict(asked)["hindsight"].all()
    assert forecaster.predict(days)["hindsight"].to_list() == [True, False]


def test_a_date_without_games_says_so(eras: Warehouse):
    with pytest.raises(NoGamesError, match="2018-07-01"):
        candidates(eras, date(2018, 7, 1))
