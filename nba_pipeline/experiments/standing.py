"""One model's place: its figures on the rows that all models of a leaderboard share, with intervals over dates.

Which rows those are is `leaderboard.py`'s.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import Comparison, compare_paired
from nba_pipeline.experiments.grading import LOSS, WIN


@dataclass(frozen=True)
class Standing:
    """One model on the rows that all share.

    Attributes:
        model_id: which model.
        is_production: whether it is the one in use.
        rows: graded predictions that all models share.
        coverage: graded predictions of its own, as a share of those that any of the models has.
        mae: mean absolute error in points, with its standard error over dates.
        bias: mean of predicted - actual.
        bets: bets that were won or lost.
        hit_rate: share of them that was won, with a 95 % interval over dates; None without bets.
        vs_baseline: mean absolute error minus the baseline's; None without a baseline.
        vs_line: mean absolute error minus that of the betting line; None where the line is not among them.
        errors: absolute error of each shared row, in the order of all standings of one leaderboard.
        dates: date of each.
    """

    model_id: str
    is_production: bool
    rows: int
    coverage: float
    mae: Comparison
    bias: float
    bets: int
    hit_rate: Comparison | None
    vs_baseline: Comparison | None
    vs_line: Comparison | None
    errors: np.ndarray = field(repr=False, compare=False)
    dates: np.ndarray = field(repr=False, compare=False)

    def against(self, other: "Standing") -> Comparison:
        """Mean of this model's absolute error minus the other's, paired row by row; both of one leaderboard."""
        return compare_paired(self.errors, other.errors, self.dates)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in one level."""
        hit, difference, line = self.hit_rate, self.vs_baseline, self.vs_line
        return {
            "model": self.model_id,
            "N": self.rows,
            "dates": self.mae.dates,
            "coverage": self.coverage,
            "mae": self.mae.mean,
            "mae_se": self.mae.standard_error,
            "bias": self.bias,
            "vs_baseline": difference and difference.mean,
            "vs_baseline_low": difference and difference.low,
            "vs_baseline_high": difference and difference.high,
            "vs_line": line and line.mean,
            "vs_line_low": line and line.low,
            "vs_line_high": line and line.high,
            "bets": self.bets,
            "hit_rate": hit and hit.mean,
            "hit_rate_low": hit and max(0.0, hit.low),
            "hit_rate_high": hit and min(1.0, hit.high),
            "production": self.is_production,
        }


def standing_of(model: str, in_use: bool, rows: pl.DataFrame, coverage: float, rivals: list[np.ndarray | None]) -> Standing:
    """The figures of one model.

    Args:
        model: its id.
        in_use: whether it is the production model.
        rows: its graded rows, in the order of all models.
        coverage: see `Standing`.
        rivals: absolute errors of the baseline and of the betting line on the same rows, None where there is none.
    """
    error, dates = rows["prediction_error"].to_numpy(), rows["game_date"].to_numpy()
    nothing = np.zeros(rows.height)
    vs_baseline, vs_line = (None if other is None else compare_paired(error, other, dates) for other in rivals)
    bets = rows.filter(pl.col("bet_outcome").is_in([WIN, LOSS]))
    won, bet_dates = (bets["bet_outcome"] == WIN).cast(pl.Float64).to_numpy(), bets["game_date"].to_numpy()
    return Standing(
        model_id=model,
        is_production=in_use,
        rows=rows.height,
        coverage=coverage,
        mae=compare_paired(error, nothing, dates),
        bias=float(rows["signed_error"].to_numpy().mean()),
        bets=bets.height,
        hit_rate=compare_paired(won, np.zeros(bets.height), bet_dates) if bets["game_date"].n_unique() > 1 else None,
        vs_baseline=vs_baseline,
        vs_line=vs_line,
        errors=error,
        dates=dates,
    )
