"""Folds keep time: nothing is learned from the day it is judged on, the gap before it, or after."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.tuning.folds import FoldError, date_folds, held_out_fold, last_rows_from

FIRST = date(2020, 1, 1)


def series(days: list[int]) -> pl.Series:
    return pl.Series([FIRST + timedelta(days=day) for day in days], dtype=pl.Date)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=60, max_size=200).filter(lambda days: len(set(days)) > 40), st.integers(2, 6), st.integers(0, 9)
)
def test_every_fold_learns_only_what_was_before_its_gap(days: list[int], folds: int, gap: int):
    dates = series(sorted(days))
    try:
        made = date_folds(dates, folds, gap)
    except FoldError as error:
        assert "gap" in str(error)
        return
    assert len(made) == folds
    for fold in made:
        assert dates[fold.train].max() < fold.first_day - timedelta(days=gap)
        assert (fold.first_day, fold.last_day) == (dates[fold.test].min(), dates[fold.test].max())
    assert all(len(early.train) <= len(late.train) and early.last_day < late.first_day for early, late in pairwise(made))
    judged = np.concatenate([fold.test for fold in made])
    assert (judged == np.arange(judged[0], len(dates))).all()


def test_blocks_have_about_equally_many_rows():
    sizes = [len(fold.test) for fold in date_folds(series([day for day in range(120) for _ in range(1 + day % 3)]))]
    assert max(sizes) - min(sizes) <= 6


def test_the_held_out_block_is_whole_days_at_the_end():
    dates = series([day // 2 for day in range(100)])
    fold = held_out_fold(dates, gap_days=7)
    assert (fold.first_day, len(fold.test)) == (FIRST + timedelta(days=40), 20)
    assert dates[fold.train].max() == FIRST + timedelta(days=32)
    assert len(held_out_fold(dates, FIRST + timedelta(days=45)).test) == 10
    assert last_rows_from(dates, 9) == FIRST + timedelta(days=45) and last_rows_from(dates, 1000) == FIRST


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (pl.Series(["2020-01-01"] * 20), "folds need a date in every row"),
        (pl.Series([FIRST, None]), "1 of them empty"),
        (series([5, 4, 3, 2, 1, 0]), "not in time order"),
        (series([0, 1, 2]), "3 dates are too few for 5 folds"),
        (series(list(range(12))), "a gap of 7 days leaves the first fold nothing"),
    ],
)
def test_what_cannot_be_cut_is_refused(dates: pl.Series, said: str):
    with pytest.raises(FoldError, match=said):
        date_folds(dates)


def test_a_held_out_day_outside_the_table_is_refused():
    for day in (FIRST - timedelta(days=1), FIRST + timedelta(days=60)):
        with pytest.raises(FoldError, match="choose another first held-out day"):
            held_out_fold(series(list(range(50))), day)
