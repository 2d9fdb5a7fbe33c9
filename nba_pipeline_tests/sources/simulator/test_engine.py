"""Games that obey the rules, event by event."""

import numpy as np
import pytest

from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.box import box_of
from nba_pipeline.sources.simulator.engine import play
from nba_pipeline.sources.simulator.season import SimulatedSeason


def test_points_of_events_add_up_to_the_score_and_nobody_draws(season: SimulatedSeason) -> None:
    events = season.events
    total = np.zeros_like(season.score)
    scored = events.points > 0
    np.add.at(total, (events.game[scored], events.side[scored]), events.points[scored])
    assert (total == season.score).all()
    assert (season.score[:, 0] != season.score[:, 1]).all()


def test_five_different_available_people_are_on_court_on_each_side(season: SimulatedSeason) -> None:
    court = season.events.court.reshape(-1, 2, 5)
    assert (np.diff(np.sort(court, axis=2), axis=2) > 0).all()
    absent = [set(season.tonight.roster[game][~season.tonight.available[game]]) for game in range(50)]
    first = season.events.game < 50
    assert not any(absent[game] & set(ten.ravel()) for game, ten in zip(season.events.game[first], court[first], strict=True))


def test_clock_runs_down_in_each_period_and_seconds_add_up(season: SimulatedSeason) -> None:
    events = season.events
    same = (np.diff(events.game) == 0) & (np.diff(events.period) == 0)
    assert (np.diff(events.clock)[same] <= 0).all()
    periods = np.zeros(len(season.schedule), dtype=np.int64)
    np.maximum.at(periods, events.game, events.period)
    assert (season.seconds.sum(axis=2) == 5 * (2880 + 300 * (periods - 4))[:, None]).all()


def test_who_acts_is_on_court(season: SimulatedSeason) -> None:
    events = season.events
    acts = np.isin(events.kind, [EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW, EventType.REBOUND, EventType.TURNOVER])
    for person in (events.one, events.two, events.three):
        rows = acts & (person >= 0)
        assert (events.court[rows] == person[rows, None]).any(axis=1).all()


def test_the_sixth_foul_ends_a_players_game(season: SimulatedSeason) -> None:
    fouls = box_of(season).stats["PF"]
    assert fouls.max() == 6
    assert (fouls == 6).any(axis=1).mean() > 0.1


def test_a_substitute_replaces_somebody_of_his_own_side(season: SimulatedSeason) -> None:
    events, subs = season.events, np.flatnonzero(season.events.kind == EventType.SUBSTITUTION)
    before, after = events.court[subs - 1], events.court[subs]
    assert (before == events.one[subs, None]).any(axis=1).all()
    assert (after == events.two[subs, None]).any(axis=1).all()
    assert ((before != after).sum(axis=1) == 1).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_without_a_record_only_the_score_is_kept(small_season: SimulatedSeason, seed: int) -> None:
    first, again = (play(small_season.tonight, np.random.default_rng(seed)).score for _ in range(2))
    assert (first == again).all()
    assert (first != small_season.score).any()


def test_starters_rest_when_it_is_decided(season: SimulatedSeason) -> None:
    """In the last two minutes of blow-outs hardly any of the five with the most planned minutes is on court."""
    events, plan = season.events, season.tonight.plan_seconds[:, 0]
    late = (events.period == 4) & (events.clock < 120) & (np.abs(events.score[:, 0] - events.score[:, 1]) > 25)
    best = np.take_along_axis(season.tonight.roster[:, 0], np.argsort(-plan, axis=1)[:, :5], axis=1)
    on_court = (events.court[late, :5, None] == best[events.game[late]][:, None, :]).any(axis=1).mean()
    assert late.sum() > 500
    assert on_court < 0.15
