import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.league.clock import elapsed_seconds, period_seconds, period_start_seconds

STARTS = [0, 720, 1440, 2160, 2880, 3180, 3480]


@pytest.mark.parametrize(("period", "start"), list(enumerate(STARTS, start=1)))
def test_periods_start_where_the_one_before_ends(period: int, start: int) -> None:
    assert period_start_seconds(period) == start
    assert period_start_seconds(period) + period_seconds(period) == period_start_seconds(period + 1)


def test_arrays_and_expressions_give_what_numbers_give() -> None:
    period, clock = np.array([1, 4, 5, 7]), np.array([720, 0, 300, 12])
    expected = [elapsed_seconds(int(p), int(c)) for p, c in zip(period, clock, strict=True)]
    assert expected == [0, 2880, 2880, 3768]
    assert elapsed_seconds(period, clock).tolist() == expected
    frame = pl.DataFrame({"p": period, "c": clock}, schema={"p": pl.Int8, "c": pl.Int32})
    assert frame.select(elapsed_seconds(pl.col("p"), pl.col("c"))).to_series().to_list() == expected


@given(st.integers(1, 10), st.integers(1, 300))
def test_time_passes_as_the_clock_runs_down(period: int, clock: int) -> None:
    assert elapsed_seconds(period, clock - 1) == elapsed_seconds(period, clock) + 1
