import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.schemas import violations
from nba_pipeline.warehouse.stints import COLUMNS, build_stints
from nba_pipeline_tests.warehouse.mini_game import (
    AWAY_FIVE,
    GAMES,
    HOME_FIVE,
    Play,
    box,
    foul,
    free_throw,
    made,
    missed,
    quarter,
    raw,
    rebound,
    sub,
)


def stints_of(*plays: Play | list[Play]) -> pl.DataFrame:
    return build_stints(build_plays(raw(*plays), GAMES, box()).plays, GAMES)


def test_a_period_without_changes_is_one_stint() -> None:
    plays = [made(1, "11:00", 11, three=True), missed(1, "10:40", 21, three=True), rebound(1, "10:39", 11), made(1, "10:20", 12)]
    stints = stints_of(quarter(*plays))
    assert tuple(stints.columns) == COLUMNS
    assert violations("stints", stints) == []
    row = stints.row(0, named=True)
    assert stints.height == 1 and (row["start_seconds"], row["end_seconds"], row["start_play_index"]) == (0, 720, 0)
    assert (row["home_lineup"], row["away_lineup"]) == (HOME_FIVE, AWAY_FIVE)
    assert (row["home_points"], row["home_fg3a"], row["home_fg3m"], row["home_possessions"]) == (5, 1, 1, 2)
    assert (row["away_points"], row["away_fg3a"], row["away_fg3m"], row["away_possessions"]) == (0, 1, 0, 2)


def test_a_substitution_starts_a_stint_at_its_second_and_row() -> None:
    stints = stints_of(quarter(made(1, "9:00", 11), sub(1, "8:00", 15, 16), made(1, "7:00", 21)))
    assert stints.select("start_seconds", "end_seconds").rows() == [(0, 240), (240, 720)]
    assert stints["home_lineup"].to_list() == [HOME_FIVE, [11, 12, 13, 14, 16]]
    assert stints["home_points"].to_list() == [2, 0] and stints["away_points"].to_list() == [0, 2]
    assert stints["start_play_index"].to_list() == [0, 12]


def test_substitutions_of_one_second_make_no_stints_between_them() -> None:
    stints = stints_of(quarter(sub(1, "8:00", 15, 16), sub(1, "8:00", 14, 17), sub(1, "8:00", 25, 26)))
    assert stints.height == 2
    assert stints["home_lineup"].to_list()[1] == [11, 12, 13, 16, 17]
    assert stints["stint_index"].to_list() == [0, 1]


def test_free_throws_belong_to_the_ten_at_the_foul() -> None:
    trip = [foul(1, "8:00", 21, 11), free_throw(1, "8:00", 11, 11), sub(1, "8:00", 15, 16), free_throw(1, "8:00", 11, 12)]
    stints = stints_of(quarter(*trip))
    assert stints.select("home_points", "home_fta", "home_ftm", "home_possessions").row(0) == (2, 2, 2, 1)
    assert stints.select("home_points", "home_fta", "home_ftm", "home_possessions").row(1) == (0, 0, 0, 0)


def test_missed_free_throws_are_attempts() -> None:
    row = stints_of(quarter(free_throw(1, "8:00", 21, 11, goes_in=False), free_throw(1, "8:00", 21, 12))).row(0, named=True)
    assert (row["away_fta"], row["away_ftm"], row["away_points"]) == (2, 1, 1)


def test_periods_cut_stints_and_overtime_is_shorter() -> None:
    stints = stints_of(*(quarter(period=period) for period in range(1, 6)))
    assert stints["period"].to_list() == [1, 2, 3, 4, 5]
    assert (stints["end_seconds"] - stints["start_seconds"]).to_list() == [720, 720, 720, 720, 300]


def test_a_stint_with_an_unknown_five_keeps_its_points() -> None:
    plays = build_plays(raw(quarter(made(1, "9:00", 11), home=[11, 12, 13, 14])), GAMES, box({})).plays
    stints = build_stints(plays, GAMES)
    assert stints["home_lineup"].to_list() == [None]
    assert stints["home_points"].to_list() == [2]


def test_no_plays_give_no_stints() -> None:
    assert stints_of().is_empty()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10), st.sampled_from(["basket", "three", "free", "sub"])), max_size=12))
def test_points_and_seconds_add_up_whatever_happens(events: list[tuple[int, str]]) -> None:
    on, off, plays = 15, 16, []
    for minute, what in sorted(events, reverse=True):
        clock = f"{minute}:00"
        if what == "sub":
            plays.append(sub(1, clock, on, off))
            on, off = off, on
        else:
            plays.append(free_throw(1, clock, 11, 16) if what == "free" else made(1, clock, 12, three=what == "three"))
    stints = stints_of(quarter(*plays))
    points = sum({"basket": 2, "three": 3, "free": 1, "sub": 0}[what] for _, what in events)
    assert stints["home_points"].sum() == points
    assert (stints["end_seconds"] - stints["start_seconds"]).sum() == 720
    assert (stints["start_seconds"][1:] == stints["end_seconds"][:-1]).all()


def test_the_first_play_of_a_stint_has_its_ten(tiny_tables: dict[str, pl.DataFrame]) -> None:
    stints, plays = tiny_tables["stints"], tiny_tables["plays"]
    both = stints.join(plays, left_on=["game_id", "start_play_index"], right_on=["game_id", "play_index"], suffix="_play")
    assert both.height == stints.height > 0
    assert both.filter(pl.col("home_lineup").ne_missing(pl.col("home_lineup_play"))).is_empty()
    assert both.filter(pl.col("away_lineup").ne_missing(pl.col("away_lineup_play"))).is_empty()


def test_stints_add_up_to_the_game(tiny_tables: dict[str, pl.DataFrame]) -> None:
    totals = tiny_tables["stints"].group_by("game_id").agg(pl.col("home_points", "away_points").sum())
    both = totals.join(tiny_tables["games"], on="game_id", suffix="_log")
    assert both.filter(
        (pl.col("home_points") != pl.col("home_points_log")) | (pl.col("away_points") != pl.col("away_points_log"))
    ).is_empty()
