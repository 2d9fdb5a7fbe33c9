"""A table made ready for one class of models: its decided games, what is read of each, and which of them are held out.

What does not belong here: searching and fitting (`model_trainer.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.tuning.folds import Fold, FoldError, date_folds, held_out_fold
from nba_pipeline.tuning.game_table import GameTableError, dated_rows
from nba_pipeline.tuning.model_class import ModelClass
from nba_pipeline.tuning.trials import FoldScorer


@dataclass(frozen=True)
class PreparedRows:
    """Decided games in time order.

    Attributes:
        model: the class that they are made ready for.
        rows: what its estimator reads.
        won: 1 where the home team won (rows,).
        folds: where parameters are tried; none of them reaches the held-out block.
        held_out: the last block, and the rows before it.
    """

    model: ModelClass
    rows: pl.DataFrame
    won: np.ndarray
    folds: Sequence[Fold]
    held_out: Fold

    @classmethod
    def of(cls, model: ModelClass, table: pl.DataFrame, folds: int, held_out_from: date | None, gap_days: int) -> "PreparedRows":
        """Reads a table.

        Args:
            model: the class.
            table: dated games, see `game_table.dated_rows`; those without a result are left out.
            folds: how many.
            held_out_from: first day of the held-out block; the last fifth of the games when not given.
            gap_days: days before each judged block that its training leaves out.

        Raises:
            GameTableError: it is no table of games, or has no decided one.
            FoldError: it is too short.
        """
        dated = dated_rows(table)
        decided = dated.filter(pl.col("home_win").is_not_null())
        if decided.is_empty():
            raise GameTableError("no game of the table has a result: there is nothing to learn from")
        rows = model.prepare(decided)
        held_out = held_out_fold(rows["game_date"], held_out_from, gap_days)
        won, made = decided["home_win"].to_numpy(), date_folds(rows["game_date"][held_out.train], folds, gap_days)
        if len(set(won[made[0].train])) < 2:
            raise FoldError(
                f"the first fold learns from {len(made[0].train)} games, all with the same winner: ask for fewer folds, or give a "
                "longer table"
            )
        return cls(model, rows, won, made, held_out)

    @property
    def score(self) -> FoldScorer:
        """Scores parameters on a fold."""
        return FoldScorer(self.model, self.rows, self.won)

    @property
    def digest(self) -> str:
        """Hash of everything that is read."""
        text = self.rows.with_columns(_won=self.won).write_csv()
        return sha256_bytes(text.encode())

    @property
    def days(self) -> tuple[date, date]:
        """First and last date."""
        return self.rows["game_date"][0], self.rows["game_date"][-1]

    @property
    def home_rate(self) -> float:
        """Share of home wins before the held-out block."""
        return float(self.won[self.held_out.train].mean())
