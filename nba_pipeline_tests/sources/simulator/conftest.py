"""Seasons of the simulated league, large and small."""

import pytest

from nba_pipeline.sources.simulator.season import SimulatedSeason, simulate_season


@pytest.fixture(scope="session")
def season(simulated_seasons: list[SimulatedSeason]) -> SimulatedSeason:
    """1,230 games of thirty teams."""
    return simulated_seasons[-1]


@pytest.fixture(scope="session")
def small_season() -> SimulatedSeason:
    """Sixty games of six teams."""
    return simulate_season("2021-22", seed=1, teams=6)
