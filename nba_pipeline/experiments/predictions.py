"""Writing predictions: one row per model, player and game, whatever is run how often."""

from collections.abc import Sequence

import duckdb
import polars as pl

from nba_pipeline.experiments.database import SCHEMA, frame, now
from nba_pipeline.experiments.model_row import UnknownModelError, model_rows

LINEUPS = "projected"
"""What is known of who plays tonight."""

KEY = ("model_id", "player_id", "game_id")
REPLACED = ("player_lookup", "game_date", "predicted_points", "betting_line")
"""What a later run may say otherwise; the date too, when a game was put off."""

GIVEN = (*KEY, *REPLACED, "lineups", "source")


def write_predictions(connection: duckdb.DuckDBPyConnection, predictions: pl.DataFrame) -> int:
    """Adds predictions; one that is there is replaced as long as it has not been graded.

    Args:
        connection: of `ExperimentsDatabase.writing`.
        predictions: columns `GIVEN`.

    Returns:
        Rows added or replaced.

    Raises:
        UnknownModelError: a model is not in the registry.
    """
    known = {row.model_id for row in model_rows(connection)}
    for model_id in predictions["model_id"].unique().sort():
        if model_id not in known:
            raise UnknownModelError(model_id)
    at = now()
    new = predictions.select(GIVEN).with_columns(created_at=pl.lit(at), updated_at=pl.lit(at))
    connection.register("new_predictions", new)
    columns = ", ".join(new.columns)
    changed = " OR ".join(f"{name} IS DISTINCT FROM excluded.{name}" for name in REPLACED)
    values = ", ".join(f"{name} = excluded.{name}" for name in (*REPLACED, "updated_at"))
    connection.execute(
        f"INSERT INTO {SCHEMA}.ml_model_predictions ({columns}) SELECT {columns} FROM new_predictions "
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {values} WHERE graded_at IS NULL AND ({changed})"
    )
    written = connection.execute(f"SELECT count(*) FROM {SCHEMA}.ml_model_predictions WHERE updated_at = ?", [at]).fetchall()[0][0]
    connection.unregister("new_predictions")
    return written


def predictions_of(connection: duckdb.DuckDBPyConnection, dates: Sequence[object]) -> pl.DataFrame:
    """Every prediction of some dates, whole."""
    asked = f"SELECT * FROM {SCHEMA}.ml_model_predictions WHERE game_date IN (SELECT unnest(?)) ORDER BY {', '.join(KEY)}"
    return frame(connection, asked, [list(dates)])
