"""A schedule that the real league could have."""

from collections import Counter

import numpy as np
import pytest

from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.schedule import Schedule, make_schedule


@pytest.fixture(scope="module", params=[1, 2, 3])
def schedule(request: pytest.FixtureRequest) -> Schedule:
    return make_schedule(2021, np.random.default_rng(request.param))


def days_of(schedule: Schedule, team: int) -> np.ndarray:
    return schedule.day[(schedule.home == team) | (schedule.away == team)]


def test_every_team_plays_41_games_at_home_and_41_away(schedule: Schedule) -> None:
    assert np.bincount(schedule.home).tolist() == np.bincount(schedule.away).tolist() == [41] * 30


def test_opponents_are_met_two_three_or_four_times(schedule: Schedule) -> None:
    met = Counter(frozenset(pair) for pair in zip(schedule.home.tolist(), schedule.away.tolist(), strict=True))
    for pair, count in met.items():
        one, other = (TEAMS[index] for index in pair)
        wanted = {2} if one.conference != other.conference else {4} if one.division == other.division else {3, 4}
        assert count in wanted
    assert Counter(met.values()) == {2: 225, 3: 60, 4: 150}


def test_nobody_plays_twice_a_day_or_three_days_running(schedule: Schedule) -> None:
    for team in range(30):
        gaps = np.diff(days_of(schedule, team))
        assert gaps.min() >= 1
        assert not ((gaps[:-1] == 1) & (gaps[1:] == 1)).any()


def test_back_to_backs_and_length_are_those_of_real_seasons(schedule: Schedule) -> None:
    second_nights = (schedule.days_since_last == 1).sum() / 30
    assert 11 <= second_nights <= 16
    assert 160 <= schedule.day.max() <= 180


def test_games_are_in_order_of_their_days(schedule: Schedule) -> None:
    assert (np.diff(schedule.day) >= 0).all()
    assert schedule.dates[0].year == 2021


def test_a_small_league_plays_each_pair_four_times() -> None:
    schedule = make_schedule(2021, np.random.default_rng(1), teams=6)
    assert len(schedule) == 60
    assert np.bincount(schedule.home).tolist() == [10] * 6


def test_a_small_leagues_season_is_as_much_shorter_as_it_has_fewer_games(schedule: Schedule) -> None:
    small = make_schedule(2021, np.random.default_rng(1), teams=6)
    assert (schedule.days, small.days) == (172, 42)
    assert small.day.max() < 46
