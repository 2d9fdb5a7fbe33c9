import numpy as np
import pytest

from nba_pipeline.evaluation.comparison import compare_paired
from nba_pipeline.evaluation.metrics import ScoringError

FIRST_DAY = np.datetime64("2021-10-19")


def season(rng: np.random.Generator, truth: float, dates: int = 120, per_date: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Losses whose difference has mean `truth` and noise that games of a date share."""
    day = np.repeat(np.arange(dates), per_date)
    shared = rng.normal(0, 0.2, dates)[day]
    second = rng.exponential(0.6, day.size)
    return second + truth + shared + rng.normal(0, 0.2, day.size), second, FIRST_DAY + day


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    covered, errors, estimates = 0, [], []
    for seed in range(300):
        found = compare_paired(*season(rng, 0.01), resamples=500, seed=seed)
        covered += found.low <= 0.01 <= found.high
        errors.append(found.standard_error)
        estimates.append(found.mean)
    assert 0.91 <= covered / 300 <= 0.985
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.15)


@pytest.mark.parametrize("dates", [2, 5, 14, 40])
def test_interval_covers_the_truth_on_few_dates_too(dates: int) -> None:
    rng = np.random.default_rng(dates)
    found = [compare_paired(*season(rng, 0.01, dates), resamples=1000) for _ in range(1000)]
    assert 0.92 <= np.mean([one.low <= 0.01 <= one.high for one in found]) <= 0.975
    assert np.mean([one.standard_error**2 for one in found]) == pytest.approx(np.var([one.mean for one in found]), rel=0.15)


def test_dates_are_kept_together() -> None:
    first, second, dates = season(np.random.default_rng(1), 0.0)
    by_date = compare_paired(first, second, dates)
    as_if_independent = compare_paired(first, second, FIRST_DAY + np.arange(dates.size))
    assert by_date.standard_error > 1.5 * as_if_independent.standard_error
    assert (by_date.games, by_date.dates) == (720, 120)
    assert compare_paired(first, second, dates, block_days=7).dates == 18


def test_pairing_removes_what_games_share() -> None:
    rng = np.random.default_rng(2)
    loss, dates = rng.exponential(0.6, 400), FIRST_DAY + np.arange(400) // 5
    found = compare_paired(loss + 0.01, loss, dates)
    assert found.mean == pytest.approx(0.01) and found.standard_error < 1e-12


def test_order_of_rows_does_not_matter_and_sign_does() -> None:
    first, second, dates = season(np.random.default_rng(3), 0.02)
    shuffled = np.random.default_rng(4).permutation(first.size)
    there, mixed = compare_paired(first, second, dates), compare_paired(first[shuffled], second[shuffled], dates[shuffled])
    back = compare_paired(second, first, dates)
    assert there.low == pytest.approx(mixed.low, abs=1e-12) and there.mean == pytest.approx(-back.mean)
    assert there.low == pytest.approx(-back.high, abs=1e-12)


def test_unequal_numbers_of_games_a_date() -> None:
    found = compare_paired([3.0, 0.0, 0.0, 0.0], [0.0] * 4, FIRST_DAY + np.array([0, 1, 1, 1]))
    stretch = 12.7062 / 1.95996 * 2**0.5
    assert found.mean == 0.75 and (found.low, found.high) == pytest.approx((0.75 - 0.75 * stretch, 0.75 + 2.25 * stretch), rel=1e-4)


@pytest.mark.parametrize(
    ("first", "days", "message"), [([1.0, np.nan], [0, 1], "finite"), ([1.0, 2.0], [0, 0], "two blocks"), ([1.0], [0, 1], "date a game")]
)
def test_refuses_what_has_no_error(first: list[float], days: list[int], message: str) -> None:
    with pytest.raises(ScoringError, match=message):
        compare_paired(first, np.zeros(len(first)), FIRST_DAY + np.array(days))
