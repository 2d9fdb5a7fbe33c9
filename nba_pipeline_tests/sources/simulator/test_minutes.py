"""Planned minutes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.sources.simulator.minutes import MOST_SECONDS, plan_seconds
from nba_pipeline.sources.simulator.season import SimulatedSeason

SIZES = np.tile(np.repeat(np.arange(5), 3), (1, 2, 1))


@settings(deadline=None)  # a busy machine is no failure
@given(seed=st.integers(0, 10_000), out=st.integers(0, 7))
def test_they_add_to_five_on_court_for_a_game_and_nobody_plays_too_long(seed: int, out: int) -> None:
    rng = np.random.default_rng(seed)
    available = rng.permuted(np.arange(15) >= np.full((1, 2, 1), out), axis=2)
    seconds = plan_seconds(rng.normal(0, 3, (1, 2, 15)), SIZES, available)
    assert (seconds[~available] == 0).all()
    assert seconds.max() <= MOST_SECONDS + 1e-6
    assert np.abs(seconds.sum(axis=2) - 5 * 2880).max() < 300


def test_the_better_of_a_size_plays_more() -> None:
    reputation = np.zeros((1, 2, 15))
    reputation[:, :, 3] = 4
    seconds = plan_seconds(reputation, SIZES, np.ones((1, 2, 15), dtype=bool))
    assert (seconds[:, :, 3] > 1.5 * seconds[:, :, 4]).all()


def test_ranks_of_minutes_are_like_real_ones(season: SimulatedSeason) -> None:
    """Real ranks of 2016-17 .. 2021-22: 36.3, 33.9, 31.8, 29.5, 26.7, 23.1, 19.8, 16.7, 13.2, 8.8 minutes."""
    ranked = -np.sort(-season.seconds / 60, axis=2).mean(axis=(0, 1))
    assert np.abs(ranked[:10] - [36.3, 33.9, 31.8, 29.5, 26.7, 23.1, 19.8, 16.7, 13.2, 8.8]).max() < 3.5
