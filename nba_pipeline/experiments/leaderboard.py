"""How models compare: on the same rows, with intervals over dates.

The views of the database answer the same questions in SQL, with normal intervals; here dates are resampled (`evaluation.comparison`). A
leaderboard that ranks models on different rows ranks the rows.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import Comparison
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.model_row import ModelRow, model_row, model_rows
from nba_pipeline.experiments.standing import Standing, standing_of

LINE = "betting line"


class NothingGradedError(LookupError):
    """There is nothing to compare."""

    def __init__(self, models: Sequence[str], only: date | None = None) -> None:
        shared = (
            f"all graded predictions that models share are of one date, {only}, and an interval over dates takes two: run and grade another"
            if only
            else f"no graded prediction is shared by {', '.join(models) or 'any model'}: run and grade the same dates with each of them"
        )
        super().__init__(f"{shared} (nba experiment run, nba experiment grade), or disable the one without predictions")


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
    rows, chosen = _graded(database, models, since, until, with_line)
    shared = _shared(rows)
    dates, all_have_rows = shared["game_date"].unique(), set(models) <= set(shared["model_id"])
    if len(dates) < 2 or not all_have_rows:
        raise NothingGradedError(models, only=dates[0] if len(dates) == 1 and all_have_rows else None)
    union = rows.select("player_id", "game_id").n_unique()
    baseline = next((row.model_id for row in chosen if row.is_baseline), None)
    in_use = {row.model_id for row in chosen if row.is_production}
    rivals = [_errors(shared, baseline), _errors(shared, LINE)]
    own = dict(rows.group_by("model_id").len().iter_rows())
    standings = [
        standing_of(model, model in in_use, part, own[model] / union, rivals)
        for (model,), part in shared.group_by("model_id", maintain_order=True)
    ]
    return sorted(standings, key=lambda one: (one.mae.mean, one.model_id))


def head_to_head(database: ExperimentsDatabase, first: str, second: str, since: date | None = None) -> tuple[Comparison, float]:
    """Mean of |error of first| − |error of second| on the rows that both have graded, and the share on which the first was closer.

    Raises:
        UnknownModelError: one of them does not exist.
        NothingGradedError: they share no rows of two dates.
        ValueError: both are the same model.
    """
    if first == second:
        raise ValueError(f"{first} against itself: name two models")
    one, two = sorted(leaderboard(database, (first, second), since), key=lambda standing: standing.model_id != first)
    return one.against(two), float(np.mean(one.errors < two.errors))


def _graded(
    database: ExperimentsDatabase, models: Sequence[str], since: date | None, until: date | None, with_line: bool
) -> tuple[pl.DataFrame, list[ModelRow]]:
    """Graded rows of players who played, and the models they are of."""
    with database.reading() as connection:
        chosen = [model_row(connection, model) for model in models] or [row for row in model_rows(connection) if row.enabled]
        rows = frame(
            connection,
            f"SELECT model_id, player_id, game_id, game_date, betting_line, actual_points, prediction_error, signed_error, bet_outcome "
            f"FROM {SCHEMA}.ml_model_predictions WHERE actual_points IS NOT NULL AND model_id IN (SELECT unnest(?)) "
            "AND game_date >= ? AND game_date <= ? ORDER BY model_id, game_date, game_id, player_id",
            [[row.model_id for row in chosen], since or date.min, until or date.max],
        )
    if with_line:
        rows = rows.filter(pl.col("betting_line").is_not_null())
        rows = pl.concat([rows, _line_rows(rows)])
    return rows, chosen


def _line_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The betting line as if it were a model."""
    once = rows.unique(["player_id", "game_id"], keep="first", maintain_order=True).sort("game_date", "game_id", "player_id")
    error = pl.col("betting_line") - pl.col("actual_points")
    bet = pl.lit(None, dtype=pl.String).alias("bet_outcome")
    return once.with_columns(bet, model_id=pl.lit(LINE), prediction_error=error.abs(), signed_error=error)


def _shared(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.len().over("player_id", "game_id") == rows["model_id"].n_unique())


def _errors(shared: pl.DataFrame, model: str | None) -> np.ndarray | None:
    """Absolute errors of one of the models, if it is among them."""
    rows = shared.filter(pl.col("model_id") == (model or ""))
    return None if rows.is_empty() else rows["prediction_error"].to_numpy()
