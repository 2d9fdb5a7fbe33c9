"""Folds in time order: each trains on everything before it but a gap, and never shares a date with what it is judged on.

Shuffled folds do not exist. What does not belong here: scoring (`trials.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

GAP_DAYS = 7
HELD_OUT_SHARE = 0.2


class FoldError(ValueError):
    """A table is too short for the folds that are asked for."""


@dataclass(frozen=True)
class Fold:
    """Rows of one fold.

    Attributes:
        train: positions of the rows to learn from, all more than the gap before `first_day`.
        test: positions of the rows to be judged on.
        first_day, last_day: of `test`.
    """

    train: np.ndarray
    test: np.ndarray
    first_day: date
    last_day: date


def date_folds(dates: pl.Series, folds: int = 5, gap_days: int = GAP_DAYS) -> list[Fold]:
    """Expanding folds over blocks of dates with about equally many rows; the first block is only ever learned from.

    Args:
        dates: date of each row, in time order.
        folds: how many.
        gap_days: days before a block that its training leaves out.

    Raises:
        FoldError: there are too few dates, or a fold would have nothing to learn from.
    """
    days = _in_order(dates)
    starts = _block_starts(days, folds + 1)
    ends = [*starts[1:], days[-1] + np.timedelta64(1, "D")]
    made = [_fold(days, start, end, gap_days) for start, end in zip(starts[1:], ends[1:], strict=True)]
    if any(not len(fold.train) for fold in made):
        raise FoldError(f"a gap of {gap_days} days leaves the first fold nothing to learn from: shorten it, or give a longer table")
    return made


def held_out_fold(dates: pl.Series, first_day: date | None = None, gap_days: int = GAP_DAYS) -> Fold:
    """The last block, which tuning never sees, and the rows before it.

    Args:
        dates: date of each row, in time order.
        first_day: first date of the block; the last fifth of the rows when not given.
        gap_days: days before it that are in neither.

    Raises:
        FoldError: one of the two is empty.
    """
    days = _in_order(dates)
    start = np.datetime64(first_day, "D") if first_day else days[int(len(days) * (1 - HELD_OUT_SHARE))]
    fold = _fold(days, start, days[-1] + np.timedelta64(1, "D"), gap_days) if start <= days[-1] else None
    if fold is None or not len(fold.train):
        raise FoldError(f"no rows on one side of {start}; the table covers {days[0]} .. {days[-1]}: choose another first held-out day")
    return fold


def last_rows_from(dates: pl.Series, rows: int) -> date:
    """The first day of the shortest block of whole dates that holds the last `rows` rows (or all, if there are fewer)."""
    days = _in_order(dates)
    return days[max(0, len(days) - rows)].item()


def _in_order(dates: pl.Series) -> np.ndarray:
    if dates.dtype != pl.Date or dates.null_count() or not len(dates):
        raise FoldError(f"folds need a date in every row, got {len(dates)} rows of {dates.dtype}, {dates.null_count()} of them empty")
    days = dates.to_numpy().astype("datetime64[D]")
    if (np.diff(days) < np.timedelta64(0, "D")).any():
        raise FoldError("rows are not in time order: sort them by game_date")
    return days


def _block_starts(days: np.ndarray, blocks: int) -> list[np.datetime64]:
    """First day of each block: the day on which its share of the rows begins, one more day where two would fall together."""
    unique = np.unique(days)
    if len(unique) < blocks:
        raise FoldError(f"{len(unique)} dates are too few for {blocks - 1} folds: ask for fewer, or give a longer table")
    wanted = np.searchsorted(unique, days[(np.arange(blocks) * len(days)) // blocks])
    for block in range(1, blocks):
        wanted[block] = min(max(wanted[block], wanted[block - 1] + 1), len(unique) - blocks + block)
    return list(unique[wanted])


def _fold(days: np.ndarray, start: np.datetime64, end: np.datetime64, gap_days: int) -> Fold:
    known = days < start - np.timedelta64(timedelta(days=gap_days))
    test = np.flatnonzero((days >= start) & (days < end))
    return Fold(np.flatnonzero(known), test, days[test[0]].item(), days[test[-1]].item())
