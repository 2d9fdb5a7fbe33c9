"""The `rating` forecast in the invented league, where every player's worth is known."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import elo, rotation
from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.player_rating import FEATURE, build
from nba_pipeline_tests.features.invented_rosters import SEASONS, invented_rosters, worth

Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    tables = invented_rosters()
    history = History.from_frames(tables)
    return tables | {"elo": elo.build(history, SEASONS), "rotation": rotation.build(history, SEASONS)}


@pytest.fixture(scope="module")
def ratings(frames) -> pl.DataFrame:
    return build(History.from_frames(frames), SEASONS)


def test_every_game_has_a_forecast(frames, ratings):
    assert ratings["game_id"].to_list() == frames["games"].sort("game_date", "game_id")["game_id"].to_list()
    numbers = ratings.select("rating_margin", "p_home_win", "total")
    assert np.isfinite(numbers.to_numpy()).all()
    assert ratings["p_home_win"].is_between(0.001, 0.999).all()
    assert ratings["total"].is_between(150, 260).all()


def test_the_first_season_is_elos(frames, ratings):
    first = ratings.filter(pl.col("season") == SEASONS[0]).join(frames["elo"], on="game_id", suffix="_elo")
    assert first["rating_margin"].equals(first["elo_margin"], null_equal=True)
    assert first["p_home_win"].equals(first["p_home_win_elo"])


def test_the_margin_knows_who_is_good(frames, ratings):
    log = frames["player_game_stats"].join(frames["games"].select("game_id", "home_team_id"), on="game_id")
    side = pl.when(pl.col("team_id") == pl.col("home_team_id")).then(1).otherwise(-1)
    value = pl.Series(worth())
    true = log.with_columns(true=side * pl.col("min") / 48 * value.gather(log["player_id"])).group_by("game_id").agg(pl.col("true").sum())
    last = ratings.filter(pl.col("season") == SEASONS[2]).join(true, on="game_id").join(frames["elo"], on="game_id", suffix="_elo")
    known, by_elo = (np.corrcoef(last[name], last["true"])[0, 1] for name in ("rating_margin", "elo_margin"))
    assert known > 0.7
    assert known > by_elo


def test_earlier_seasons_that_the_feature_tables_lack_are_built(frames, ratings):
    short = frames | {name: frames[name].filter(pl.col("season") == SEASONS[2]) for name in ("elo", "rotation")}
    alone = build(History.from_frames(short), SEASONS[2:])
    assert alone.equals(ratings.filter(pl.col("season") == SEASONS[2]))


def test_box_lines_alone_will_do(frames):
    without = build(History.from_frames(frames | {"stints": frames["stints"].clear()}), SEASONS)
    assert np.isfinite(without.select("rating_margin", "p_home_win", "total").to_numpy()).all()


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_nothing_moves_when_the_future_changes(frames, mutation):
    day = frames["games"]["game_date"].unique().sort()[75]
    assert find_leaks(FEATURE, frames, day, mutation, (elo.FEATURE, rotation.FEATURE)) == []
