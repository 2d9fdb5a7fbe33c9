"""One run: every enabled model predicts the slate of some dates. A model that fails is named, and the others go on.

What a model has been trained on it does not predict: dates up to its `training_end_date` are left out.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl

from nba_pipeline.experiments.audit import record_hand_made, sentences
from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.loaders import LOADERS, Loader, ModelShelf
from nba_pipeline.experiments.model_row import ModelRow, model_rows
from nba_pipeline.experiments.points_model import ModelRefusedError
from nba_pipeline.experiments.predictions import GIVEN, LINEUPS, write_predictions
from nba_pipeline.experiments.slate import lines_of, slate
from nba_pipeline.warehouse.store import Warehouse

RAN, SKIPPED, FAILED = "ran", "skipped", "failed"


class NoModelsError(LookupError):
    """No model is enabled."""

    def __init__(self) -> None:
        super().__init__("no model is enabled: `nba experiment train` makes the first ones, `nba experiment enable` switches one on")


@dataclass(frozen=True)
class Outcome:
    """How a model fared in a run."""

    model_id: str
    status: str
    predictions: int
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes:
        dates: dates that have games.
        games: games of them.
        players: rows of the slate.
        written: rows added or replaced.
        seconds: of the whole run.
        models: every enabled model.
        by_hand: changes of the registry that no command made.
    """

    dates: int
    games: int
    players: int
    written: int
    seconds: float
    models: list[Outcome] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[Outcome]:
        """Models that could not be used."""
        return [one for one in self.models if one.status == FAILED]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def run_dates(warehouse: Warehouse, dates: Sequence[date], loaders: Mapping[str, Loader] = LOADERS) -> RunReport:
    """Predicts the games of some dates with every enabled model, and keeps the predictions.

    Args:
        warehouse: tables, features and the database beside them.
        dates: dates of games, Eastern; those without games are passed over.
        loaders: by model type.

    Raises:
        NoModelsError: nothing is enabled.
        NoGamesError: none of the dates has a game.
    """
    start, database = time.perf_counter(), ExperimentsDatabase.of(warehouse)
    with database.writing() as connection:
        by_hand, enabled = record_hand_made(connection), [row for row in model_rows(connection) if row.enabled]
    if not enabled:
        raise NoModelsError
    rows, shelf = slate(warehouse, dates), ModelShelf(warehouse.root, loaders)
    parts, outcomes = [], list[Outcome]()
    for model in enabled:
        part, outcome = _run_model(model, rows, shelf, warehouse.source)
        parts.append(part)
        outcomes.append(outcome)
    predicted = pl.concat(parts)
    with database.writing() as connection:
        written = write_predictions(connection, predicted)
    return RunReport(
        dates=rows["game_date"].n_unique(),
        games=rows["game_id"].n_unique(),
        players=rows.height,
        written=written,
        seconds=time.perf_counter() - start,
        models=outcomes,
        by_hand=sentences(by_hand),
    )


def predict_rows(model: ModelRow, rows: pl.DataFrame, shelf: ModelShelf, source: str) -> pl.DataFrame:
    """Predictions of a model for rows of a slate, as `write_predictions` takes them; dates it was trained on are left out.

    Raises:
        ModelRefusedError: the model cannot be used.
    """
    loaded = shelf.load(model)
    if model.training_end_date is not None:
        rows = rows.filter(pl.col("game_date") > model.training_end_date)
    return rows.with_columns(
        pl.Series("predicted_points", loaded.predict(rows), dtype=pl.Float64),
        pl.Series("betting_line", lines_of(rows), dtype=pl.Float64),
        model_id=pl.lit(model.model_id),
        lineups=pl.lit(LINEUPS),
        source=pl.lit(source),
    ).select(GIVEN)


def _run_model(model: ModelRow, rows: pl.DataFrame, shelf: ModelShelf, source: str) -> tuple[pl.DataFrame, Outcome]:
    start = time.perf_counter()
    try:
        predicted = predict_rows(model, rows, shelf, source)
    except Exception as error:  # whatever a model does wrong is its own failure, and named in the report
        reason = str(error) if isinstance(error, ModelRefusedError) else f"{model.model_id}: {type(error).__name__}: {error}"
        return _nothing(), Outcome(model.model_id, FAILED, 0, time.perf_counter() - start, reason)
    skipped = "" if predicted.height else f"was trained through {model.training_end_date}: only later games are predicted"
    return predicted, Outcome(model.model_id, SKIPPED if skipped else RAN, predicted.height, time.perf_counter() - start, skipped)


def _nothing() -> pl.DataFrame:
    numbers = dict.fromkeys(("predicted_points", "betting_line"), pl.Float64)
    return pl.DataFrame(schema=dict.fromkeys(GIVEN, pl.String) | numbers | {"player_id": pl.Int64, "game_date": pl.Date})
