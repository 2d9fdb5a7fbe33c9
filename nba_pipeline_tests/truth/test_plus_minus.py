"""Plus-minus finds the values that the league was made with, as well as its design allows, and knows how wrong it is."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.player_rapm import RapmSettings
from nba_pipeline.sources.simulator.season import SimulatedSeason
from nba_pipeline_tests.truth.plus_minus import UNSHRUNK, drawn, expected, points_sd, recovery, scored

DRAWS = 4

Season = tuple[SimulatedSeason, dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def played(simulated_seasons: list[SimulatedSeason], simulated_tables: list[dict[str, pl.DataFrame]]) -> list[Season]:
    return list(zip(simulated_seasons, simulated_tables, strict=True))


def test_without_noise_the_values_come_back(played: list[Season]) -> None:
    for season, tables in played:
        found = recovery(season, tables, expected(season, tables), UNSHRUNK)
        assert found.players == 450
        assert min(found.r, found.r_offence, found.r_defence) >= 0.98


def test_from_scored_points_it_does_as_well_as_from_what_a_ridge_assumes(played: list[Season]) -> None:
    """Mean over the seasons: of one season, the correlation has a standard error of .02."""
    differences, rng = [], np.random.default_rng(11)
    for season, tables in played:
        mean, sd = expected(season, tables), points_sd(season, tables)
        found = recovery(season, tables, scored(tables), RapmSettings())
        gaussian = [recovery(season, tables, drawn(mean, tables, sd, rng), RapmSettings()).r for _ in range(DRAWS)]
        differences.append(found.r - np.mean(gaussian))
        assert found.r > 0.55
    assert abs(np.mean(differences)) <= 0.03, differences


def test_ninety_percent_intervals_hold_the_truth_for_about_ninety_percent(played: list[Season]) -> None:
    for season, tables in played:
        assert 0.85 <= recovery(season, tables, scored(tables), RapmSettings()).covered <= 0.95
