"""Training the first models: rows of seasons through one, tested on the next, written, registered.

What does not belong here: the libraries (`boosted_training.py`), and which model becomes production.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import Comparison, compare_paired
from nba_pipeline.experiments.boosted_training import FRAMEWORKS
from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.loaders import ModelShelf
from nba_pipeline.experiments.model_files import write_model_file
from nba_pipeline.experiments.model_row import ModelRow
from nba_pipeline.experiments.moving_average import KIND, ewma_file
from nba_pipeline.experiments.registry import register
from nba_pipeline.experiments.slate import LEAST_PRIOR_GAMES
from nba_pipeline.features.player_form import FEATURE, FEATURE_SETS
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse

FOLDER = "models/points"
FEATURE_VERSION = "v1_36features"
BASELINE_ID, BASELINE_HALF_LIFE_GAMES = "ewma8", 8
LEAST_ROWS = 200


class TooFewRowsError(ValueError):
    """There is not enough to learn from."""


@dataclass(frozen=True)
class TrainedModel:
    """A model that was trained and registered.

    Attributes:
        row: its row of the registry.
        train_rows: rows it learned from.
        test_seasons: seasons of `row.test_mae`, later than any it learned from.
        vs_baseline: mean absolute error minus the baseline's on the same rows; None for the baseline.
        seconds: of the fit.
    """

    row: ModelRow
    train_rows: int
    test_seasons: tuple[Season, ...]
    vs_baseline: Comparison | None
    seconds: float


def played_rows(warehouse: Warehouse, seasons: Sequence[Season]) -> pl.DataFrame:
    """Rows of `player_form` of players who played, with `points`; those with too few earlier games are left out."""
    key = ["game_id", "team_id", "player_id"]
    box = warehouse.read("player_game_stats", seasons, [*key, "pts"]).drop_nulls("pts").unique(key, keep="first", maintain_order=True)
    form = warehouse.read(FEATURE.name, seasons).filter(pl.col("prior_games") >= LEAST_PRIOR_GAMES)
    return form.join(box.rename({"pts": "points"}), on=key, how="inner", maintain_order="left").sort("game_date", *key)


def train_model(
    warehouse: Warehouse, model_type: str, train: Sequence[Season], test: Sequence[Season], seed: int = 7, rounds: int | None = None
) -> TrainedModel:
    """Trains a boosted model, tests it on later seasons, writes and registers it.

    Args:
        warehouse: has `player_form` of all the seasons.
        model_type: a key of `FRAMEWORKS`.
        train: seasons to learn from.
        test: later seasons, of which nothing is learned.
        seed: of the rows and columns each tree sees.
        rounds: trees; as many as `FRAMEWORKS` says when not given.

    Raises:
        TooFewRowsError: fewer than `LEAST_ROWS` rows in either, or the test is not later.
        ModelRefusedError: the library is not installed.
    """
    framework, columns = FRAMEWORKS[model_type], FEATURE_SETS[FEATURE_VERSION]
    rows, later = _parts(warehouse, train, test)
    start = time.perf_counter()
    content = framework.fit(_matrix(rows, columns), rows["points"].cast(pl.Float64).to_numpy(), columns, rounds or framework.rounds, seed)
    seconds = time.perf_counter() - start
    return _keep(warehouse, model_type, framework.model_format, content, rows, later, train, test, seconds)


def train_baseline(warehouse: Warehouse, test: Sequence[Season]) -> TrainedModel:
    """Writes and registers the moving average; there is nothing to learn, so it may predict any date."""
    later = played_rows(warehouse, test)
    return _keep(warehouse, KIND, "json", ewma_file(BASELINE_HALF_LIFE_GAMES), later.clear(), later, (), test, 0.0)


def _parts(warehouse: Warehouse, train: Sequence[Season], test: Sequence[Season]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows, later = played_rows(warehouse, train), played_rows(warehouse, test)
    if min(rows.height, later.height) < LEAST_ROWS or rows["game_date"].max() >= later["game_date"].min():  # pyright: ignore[reportOperatorIssue]
        raise TooFewRowsError(
            f"{rows.height} rows of {', '.join(train)} and {later.height} of {', '.join(test)}: both need {LEAST_ROWS} and the second must "
            "be later; choose seasons that have player_form (make run builds it)"
        )
    return rows, later


def _keep(
    warehouse: Warehouse,
    model_type: str,
    model_format: str,
    content: bytes,
    rows: pl.DataFrame,
    later: pl.DataFrame,
    train: Sequence[Season],
    test: Sequence[Season],
    seconds: float,
) -> TrainedModel:
    is_baseline, digest = model_type == KIND, sha256_bytes(content)
    version = f"{BASELINE_HALF_LIFE_GAMES}" if is_baseline else max(train)
    model_id = BASELINE_ID if is_baseline else f"{model_type}-{version}-{digest[:8]}"
    path = f"{FOLDER}/{model_id}.{model_format}"
    write_model_file(path, content, warehouse.root)
    first, last = (rows["game_date"].min(), rows["game_date"].max()) if rows.height else (None, None)
    row = ModelRow(
        model_id=model_id,
        model_name=f"{model_type}_points",
        model_type=model_type,
        model_version=version,
        model_path=path,
        model_format=model_format,
        feature_version=FEATURE_VERSION,
        feature_count=1 if is_baseline else len(FEATURE_SETS[FEATURE_VERSION]),
        training_start_date=first,  # pyright: ignore[reportArgumentType]
        training_end_date=last,  # pyright: ignore[reportArgumentType]
        test_rows=later.height,
        sha256=digest,
        is_baseline=is_baseline,
        notes=f"test_mae on {', '.join(test)}",
    )
    shelf = ModelShelf(warehouse.root)
    error = np.abs(shelf.load(row).predict(later) - later["points"].to_numpy())
    row = register(ExperimentsDatabase.of(warehouse), shelf, replace(row, test_mae=float(error.mean())))
    average = np.abs((later[f"points_ewm_{BASELINE_HALF_LIFE_GAMES}"] - later["points"]).to_numpy())
    difference = None if is_baseline else compare_paired(error, average, later["game_date"].to_numpy())
    return TrainedModel(row, rows.height, tuple(test), difference, seconds)


def _matrix(rows: pl.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    return rows.select(pl.col(columns).cast(pl.Float32)).to_numpy()
