"""How models compare: on the same rows, with intervals over dates.

The views of the database answer the same questions in SQL, with normal intervals; here dates are resampled (`evaluation.comparison`). A
leaderboard that ranks models on different rows ranks the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import Comparison, compare_paired
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.grading import LOSS, WIN
from nba_pipeline.experiments.model_row import model_row, model_rows

LINE = "betting line"


class NothingGradedError(LookupError):
    """There is nothing to compare."""

    def __init__(self, models: Sequence[str]) -> None:
        super().__init__(
            f"no graded prediction is shared by {', '.join(models) or 'any model'}: run and grade the same dates with each of them "
            "(nba experiment run, nba experiment grade), or disable the one without predictions"
        )


@dataclass(frozen=True)
class Standing:
    """One model on the rows that all share.

    Attributes:
        model_id: which model.
        model_type: its framework.
        is_production: whether it is the one in use.
        rows: graded predictions that all models share.
        coverage: graded predictions of its own, as a share of those that any of the models has.
        mae: mean absolute error in points, with its standard error over dates.
        bias: mean of predicted - actual.
        bets: bets that were won or lost.
        hit_rate: share of them that was won, with a 95 % interval over dates; None without bets.
        vs_baseline: mean absolute error minus the baseline's; None without a baseline.
        errors: absolute error of each shared row, in the order of all standings of one leaderboard.
        dates: date of each.
    """

    model_id: str
    model_type: str
    is_production: bool
    rows: int
    coverage: float
    mae: Comparison
    bias: float
    bets: int
    hit_rate: Comparison | None
    vs_baseline: Comparison | None
    errors: np.ndarray = field(repr=False, compare=False)
    dates: np.ndarray = field(repr=False, compare=False)

    def against(self, other: "Standing") -> Comparison:
        """Mean of this model's absolute error minus the other's, paired row by row; both of one leaderboard."""
        return compare_paired(self.errors, other.errors, self.dates)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in one level."""
        hit, difference = self.hit_rate, self.vs_baseline
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
            "bets": self.bets,
            "hit_rate": hit and hit.mean,
            "hit_rate_low": hit and hit.low,
            "hit_rate_high": hit and hit.high,
            "production": self.is_production,
        }


def leaderboard(
    database: ExperimentsDatabase,
    models: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    *,
    with_line: bool = False,
) -> list[Standing]:
    """Models from the smallest error to the largest, on the graded rows that all of them share.

    Args:
        database: where predictions are.
        models: which; every enabled one with a graded prediction when none are named.
        since: first date of games.
        until: last date of games.
        with_line: only rows with a betting line, and the line itself as one more forecast.

    Raises:
        UnknownModelError: a named model does not exist.
        NothingGradedError: there are no shared rows of two dates, or a named model has none.
    """
    rows, facts = _graded(database, models, since, until, with_line)
    shared = _shared(rows)
    if shared["game_date"].n_unique() < 2 or not set(models) <= set(shared["model_id"]):
        raise NothingGradedError(models)
    union = rows.select("player_id", "game_id").n_unique()
    baseline = next((model for model, fact in facts.items() if fact[2]), None)
    theirs = None if baseline is None else shared.filter(pl.col("model_id") == baseline)["prediction_error"].to_numpy()
    own = dict(rows.group_by("model_id").len().iter_rows())
    standings = [
        _standing(model, facts.get(model, (LINE, False, False)), part, own[model] / union, theirs)
        for (model,), part in shared.group_by("model_id", maintain_order=True)
    ]
    return sorted(standings, key=lambda one: (one.mae.mean, one.model_id))


def head_to_head(database: ExperimentsDatabase, first: str, second: str, since: date | None = None) -> tuple[Comparison, float]:
    """Mean of |error of first| − |error of second| on the rows that both have graded, and the share on which the first was closer.

    Raises:
        UnknownModelError: one of them does not exist.
        NothingGradedError: they share no rows of two dates.
    """
    one, two = sorted(leaderboard(database, (first, second), since), key=lambda standing: standing.model_id != first)
    return one.against(two), float(np.mean(one.errors < two.errors))


def _graded(
    database: ExperimentsDatabase, models: Sequence[str], since: date | None, until: date | None, with_line: bool
) -> tuple[pl.DataFrame, dict[str, tuple[str, bool, bool]]]:
    """Graded rows of players who played; type, production and baseline flag of each model."""
    with database.reading() as connection:
        chosen = [model_row(connection, model) for model in models] or [row for row in model_rows(connection) if row.enabled]
        rows = frame(
            connection,
            f"SELECT model_id, player_id, game_id, game_date, betting_line, actual_points, prediction_error, signed_error, bet_outcome "
            f"FROM {SCHEMA}.ml_model_predictions WHERE actual_points IS NOT NULL AND model_id IN (SELECT unnest(?)) "
            "AND game_date >= ? AND game_date <= ? ORDER BY model_id, game_date, game_id, player_id",
            [[row.model_id for row in chosen], since or date.min, until or date.max],
        )
    facts = {row.model_id: (row.model_type, row.is_production, row.is_baseline) for row in chosen}
    if with_line:
        rows = rows.filter(pl.col("betting_line").is_not_null())
        rows = pl.concat([rows, _line_rows(rows)])
    return rows, facts


def _line_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The betting line as if it were a model."""
    once = rows.unique(["player_id", "game_id"], keep="first", maintain_order=True).sort("game_date", "game_id", "player_id")
    error = pl.col("betting_line") - pl.col("actual_points")
    bet = pl.lit(None, dtype=pl.String).alias("bet_outcome")
    return once.with_columns(bet, model_id=pl.lit(LINE), prediction_error=error.abs(), signed_error=error)


def _shared(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.len().over("player_id", "game_id") == rows["model_id"].n_unique())


def _standing(model: str, facts: tuple[str, bool, bool], rows: pl.DataFrame, coverage: float, baseline: np.ndarray | None) -> Standing:
    error, dates = rows["prediction_error"].to_numpy(), rows["game_date"].to_numpy()
    nothing = np.zeros(rows.height)
    bets = rows.filter(pl.col("bet_outcome").is_in([WIN, LOSS]))
    won, bet_dates = (bets["bet_outcome"] == WIN).cast(pl.Float64).to_numpy(), bets["game_date"].to_numpy()
    return Standing(
        model_id=model,
        model_type=facts[0],
        is_production=facts[1],
        rows=rows.height,
        coverage=coverage,
        mae=compare_paired(error, nothing, dates),
        bias=float(rows["signed_error"].to_numpy().mean()),
        bets=bets.height,
        hit_rate=compare_paired(won, np.zeros(bets.height), bet_dates) if bets["game_date"].n_unique() > 1 else None,
        vs_baseline=None if baseline is None else compare_paired(error, baseline, dates),
        errors=error,
        dates=dates,
    )
