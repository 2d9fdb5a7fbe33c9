"""What the tests of runs read from the tables, and the INSERT that people write."""

from datetime import date

import polars as pl

from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.model_row import ModelRow, model_rows
from nba_pipeline.warehouse.store import Warehouse


def rows_of(warehouse: Warehouse) -> pl.DataFrame:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return frame(connection, f"SELECT * FROM {SCHEMA}.ml_model_predictions ORDER BY model_id, game_id, player_id")


def models_of(warehouse: Warehouse) -> dict[str, ModelRow]:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return {row.model_type: row for row in model_rows(connection)}


def last_days(warehouse: Warehouse, count: int = 3) -> list[date]:
    return sorted(warehouse.read("games", ["2021-22"])["game_date"].unique())[-count:]


def insert(warehouse: Warehouse, model_id: str, like: ModelRow, **other: object) -> None:
    """What the documentation says: one INSERT adds a model."""
    facts = {
        "model_id": model_id, "model_name": "points", "model_type": like.model_type, "model_version": "1", "model_path": like.model_path,
        "model_format": like.model_format, "feature_version": like.feature_version, "feature_count": like.feature_count,
        "training_end_date": like.training_end_date, "sha256": like.sha256,
    } | other  # fmt: skip
    with ExperimentsDatabase.of(warehouse).writing() as connection:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_registry ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})", list(facts.values())
        )
