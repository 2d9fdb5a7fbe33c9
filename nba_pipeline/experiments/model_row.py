"""A row of the model registry, as code reads it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

import duckdb

from nba_pipeline.experiments.database import SCHEMA


class UnknownModelError(LookupError):
    """No model has that id."""

    def __init__(self, model_id: str) -> None:
        super().__init__(f"no model is called {model_id!r}: `nba experiment models` lists them, `nba experiment register` adds one")


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """One model; the columns of `ml_model_registry`. What is left out is what holds for a model that is new."""

    model_id: str
    model_name: str
    model_type: str
    model_version: str
    model_path: str
    model_format: str
    feature_version: str
    feature_count: int
    training_start_date: date | None = None
    training_end_date: date | None = None
    test_mae: float | None = None
    test_rows: int | None = None
    sha256: str
    enabled: bool = True
    is_production: bool = False
    is_baseline: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    created_by: str = ""
    notes: str | None = None


COLUMNS = tuple(field.name for field in fields(ModelRow))


def model_rows(connection: duckdb.DuckDBPyConnection) -> list[ModelRow]:
    """Every model, in the order in which they were added."""
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM {SCHEMA}.ml_model_registry ORDER BY created_at, model_id").fetchall()
    return [ModelRow(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


def model_row(connection: duckdb.DuckDBPyConnection, model_id: str) -> ModelRow:
    """The model of an id.

    Raises:
        UnknownModelError: there is none.
    """
    found = [row for row in model_rows(connection) if row.model_id == model_id]
    if not found:
        raise UnknownModelError(model_id)
    return found[0]
