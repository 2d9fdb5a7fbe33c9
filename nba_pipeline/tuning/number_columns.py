"""From prepared rows to the matrix an estimator of scikit-learn's kind reads, and which columns of a table may be inputs.

What does not belong here: making features.
"""

import numpy as np
import polars as pl
import polars.selectors as cs

from nba_pipeline.tuning.game_table import RESULTS, GameTableError

NOT_INPUTS = (*RESULTS, "game_id", "home_team", "away_team", "season", "has_plays")
GIVES_AWAY = 0.95
"""A column that orders winners and losers as well as this (area under the curve) knows the result."""

MINIMUM_ROWS = 200
"""Below, such an order happens by chance."""


def number_columns(table: pl.DataFrame) -> pl.DataFrame:
    """The date and every numeric column that is no result, as Float64.

    The caller answers for each number being known before the game; a column that gives the result away is refused.

    Raises:
        GameTableError: there is no such column, or one knows the result.
    """
    chosen = [name for name in table.select(cs.numeric() | cs.boolean()).columns if name not in NOT_INPUTS]
    if not chosen:
        raise GameTableError(
            f"no numeric column is left once results are taken out (there are {', '.join(table.columns)}): join features that are known "
            "before the game, such as context_features"
        )
    rows = table.select("game_date", pl.col(chosen).cast(pl.Float64))
    _refuse_leaks(rows, table["home_win"])
    return rows


def as_matrix(rows: pl.DataFrame) -> np.ndarray:
    """Every column but the date, (rows, columns); null becomes NaN."""
    return rows.drop("game_date").cast(pl.Float64).to_numpy()


def _refuse_leaks(rows: pl.DataFrame, home_win: pl.Series) -> None:
    known = home_win.is_not_null()
    won = home_win.filter(known).to_numpy().astype(bool)
    if won.size < MINIMUM_ROWS or won.all() or not won.any():
        return
    for name in rows.columns[1:]:
        area = _area(rows[name].filter(known).fill_nan(None).fill_null(strategy="zero"), won)
        if max(area, 1 - area) > GIVES_AWAY:
            raise GameTableError(
                f"column {name!r} tells winners from losers by itself (area under the curve {max(area, 1 - area):.3f}): it knows the "
                "result. Take it out, or make it from earlier games"
            )


def _area(values: pl.Series, won: np.ndarray) -> float:
    ranks = values.rank("average").to_numpy()
    wins, losses = int(won.sum()), int((~won).sum())
    return float((ranks[won].sum() - wins * (wins + 1) / 2) / (wins * losses))
