"""The `rating` forecast that knows who sits out, beside the one that does not."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nba_pipeline.evaluation.comparison import compare_paired
from nba_pipeline.features import absences, elo, player_rating, player_rating_reported, rotation, rotation_reported
from nba_pipeline.features.leaks import build_world
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline_tests.features.invented_rosters import NO_REPORTS, SEASONS, invented_rosters

CHAIN = tuple(part.FEATURE for part in (elo, rotation, absences, rotation_reported, player_rating, player_rating_reported))
NO_STINTS = invented_rosters()["stints"].clear()
Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def world() -> Frames:
    return build_world(invented_rosters(), CHAIN)


@pytest.fixture(scope="module")
def real_world(archive_dir: Path) -> Frames:
    """Three seasons of game logs; without stints, ratings come from box lines."""
    archive, seasons = RawArchive(archive_dir), ("2014-15", "2015-16", "2016-17")
    games = pl.concat(build_games(archive.team_log(season)) for season in seasons)
    box = pl.concat(build_player_game_stats(archive.player_log(season)) for season in seasons)
    return build_world({"games": games, "player_game_stats": box, "stints": NO_STINTS, "availability": NO_REPORTS}, CHAIN)


def losses(world: Frames, name: str, season: str) -> pl.DataFrame:
    """Log loss of each game of a season, in time order."""
    games = world["games"].filter(pl.col("season") == season).select("game_id", "game_date", "home_win")
    rows = games.join(world[name].select("game_id", "p_home_win"), on="game_id").sort("game_date", "game_id")
    chance = pl.when("home_win").then("p_home_win").otherwise(1 - pl.col("p_home_win"))
    return rows.select("game_date", loss=-chance.log())


def test_same_games_same_columns_and_the_mode_is_named(world: Frames):
    reported, projected = world["player_rating_reported"], world["player_rating"]
    assert reported.columns == [*projected.columns, "lineups"] and reported["lineups"].unique().to_list() == ["reported"]
    assert reported["game_id"].equals(projected["game_id"])
    later = reported["season"] > SEASONS[0]
    assert not reported.filter(later)["rating_margin"].equals(projected.filter(later)["rating_margin"])
    assert np.isfinite(reported.select("rating_margin", "p_home_win", "total").to_numpy()).all()


def test_real_rotations_are_as_good_as_measured(real_world: Frames):
    keys = ["game_id", "team_id", "player_id"]
    rows = real_world["rotation"].filter(pl.col("season") == "2016-17")
    played = rows.join(real_world["player_game_stats"].select(*keys, "min"), on=keys, how="left")
    appeared = played["min"].is_not_null().cast(pl.Float64)
    assert rows.height > 38_000
    assert ((played["p_play"] - appeared) ** 2).mean() < 0.095
    assert (played["minutes_if_playing"] - played["min"]).abs().mean() < 4.8


def test_knowing_who_sits_out_helps_in_real_games(real_world: Frames):
    reported, projected = (losses(real_world, name, "2016-17") for name in ("player_rating_reported", "player_rating"))
    found = compare_paired(reported["loss"], projected["loss"], reported["game_date"])
    assert found.games == 1230 and -0.02 < found.mean < 0, "gains of more than .02 log loss are a leak until proven otherwise"
