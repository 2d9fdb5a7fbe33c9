"""What people read in the ledger: sums by asset, and how they grew."""

from datetime import UTC, date, datetime

import polars as pl

from nba_pipeline.models.costs.summary import OTHERS, by_asset, cumulative_cost, eastern_text, totals
from nba_pipeline.models.costs.table import SCHEMA


def entries(*rows: tuple[str, datetime, float, str]) -> pl.DataFrame:
    """Of asset, start, cost (with as many seconds) and outcome."""
    return pl.DataFrame(
        [
            (str(number), asset, "", "cpu", at, cost, cost, None, outcome, "archive")
            for number, (asset, at, cost, outcome) in enumerate(rows)
        ],
        schema=SCHEMA,
        orient="row",
    )


NIGHT, NOON, LATER = datetime(2024, 1, 2, 3, tzinfo=UTC), datetime(2024, 1, 2, 17, tzinfo=UTC), datetime(2024, 3, 9, 17, tzinfo=UTC)
FOUND = entries(("small", NIGHT, 1.0, "done"), ("dear", NOON, 9.0, "failed"), ("small", LATER, 2.0, "done"), ("tiny", LATER, 0.5, "done"))


def test_the_dearest_comes_first_and_failures_count():
    small = {"asset": "small", "runs": 2, "failed": 0, "seconds": 3.0, "cost": 3.0, "last": LATER}
    assert by_asset(FOUND).to_dicts()[:2] == [
        {"asset": "dear", "runs": 1, "failed": 1, "seconds": 9.0, "cost": 9.0, "last": NOON},
        small,
    ]
    assert totals(FOUND, LATER) == {"trainings": 4, "seconds": 12.5, "cost": 12.5, "cost_30_days": 2.5}


def test_costs_grow_by_eastern_day_and_the_cheap_ones_are_one_line():
    first, second, third = date(2024, 1, 1), date(2024, 1, 2), date(2024, 3, 9)
    assert cumulative_cost(FOUND, most=2).rows() == [
        (second, "dear", 9.0), (third, "dear", 9.0),
        (first, "small", 1.0), (second, "small", 1.0), (third, "small", 3.0),
        (third, OTHERS, 0.5),
    ]  # fmt: skip


def test_nothing_recorded_is_nothing_spent():
    assert by_asset(FOUND.clear()).is_empty() and cumulative_cost(FOUND.clear()).is_empty()
    assert set(totals(FOUND.clear(), LATER).values()) == {0}


def test_people_read_eastern_time():
    assert eastern_text(NIGHT) == "2024-01-01 22:00"
