"""A fitted model as it is kept and used: what its class needs to forecast a table, in one file that is trusted only after a look.

The file is a joblib pickle, and a pickle runs code when it is read: so its hash, from the registry's row, and the versions of its
libraries are compared first. What does not belong here: versions and rows (`model_manager.py`), hashing (`models/artifacts.py`).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from nba_pipeline.models.artifacts import read_bytes, write_bytes
from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.tuning.model_class import Estimator, ModelClass, library_version, model_class
from nba_pipeline.tuning.trials import Params


class DistrustError(RuntimeError):
    """A model file is not read; the message names it and says what to do."""


@dataclass(frozen=True)
class FittedModel:
    """A model that has learned.

    Attributes:
        class_name: of its class.
        params: its parameters.
        estimator: fitted.
        known_through: last date that it learned.
    """

    class_name: str
    params: Params
    estimator: Estimator
    known_through: date

    @classmethod
    def fit(cls, model: ModelClass, params: Params, rows: pl.DataFrame, won: np.ndarray) -> "FittedModel":
        """Learns all rows.

        Args:
            model: the class.
            params: its parameters.
            rows: what `model.prepare` gave, in time order.
            won: 1 where the home team won (rows,).
        """
        return cls(model.name, dict(params), model.estimator(**params).fit(rows, won), rows["game_date"][-1])

    def forecast(self, table: pl.DataFrame) -> pl.DataFrame:
        """P(home win) of every game after what it knows.

        Args:
            table: games as it was trained on, those to come without a score; earlier ones tell form and rest.

        Returns:
            The rows of the table that are after `known_through`, in time order, with `p_home_win`.
        """
        table = dated_rows(table)
        rows, later = model_class(self.class_name).prepare(table), pl.col("game_date") > self.known_through
        asked = rows.filter(later)
        p_home_win = self.estimator.predict_proba(asked)[:, 1] if asked.height else np.zeros(0)
        return table.filter(later).with_columns(p_home_win=pl.Series(p_home_win, dtype=pl.Float64))


def write_model(path: Path, fitted: FittedModel) -> str:
    """Writes a model whole or not at all and returns the hash of the file.

    Raises:
        DistrustError: there is a file of that name; versions are never overwritten.
        ArtifactError: the disk is full or the folder cannot be written.
    """
    import joblib

    if path.exists():
        raise DistrustError(f"{path} is there already and is never overwritten: save under a new version")
    content = io.BytesIO()
    joblib.dump(fitted, content)
    return write_bytes(path, content.getvalue())


def read_model(path: Path, sha256: str, libraries: Mapping[str, str]) -> FittedModel:
    """Reads a model, if it is the file that was written and its libraries are those that wrote it.

    Args:
        path: the file.
        sha256: the hash that its registry row holds.
        libraries: versions that its registry row holds.

    Raises:
        ArtifactError: the file is missing or has another hash; nothing of it was unpickled.
        DistrustError: a library has another version, or is gone; nothing of the file was unpickled.
    """
    content = read_bytes(path, sha256)
    _same_libraries(path, libraries)
    import joblib

    return joblib.load(io.BytesIO(content))


def _same_libraries(path: Path, libraries: Mapping[str, str]) -> None:
    found = {name: library_version(name) for name in libraries}
    other = [f"{name} {libraries[name]} (here {found[name]})" for name in libraries if found[name] != libraries[name]]
    if other:
        raise DistrustError(
            f"{path} was written with {', '.join(other)} and will not be unpickled: install those versions, or train the model again"
        )
