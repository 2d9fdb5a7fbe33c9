from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.warehouse.play_rows import PlaysError
from nba_pipeline.warehouse.plays import COLUMNS, build_plays
from nba_pipeline.warehouse.schemas import violations
from nba_pipeline_tests.warehouse.mini_game import (
    AWAY,
    GAMES,
    HOME,
    Play,
    box,
    end,
    foul,
    free_throw,
    made,
    missed,
    play,
    quarter,
    raw,
    rebound,
    seen,
    start,
)


def plays_of(*plays: Play | list[Play]) -> pl.DataFrame:
    return build_plays(raw(*plays), GAMES, box()).plays


def test_a_hand_written_game_has_the_columns_and_keeps_the_schema() -> None:
    plays = plays_of(quarter(made(1, "11:40", 11, 12), missed(1, "11:20", 21), rebound(1, "11:19", HOME)))
    assert tuple(plays.columns) == COLUMNS
    assert plays["play_index"].to_list() == list(range(plays.height))
    assert violations("plays", plays) == []


def test_rows_follow_the_clock_and_within_a_second_the_file() -> None:
    late = [missed(1, "11:00", 11), rebound(1, "11:00", 21), made(1, "11:30", 22), made(1, "10:00", 12)]
    plays = plays_of(quarter(*late)).filter(pl.col("event_type").is_in([1, 2, 4]))
    assert list(zip(plays["clock_seconds"], plays["event_type"], strict=True)) == [(690, 1), (660, 2), (660, 4), (600, 1)]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_rows_of_different_seconds_does_not_matter(order: list[int]) -> None:
    shots = [made(1, f"{minute}:00", 11 + minute % 5, number=100 + minute) for minute in range(2, 10)]
    first = [start(), *seen(1, "11:59", [11, 12, 13, 14, 15, 21, 22, 23, 24, 25])]
    expected = plays_of(first, shots, end())
    shuffled = plays_of(first, [shots[position] for position in order], end())
    assert shuffled.drop("event_num").equals(expected.drop("event_num"))


def test_a_repeated_row_is_dropped_and_a_repeated_number_is_not() -> None:
    basket = made(1, "11:40", 11, number=50)
    assert plays_of(quarter(basket, basket))["home_score"].max() == 2
    assert plays_of(quarter(basket, made(1, "11:40", 12, number=50)))["home_score"].max() == 4


def test_the_score_after_each_play() -> None:
    scoring = [
        made(1, "11:40", 11), made(1, "11:30", 21, three=True), free_throw(1, "11:20", 12, 11),
        free_throw(1, "11:20", 12, 12, goes_in=False), play(3, 1, "11:10", 13, action=12, text="Free Throw 2 of 2"),
        missed(1, "11:00", 22, three=True),
    ]  # fmt: skip
    plays = plays_of(quarter(*scoring)).filter(pl.col("event_type") < 4)
    assert list(zip(plays["home_score"], plays["away_score"], strict=True)) == [(2, 0), (2, 3), (3, 3), (3, 3), (3, 3), (3, 3)]


def test_the_acting_team_comes_from_the_player_the_team_or_the_side_that_tells_it() -> None:
    coach = foul(1, "11:10", 0, action=11) | {"HOMEDESCRIPTION": "Coach T.FOUL", "PLAYER1_ID": "2222"}
    plays = plays_of(quarter(rebound(1, "11:40", AWAY), missed(1, "11:30", 11), coach, play(18, 1, "11:00", text="Replay")))
    teams = dict(zip(plays["clock_seconds"], plays["team_id"], strict=True))
    assert (teams[700], teams[690], teams[670], teams[660]) == (AWAY, HOME, HOME, None)
    assert plays.filter(pl.col("clock_seconds").is_in([700, 670]))["player1_id"].null_count() == 2


def test_elapsed_seconds_run_through_overtime() -> None:
    periods = [quarter(period=period) for period in range(1, 7)]
    plays = plays_of(*periods).filter(pl.col("event_type") == 13)
    assert plays["elapsed_seconds"].to_list() == [720, 1440, 2160, 2880, 3180, 3480]


def test_an_unreadable_clock_names_game_and_event() -> None:
    with pytest.raises(PlaysError, match=r"0021800001 event 77.*Fetch"):
        plays_of(quarter(made(1, "noon", 11, number=77)))


def test_a_game_that_the_log_does_not_know_is_refused() -> None:
    with pytest.raises(PlaysError, match=r"not in the game log: 0021800001 event"):
        build_plays(raw(quarter()), GAMES.clear(), box())


def test_no_plays_give_an_empty_table() -> None:
    built = build_plays(raw(), GAMES, box())
    assert built.plays.is_empty() and built.flags.is_empty()
    assert built.plays.schema == plays_of(quarter()).schema


def test_the_invented_league_is_reproduced(tiny_archive: Path, tiny_tables: dict[str, pl.DataFrame]) -> None:
    plays, games = tiny_tables["plays"], tiny_tables["games"]
    last = plays.group_by("game_id").agg(pl.last("home_score", "away_score")).join(games, on="game_id")
    assert last.height == plays["game_id"].n_unique() > 0
    assert last.filter((pl.col("home_score") != pl.col("home_points")) | (pl.col("away_score") != pl.col("away_points"))).is_empty()
