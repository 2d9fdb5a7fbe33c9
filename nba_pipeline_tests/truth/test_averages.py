"""The simulated league averages what the real one does, and the real numbers are those of real files."""

from pathlib import Path

import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.simulator.season import SimulatedSeason
from nba_pipeline_tests.truth.averages import REAL, REAL_SEASONS, Average, league_averages


@pytest.fixture(scope="module")
def simulated(simulated_seasons: list[SimulatedSeason], simulated_archive: RawArchive) -> dict[str, float]:
    return league_averages(simulated_archive, tuple(season.season for season in simulated_seasons))


@pytest.mark.parametrize("average", REAL, ids=lambda average: average.name)
def test_simulated_averages_are_like_real_ones(average: Average, simulated: dict[str, float]) -> None:
    assert average.low - average.slack <= simulated[average.name] <= average.high + average.slack


def test_the_real_range_is_that_of_real_files(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    yearly = [league_averages(archive, (season,)) for season in REAL_SEASONS]
    for average in REAL:
        if "correlation" not in average.name:
            values = [one[average.name] for one in yearly]
            assert (min(values), max(values)) == pytest.approx((average.low, average.high), rel=0.03), average.name
    assert 0.61 <= league_averages(archive, REAL_SEASONS[:3])["team margin, correlation with last season's"] <= 0.69
