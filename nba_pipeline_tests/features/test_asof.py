"""The three moves of the as-of rule, on small frames with answers one can work out by hand."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.features.asof import History, join_before, running_sums, walk_dates

START = date(2021, 10, 19)


def frame(days: list[int], keys: list[int], values: list[float]) -> pl.DataFrame:
    dates = [START + timedelta(days=day) for day in days]
    return pl.DataFrame({"game_date": dates, "player_id": keys, "points": values}, schema_overrides={"points": pl.Float64})


def test_a_walk_brings_news_of_earlier_dates_only_and_each_once():
    facts = frame([0, 0, 1, 2, 5], [1, 2, 1, 1, 1], [10, 20, 30, 40, 50])
    nights = list(walk_dates(frame([1, 2, 5], [1, 1, 1], [0, 0, 0]), facts))
    assert [night.news["points"].to_list() for night in nights] == [[10, 20], [30], [40]]


def test_a_join_never_meets_its_own_date():
    right = frame([0, 1, 2], [1, 1, 1], [10, 20, 30]).rename({"points": "known"})
    joined = join_before(frame([2, 0, 1], [1, 1, 1], [0, 0, 0]), right, by=["player_id"])
    assert joined["known"].to_list() == [20, None, 10]


def test_running_sums_are_strictly_earlier():
    facts = frame([0, 1, 2], [1, 1, 2], [10, 20, 40])
    targets = frame([0, 1, 2, 3, 3], [1, 1, 1, 1, 2], [0] * 5)
    assert running_sums(targets, facts, "player_id", ["points"]).ravel().tolist() == [0, 10, 30, 30, 40]


def test_a_fact_of_one_half_life_ago_counts_half():
    sums = running_sums(frame([10], [1], [0]), frame([0], [1], [8]), "player_id", ["points"], half_life_days=10)
    assert sums[0, 0] == pytest.approx(4)


def test_a_missing_number_counts_as_nothing():
    facts = frame([0, 1], [1, 1], [None, 5])  # pyright: ignore[reportArgumentType]
    assert running_sums(frame([2], [1], [0]), facts, "player_id", ["points"])[0, 0] == 5


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4), st.integers(-20, 20)), min_size=1, max_size=60), st.integers(0, 30))
def test_the_future_does_not_touch_a_bit(rows: list[tuple[int, int, int]], day: int):
    facts = frame([d for d, _, _ in rows], [k for _, k, _ in rows], [float(v) / 7 for _, _, v in rows])
    targets = frame([day] * 4, [1, 2, 3, 4], [0] * 4)
    past = facts.filter(pl.col("game_date") < START + timedelta(days=day))
    whole = running_sums(targets, facts, "player_id", ["points"], half_life_days=20)
    assert np.array_equal(whole, running_sums(targets, past, "player_id", ["points"], half_life_days=20))


def test_the_schedule_knows_no_result_and_lists_home_first():
    games = pl.DataFrame(
        {
            "game_id": ["0022100001"], "season": ["2021-22"], "game_date": [START], "home_team_id": [1], "away_team_id": [2],
            "neutral_site": [False], "home_points": [100], "away_points": [90],
        }
    )  # fmt: skip
    history = History.from_frames({"games": games})
    assert "home_points" not in history.schedule().columns
    assert history.team_schedule()["team_id"].to_list() == [1, 2]
    assert history.team_schedule()["is_home"].to_list() == [True, False]
