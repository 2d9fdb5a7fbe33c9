"""The meta-learner as a points model of the experiments: the one place where `windows` and `experiments` meet.

Its file in the model registry only names the version by hash; weights stay where they are, and are checked when they are loaded.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.loaders import LOADERS, Loader, ModelShelf
from nba_pipeline.experiments.model_files import write_model_file
from nba_pipeline.experiments.model_row import ModelRow, model_rows
from nba_pipeline.experiments.points_model import ModelRefusedError, PointsModel
from nba_pipeline.experiments.registry import register, set_enabled
from nba_pipeline.features.era_form import ASKED
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.window_files import windows_root

if TYPE_CHECKING:
    from nba_pipeline.windows.predict import Forecaster

MODEL_TYPE, FEATURE_VERSION = "windows", "v1_36features"
COLUMNS = ("is_home",)
"""All that it takes of the feature set; the rest of a row says who, when and against whom."""

META = "meta_sha256"
"""What the file in the registry says: the hash of the weights that are meant."""


@dataclass(frozen=True)
class WindowPoints(PointsModel):
    """Points of a slate by the meta-learner: it takes who, where and when, and looks the rest up in `era_lines`.

    Attributes:
        warehouse: has `era_lines`.
        forecaster: the meta-learner and its windows.
    """

    warehouse: Warehouse
    forecaster: "Forecaster"

    def predict(self, features: pl.DataFrame) -> np.ndarray:
        """Points of each row, never below 0.

        Args:
            features: rows of `player_form`.

        Raises:
            ModelRefusedError: `era_lines` lacks box lines that are known, or has others.
        """
        if features.is_empty():
            return np.zeros(0)
        self._require_every_line(max(features["game_date"]))
        asked = features.select(pl.col(name).cast(pl.Boolean) if name == "is_home" else pl.col(name) for name in ASKED)
        return self.forecaster.predict(asked)["pts"].fill_null(0.0).to_numpy()

    def _require_every_line(self, day: date) -> None:
        """Every box line that is known before a date must be in `era_lines` as it is known, as far back as that goes."""
        columns = ["game_id", "game_date", "team_id", "player_id", "min", "pts"]
        there = self.warehouse.read("era_lines", columns=columns)
        known = self.warehouse.read("player_game_stats", columns=columns).filter(pl.col("game_date") < day)
        known = known.filter(pl.col("game_date") >= there["game_date"].min())
        lacking = known.join(there, on=[name for name in columns if name != "game_date"], how="anti", nulls_equal=True)
        if lacking.height:
            raise ModelRefusedError(
                f"era_lines lacks {lacking.height} box lines, the first of {lacking['game_date'].min()}, or has others in their place: "
                "nba windows data"
            )


def points_loaders(warehouse: Warehouse) -> Mapping[str, Loader]:
    """Every kind of points model that there is, the meta-learner of these tables among them."""

    def load(content: bytes, model_format: str) -> PointsModel:
        from nba_pipeline.windows.predict import Forecaster

        named = _named(content)
        in_use = MetaStore(windows_root(warehouse.root)).files().manifest["sha256"]
        if named != in_use:
            raise ModelRefusedError(
                f"the meta-learner in use is {in_use[:12]}, and this row means {named[:12]}: nba windows register adds the one in use, "
                "nba experiment disable lets this one rest"
            )
        return WindowPoints(COLUMNS, _by_matrix, warehouse, Forecaster(warehouse))

    return {**LOADERS, MODEL_TYPE: Loader(("json",), load)}


def _by_matrix(matrix: np.ndarray) -> np.ndarray:
    """A matrix of features does not say who plays."""
    raise ModelRefusedError(f"{len(matrix)} rows without players: the meta-learner forecasts rows of player_form")


def _named(content: bytes) -> str:
    """The hash that a file names."""
    try:
        said = json.loads(content)
    except ValueError as error:
        raise ModelRefusedError(f"its file is not JSON ({error}): nba windows register writes a new one") from error
    if not isinstance(said, dict) or not isinstance(said.get(META), str):
        raise ModelRefusedError(f'its file does not say {{"{META}": "…"}}: nba windows register writes a new one')
    return said[META]


def register_meta(warehouse: Warehouse, database: ExperimentsDatabase) -> str:
    """Adds the meta-learner in use to the registry of points models, lets those before it rest, and returns its id.

    One before it could only be refused by name each day. The production model is never switched off.

    Raises:
        ArtifactError: there is none, or it is damaged.
        ModelRefusedError: it cannot be loaded.
        RegistryRefusedError: a rule of the registry is broken.
    """
    manifest = MetaStore(windows_root(warehouse.root)).files().manifest
    content = json.dumps({META: manifest["sha256"]}).encode() + b"\n"
    model_id = f"{MODEL_TYPE}-{manifest['seasons'][-1]}-{manifest['sha256'][:8]}"
    path = f"models/points/{model_id}.json"
    write_model_file(path, content, warehouse.root)
    row = ModelRow(
        model_id=model_id,
        model_name="windows_points",
        model_type=MODEL_TYPE,
        model_version=manifest["seasons"][-1],
        model_path=path,
        model_format="json",
        feature_version=FEATURE_VERSION,
        feature_count=len(COLUMNS),
        training_start_date=date.fromisoformat(manifest["first_date"]),
        training_end_date=date.fromisoformat(manifest["last_date"]),
        sha256=sha256_bytes(content),
        notes=f"meta-learner over {len(manifest['windows'])} windows",
    )
    register(database, ModelShelf(warehouse.root, points_loaders(warehouse)), row)
    with database.reading() as connection:
        earlier = [one for one in model_rows(connection) if one.model_type == MODEL_TYPE and one.model_id != model_id]
    for one in earlier:
        if one.enabled and not one.is_production:
            set_enabled(database, one.model_id, False, reason=f"{model_id} has taken its place")
    return model_id
