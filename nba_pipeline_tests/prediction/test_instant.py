import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.league.clock import MAX_PERIODS, period_seconds
from nba_pipeline.prediction.instant import Instant, InstantError


@pytest.mark.parametrize(
    ("text", "period", "clock", "elapsed"),
    [
        ("Q1-12:00", 1, 720, 0),
        ("Q3-04:30", 3, 270, 1890),
        ("q3 4:30", 3, 270, 1890),
        ("Q4-0:00", 4, 0, 2880),
        ("OT-05:00", 5, 300, 2880),
        ("OT2-00:10", 6, 10, 3470),
    ],
)
def test_it_reads_what_people_write(text: str, period: int, clock: int, elapsed: int):
    instant = Instant.parse(text)
    assert (instant.period, instant.clock_seconds, instant.elapsed_seconds) == (period, clock, elapsed)


@pytest.mark.parametrize(
    "text", ["", "Q3", "04:30", "Q0-01:00", "Q5-01:00", "Q1-12:01", "OT1-05:01", "OT9-01:00", "Q1-01:60", "OT0-01:00", "Q-1:00"]
)
def test_what_no_clock_shows_is_refused_with_an_example(text: str):
    with pytest.raises(InstantError, match="Q3-04:30"):
        Instant.parse(text)


@given(st.integers(1, MAX_PERIODS).flatmap(lambda period: st.builds(Instant, st.just(period), st.integers(0, period_seconds(period)))))
def test_it_reads_what_it_writes(instant: Instant):
    assert Instant.parse(str(instant)) == instant
