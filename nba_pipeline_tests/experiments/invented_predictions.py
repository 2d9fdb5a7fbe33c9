"""Models and predictions made up, for what only counts them."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from nba_pipeline.experiments.audit import record
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
from nba_pipeline.experiments.grading import grade, write_grades
from nba_pipeline.experiments.predictions import predictions_of, write_predictions

FIRST_DAY = date(2022, 11, 1)
ROWS_PER_DAY = 30


def add_model(database: ExperimentsDatabase, model_id: str, *, is_baseline: bool = False, enabled: bool = True) -> None:
    """A row of the registry, by the INSERT that people write."""
    with database.writing() as connection:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_registry (model_id, model_name, model_type, model_version, model_path, model_format, "
            "feature_version, feature_count, training_end_date, sha256, is_baseline, enabled) "
            "VALUES (?, 'points', 'lightgbm', '1', 'nowhere.txt', 'txt', 'v1_36features', 36, '2021-05-16', ?, ?, ?)",
            [model_id, "0" * 64, is_baseline, enabled],
        )
        record(connection, "register")


def actual_points(days: int) -> np.ndarray:
    """Points by day and player."""
    return np.random.default_rng(0).poisson(12.0, (days, ROWS_PER_DAY)).astype(float)


def add_graded(database: ExperimentsDatabase, model_id: str, noise: float, days: int = 30, *, bias: float = 0.0, seed: int = 1) -> None:
    """Predictions of a model that is off by `noise` points on average, with what happened."""
    actual = actual_points(days)
    error = np.random.default_rng(seed).choice([-1.0, 1.0], actual.shape) * noise
    dates = [FIRST_DAY + timedelta(days=day) for day in range(days)]
    rows = pl.DataFrame(
        {
            "model_id": model_id,
            "player_id": np.tile(np.arange(ROWS_PER_DAY) + 1, days),
            "game_id": np.repeat([f"00222{day:05d}" for day in range(days)], ROWS_PER_DAY),
            "player_lookup": "somebody",
            "game_date": np.repeat(np.array(dates, dtype="datetime64[D]"), ROWS_PER_DAY),
            "predicted_points": np.maximum(actual + error + bias, 0.0).ravel(),
            "betting_line": 11.5,
            "lineups": "projected",
            "source": "simulated",
        }
    )
    box = rows.select("game_id", "player_id", pts=pl.Series(actual.ravel()))
    with database.writing() as connection:
        write_predictions(connection, rows)
        baseline = connection.execute(f"SELECT max(model_id) FROM {SCHEMA}.ml_model_registry WHERE is_baseline").fetchall()[0][0]
        write_grades(connection, grade(predictions_of(connection, dates), box, baseline))
