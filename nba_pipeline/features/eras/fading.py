"""An average over the rows so far that fades row by row and that a row without the number leaves as it was.

What does not belong here: what is averaged (`averages.py`, `context.py`, `era_form.py`).
"""

import polars as pl


def faded(value: pl.Expr, half_life: float, key: str) -> pl.Expr:
    """The fading average of a column, after each row of a key.

    Args:
        value: what is averaged, rows in time order; null where it was not kept.
        half_life: rows with a value over which the average fades by half.
        key: column of whom it is the average of.

    Returns:
        The average with the row's value in it; that of the row before where the value is null; null until the first value.
    """
    # ewm_mean is null on a row whose value is null: whoever takes the latest row would take that
    return value.ewm_mean(half_life=half_life, ignore_nulls=True).forward_fill().over(key)
