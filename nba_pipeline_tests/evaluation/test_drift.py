import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.evaluation.drift import Sample, measure_shifts, noise_floor, population_stability_index, runs_of

CLUBS, NIGHTS = 30, 40


def season(seasons: int = 1, shift: float = 0.0, persistence: float = 0.0, seed: int = 0) -> Sample:
    """Seasons of thirty clubs, a standard normal number a night; of its variance a club keeps a share all season long."""
    rng = np.random.default_rng(seed)
    club = np.tile(np.arange(seasons * CLUBS).reshape(seasons, 1, CLUBS), (1, NIGHTS, 1)).ravel()
    level = rng.normal(size=seasons * CLUBS)[club]
    values = np.sqrt(persistence) * level + np.sqrt(1 - persistence) * rng.normal(size=len(club)) + shift
    return Sample(values[:, None], (club,))


def test_psi_of_shares_that_are_known():
    first, second = np.repeat([0.0, 1.0], [50, 50]), np.repeat([0.0, 1.0], [80, 20])
    q, p = np.array([0.5, 80.5, 20.5, 0.5]) / 102, np.array([0.5, 50.5, 50.5, 0.5]) / 102  # below all, 0, 1, above all
    assert population_stability_index(first, second) == pytest.approx(((q - p) * np.log(q / p)).sum())
    assert population_stability_index(first, first) == 0


def test_a_constant_that_stays_has_not_moved_and_one_that_breaks_has():
    rng = np.random.default_rng(0)
    assert population_stability_index(np.zeros(500), np.zeros(300)) < 0.01
    assert all(population_stability_index(np.zeros(500), np.full(300, value)) > 4 for value in (-1.0, 1.0))
    for broken in (np.zeros(1000), np.full(1000, 5.0)):
        assert population_stability_index(rng.normal(size=1000), broken) > 4


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_psi_does_not_depend_on_units(scale: float, origin: float):
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 50, 300) / 8, rng.integers(10, 60, 200) / 8
    moved = population_stability_index(a * scale + origin, b * scale + origin)
    assert moved == pytest.approx(population_stability_index(a, b), rel=1e-9)


def test_runs_are_nights_in_a_row_of_one_club():
    clubs = np.array([0, 1, 0, 1, 0, 1, 0])
    runs = runs_of(clubs, 2)
    assert len(np.unique(runs)) == 4 and runs[0] == runs[2] != runs[4] == runs[6] and runs[1] == runs[3] != runs[5]


@pytest.mark.parametrize("persistence", [0.0, 0.9])
def test_under_no_drift_the_limit_holds_whether_or_not_nights_are_alike(persistence: float):
    """Twenty seasons without drift: psi and ks exceed the 95th percentile of their floor about once, not again and again."""
    passed = {"psi": 0, "ks": 0}
    for seed in range(20):
        first, second = season(3, persistence=persistence, seed=seed), season(1, persistence=persistence, seed=100 + seed)
        psi_noise, ks_noise = noise_floor(first.values[:, 0], first, second, simulations=400, seed=seed)
        (row,) = measure_shifts(("x",), first, second, simulations=50).to_dicts()
        passed["psi"] += row["psi"] > np.percentile(psi_noise, 95)
        passed["ks"] += row["ks"] > np.percentile(ks_noise, 95)
    assert max(passed.values()) <= 5


def test_numbers_that_clubs_keep_are_noisier_by_far_and_the_textbook_would_alarm():
    alike, free = (season(3, persistence=share) for share in (0.9, 0.0))
    recent = season(1)
    keeping, independent = (np.percentile(noise_floor(one.values[:, 0], one, recent, simulations=300)[0], 95) for one in (alike, free))
    assert independent < 0.05 < 0.1 < keeping


def test_the_floor_is_found_again_by_its_seed_and_grows_with_fewer_games():
    first, few = season(3, persistence=0.5), season(1, persistence=0.5)
    fewer = Sample(few.values[:200], (few.clubs[0][:200],))
    floors = [noise_floor(first.values[:, 0], first, recent, simulations=200, seed=4)[0] for recent in (few, few, fewer)]
    assert (floors[0] == floors[1]).all() and np.median(floors[2]) > 1.2 * np.median(floors[0])


def test_the_noisier_way_of_grouping_counts():
    first, recent = season(3, persistence=0.9), season(1, persistence=0.9)
    other = [np.random.default_rng(2).permutation(one.clubs[0]) for one in (first, recent)]
    both = [Sample(one.values, (clubs, one.clubs[0])) for one, clubs in zip((first, recent), other, strict=True)]
    alone = noise_floor(first.values[:, 0], first, recent, simulations=200)
    assert np.array_equal(noise_floor(first.values[:, 0], *both, simulations=200)[0], alone[0])


def test_a_shift_is_found_and_named_and_the_rest_is_quiet():
    first, recent = season(3, seed=1), season(1, seed=2)
    moved = season(1, shift=1.0, seed=3)
    table = measure_shifts(
        ("still", "moved"),
        Sample(np.column_stack([first.values, first.values]), first.clubs),
        Sample(np.column_stack([recent.values, moved.values]), recent.clubs),
        simulations=300,
    )
    still, shifted = table.iter_rows(named=True)
    assert still["psi"] < still["psi_limit"] and still["ks"] < still["ks_limit"] and still["ks_p_value"] > 0.05
    assert shifted["psi"] > 5 * shifted["psi_limit"] and shifted["ks"] > shifted["ks_limit"] and shifted["ks_p_value"] < 1e-6
    assert shifted["second_mean"] - shifted["first_mean"] == pytest.approx(1, abs=0.1)
    assert table.null_count().sum_horizontal()[0] == 0 and isinstance(table, pl.DataFrame)
