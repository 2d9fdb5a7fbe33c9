"""Writing predictions: one row per model, player and game, whatever is run how often."""

from collections.abc import Sequence

import duckdb
import polars as pl

from nba_pipeline.experiments.database import SCHEMA, frame, now
from nba_pipeline.experiments.model_row import UnknownModelError, model_rows

LINEUPS = "projected"
"""What is known of who plays tonight."""

KEY = ("model_id", "player_id", "game_id")
GIVEN = (*KEY, "player_lookup", "game_date", "predicted_points", "betting_line", "lineups", "source")


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
    connection.execute(
        f"INSERT INTO {SCHEMA}.ml_model_predictions ({columns}) SELECT {columns} FROM new_predictions ON CONFLICT ({', '.join(KEY)}) "
        "DO UPDATE SET predicted_points = excluded.predicted_points, betting_line = excluded.betting_line, updated_at = excluded.updated_at "
        "WHERE graded_at IS NULL AND (predicted_points IS DISTINCT FROM excluded.predicted_points "
        "OR betting_line IS DISTINCT FROM excluded.betting_line)"
    )
    written = connection.execute(f"SELECT count(*) FROM {SCHEMA}.ml_model_predictions WHERE updated_at = ?", [at]).fetchall()[0][0]
    connection.unregister("new_predictions")
    return written


def predictions_of(connection: duckdb.DuckDBPyConnection, dates: Sequence[object]) -> pl.DataFrame:
    """Every prediction of some dates, whole."""
    asked = f"SELECT * FROM {SCHEMA}.ml_model_predictions WHERE game_date IN (SELECT unnest(?)) ORDER BY {', '.join(KEY)}"
    return frame(connection, asked, [list(dates)])
