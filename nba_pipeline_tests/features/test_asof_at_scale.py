"""The as-of proof on a stretch of two real seasons, and every known mistake planted in it and in the invented league.

The whole run over all seasons is `python -m nba_pipeline_tests.asof_at_scale`.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.features.leaks import Mutation, build_world, find_leaks
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.betting_lines import build_betting_lines
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.shots import build_shots
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline_tests.asof_at_scale.canaries import COLUMN, IN_GAME, ROWS, Build, as_feature
from nba_pipeline_tests.asof_at_scale.instants import Frames, Instant, without_future
from nba_pipeline_tests.asof_at_scale.proof import in_game_leaks, leaks_at, rebuild
from nba_pipeline_tests.asof_at_scale.stretches import MUTATIONS, Stretch, draw_instants, no_lines, no_reports, world

STRETCH = Stretch("2015-16", "2016-17", history=10, first=30, length=12)
INSTANTS = 6


@pytest.fixture(scope="module")
def frames(archive_dir: Path) -> Frames:
    """The stretch's tables; plays and shots of its second season only."""
    archive = RawArchive(archive_dir)
    games = pl.concat([build_games(archive.team_log(season), archive.game_ids_with_plays(STRETCH.season)) for season in STRETCH.seasons])
    box = pl.concat([build_player_game_stats(archive.player_log(season)) for season in STRETCH.seasons])
    small = world({"games": games, "player_game_stats": box}, STRETCH)
    tonight = small["games"].filter(pl.col("season") == STRETCH.season)
    wanted = pl.col("GAME_ID").is_in(tonight["game_id"].implode())
    built = build_plays(archive.plays(STRETCH.season).filter(wanted), tonight, small["player_game_stats"])
    players = build_players(archive.player_index())
    return small | {
        "players": players,
        "player_prop_lines": no_lines(games, players),
        "betting_lines": build_betting_lines(archive.betting_lines(STRETCH.season), games).join(tonight, on="game_id", how="semi"),
        "availability": no_reports(games),
        "shots": build_shots(archive.shots(STRETCH.season).filter(wanted), STRETCH.season),
        "plays": built.plays,
        "lineup_flags": built.flags,
        "stints": build_stints(built.plays, tonight),
    }


@pytest.fixture(scope="module")
def built(frames: Frames) -> Frames:
    return build_world(frames, FEATURES)


@pytest.fixture(scope="module")
def instants(frames: Frames) -> list[Instant]:
    return draw_instants(frames, STRETCH, INSTANTS, np.random.default_rng(3))


@pytest.fixture(scope="module")
def rebuilt(frames: Frames, built: Frames, instants: list[Instant]) -> list[Frames]:
    return [rebuild(frames, built, instant) for instant in instants]


@pytest.mark.parametrize("number", range(INSTANTS))
def test_no_feature_of_a_real_season_knows_the_future(number: int, built: Frames, rebuilt: list[Frames], instants: list[Instant]) -> None:
    instant = instants[number]
    for feature in FEATURES:
        assert (built[feature.name]["game_date"] == instant.day).any(), f"{feature.name} has no row for {instant.day}: nothing is proven"
    assert leaks_at(built, rebuilt[number], instant) == []


def test_instants_are_of_every_kind(instants: list[Instant]) -> None:
    assert {(one.game_id is None, one.mutation) for one in instants} == {(before, how) for before in (True, False) for how in MUTATIONS}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("build", [*COLUMN, *ROWS], ids=lambda build: build.__name__)
def test_a_mistake_that_others_made_is_named(build: Build, mutation: Mutation, frames: Frames) -> None:
    day = frames["games"]["game_date"].unique().sort()[-STRETCH.length // 2]
    found = {leak.column for leak in find_leaks(as_feature(build), frames, day, mutation)}
    assert found == {"planted"} if build in COLUMN else found


@pytest.mark.parametrize("build", [*COLUMN, *ROWS], ids=lambda build: build.__name__)
def test_a_mistake_in_the_invented_league_is_named(build: Build, tiny_tables: Frames) -> None:
    days = tiny_tables["games"]["game_date"].unique().sort()
    found = {leak.column for leak in find_leaks(as_feature(build), tiny_tables, days[2 * len(days) // 3], "delete")}
    assert found == {"planted"} if build in COLUMN else found


@pytest.mark.parametrize("part", IN_GAME)
@pytest.mark.parametrize("number", [1, 3])
def test_a_mistake_within_a_game_is_named(number: int, part: str, built: Frames, rebuilt: list[Frames], instants: list[Instant]) -> None:
    plant = IN_GAME[part]
    assert in_game_leaks(built, rebuilt[number], instants[number]) == []
    assert part in {leak.column for leak in in_game_leaks(plant(built), plant(rebuilt[number]), instants[number])}


def test_the_running_game_keeps_what_has_been_seen(frames: Frames, instants: list[Instant]) -> None:
    instant = instants[1]
    changed, running = without_future(frames, instant), pl.col("game_id") == instant.game_id
    seen = running & (pl.col("play_index") < instant.play_index)
    assert changed["plays"].filter(seen).equals(frames["plays"].filter(seen))
    assert not changed["plays"].filter(running).equals(frames["plays"].filter(running))
    begun = changed["stints"].filter(running)
    assert (begun["start_play_index"] < instant.play_index).all()
    assert begun["home_points"][-1] == 0
    assert begun[:-1].equals(frames["stints"].filter(running).head(begun.height - 1))
