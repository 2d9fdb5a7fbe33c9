"""What may still be spent: arithmetic on entries, without a ledger."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from nba_pipeline.models.costs.budget import BudgetError, Estimate, check_budget, estimate, money, recently_spent
from nba_pipeline.models.costs.table import SCHEMA

NOW = datetime(2024, 1, 31, 12, tzinfo=UTC)
UNKNOWN = Estimate(0.0, 0.0, (), ("",))


def entries(*rows: tuple[str, str, str, int, float, str]) -> pl.DataFrame:
    """Of asset, part, device, days ago, seconds (a cost of one each) and outcome."""
    return pl.DataFrame(
        [
            (str(number), asset, part, device, NOW - timedelta(days=days), seconds, seconds, None, outcome, "archive")
            for number, (asset, part, device, days, seconds, outcome) in enumerate(rows)
        ],
        schema=SCHEMA,
        orient="row",
    )


def test_the_latest_finished_training_of_a_part_counts_at_today_s_price():
    found = entries(
        ("net", "a", "cuda", 1, 7200.0, "done"), ("net", "a", "cpu", 9, 1.0, "done"), ("net", "a", "cpu", 0, 5.0, "failed"),
        ("other", "a", "cpu", 0, 5.0, "done"),
    )  # fmt: skip
    assert estimate(found, "net", ["a"], {"cpu": 1.0, "cuda": 4.0}) == Estimate(7200.0, 8.0, ("a",), ())
    assert estimate(found, "net", ["a"], {"cpu": 1.0}).cost == 7200.0, "a device without a price costs what it did"


def test_a_new_part_takes_the_mean_and_a_new_asset_is_unknown():
    found = entries(("net", "a", "cpu", 2, 1800.0, "done"), ("net", "b", "cpu", 1, 5400.0, "done"), ("late", "", "cpu", 1, 9.0, "failed"))
    assert estimate(found, "net", ["b", "c", "d"], {"cpu": 2.0}) == Estimate(5400.0 + 2 * 3600.0, 7.0, ("b", "c", "d"), ())
    assert estimate(found, "late", [""], {"cpu": 2.0}) == UNKNOWN


def test_thirty_days_are_counted_and_failures_too():
    found = entries(("net", "", "cpu", 31, 100.0, "done"), ("net", "", "cpu", 30, 10.0, "done"), ("net", "", "cpu", 1, 1.0, "failed"))
    assert recently_spent(found, NOW) == 11.0


@pytest.mark.parametrize(("expected", "spent", "budget"), [
    (Estimate(1.0, 3.0, ("",), ()), 7.0, 10.0), (UNKNOWN, 7.0, 10.0), (Estimate(1.0, 0.0, ("",), ()), 0.0, 1.0),
])  # fmt: skip
def test_what_fits_may_start(expected: Estimate, spent: float, budget: float):
    said = check_budget("net", expected, spent, budget)
    assert ("unknown" in said) == bool(expected.unknown) and "30 days" in said


@pytest.mark.parametrize(("expected", "spent", "budget"), [
    (Estimate(1.0, 3.1, ("",), ()), 7.0, 10.0), (UNKNOWN, 10.0, 10.0), (UNKNOWN, 0.0, 0.0), (Estimate(1.0, 0.0, ("",), ()), 0.0, 0.0),
])  # fmt: skip
def test_what_does_not_fit_may_not(expected: Estimate, spent: float, budget: float):
    with pytest.raises(BudgetError, match=r"nothing was started\. Raise NBA_BUDGET"):
        check_budget("net", expected, spent, budget)


def test_several_parts_are_said_to_be_several():
    assert "window_models (3 parts)" in check_budget("window_models", Estimate(5.0, 1.0, ("a", "b", "c"), ()), 0.0, 2.0)


def test_small_amounts_are_not_rounded_away():
    assert [money(amount) for amount in (0, 0.00123, 1234.5)] == ["0.00", "0.0012", "1,234.50"]
