"""From a row of the registry to a model that can predict, or a refusal that names the model and the reason.

The order is what makes it safe: type, format and feature set are looked up, then the bytes are hashed, then their first bytes are compared
with the format, and only then a library reads them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nba_pipeline.experiments.boosted_models import load_catboost, load_lightgbm, load_xgboost
from nba_pipeline.experiments.model_files import read_model_file
from nba_pipeline.experiments.model_row import ModelRow
from nba_pipeline.experiments.moving_average import load_ewma
from nba_pipeline.experiments.points_model import ModelRefusedError, PointsModel
from nba_pipeline.features.player_form import FEATURE_SETS
from nba_pipeline.models.artifacts import ArtifactError


@dataclass(frozen=True)
class Loader:
    """How files of a model type are read.

    Attributes:
        formats: values of `model_format` it understands.
        load: bytes and format to a model.
    """

    formats: tuple[str, ...]
    load: Callable[[bytes, str], PointsModel]


LOADERS: dict[str, Loader] = {
    "catboost": Loader(("cbm",), load_catboost),
    "xgboost": Loader(("json", "ubj"), load_xgboost),
    "lightgbm": Loader(("txt",), load_lightgbm),
    "ewma": Loader(("json",), load_ewma),
}
"""By `model_type`; whoever has another kind of model hands in a larger mapping."""


@dataclass
class ModelShelf:
    """Models of one run, each loaded once.

    Args:
        root: the data folder, for paths in it.
        loaders: by model type.
    """

    root: Path
    loaders: Mapping[str, Loader] = field(default_factory=lambda: LOADERS)
    _loaded: dict[tuple[str, ...], PointsModel] = field(default_factory=dict)

    def load(self, row: ModelRow) -> PointsModel:
        """The model of a row.

        Raises:
            ModelRefusedError: it cannot be used; no code of the file has run.
        """
        key = (row.model_type, row.model_format, row.model_path, row.sha256)
        try:
            loader = self._loader(row)
            if key not in self._loaded:
                content = read_model_file(row.model_path, self.root, row.sha256)
                self._loaded[key] = loader.load(content, row.model_format)
        except (ModelRefusedError, ArtifactError) as error:
            raise ModelRefusedError(f"{row.model_id}: {error}") from error
        except Exception as error:  # the libraries raise types of their own for a damaged file; each means the same here
            raise ModelRefusedError(
                f"{row.model_id}: {row.model_path} is no {row.model_type} model ({str(error)[:200]}): train it again"
            ) from error
        _require_columns(row, self._loaded[key])
        return self._loaded[key]

    def _loader(self, row: ModelRow) -> Loader:
        if row.model_type not in self.loaders:
            raise ModelRefusedError(f"model_type {row.model_type!r} has no loader: known are {', '.join(self.loaders)}")
        loader = self.loaders[row.model_type]
        if row.model_format not in loader.formats:
            raise ModelRefusedError(f"model_format {row.model_format!r} is not read for {row.model_type}: use {', '.join(loader.formats)}")
        if row.feature_version not in FEATURE_SETS:
            raise ModelRefusedError(f"feature_version {row.feature_version!r} does not exist: known are {', '.join(FEATURE_SETS)}")
        return loader


def _require_columns(row: ModelRow, model: PointsModel) -> None:
    missing = sorted(set(model.columns) - set(FEATURE_SETS[row.feature_version]))
    if missing:
        named = ", ".join(missing[:5])
        raise ModelRefusedError(f"{row.model_id}: feature {named} is not in {row.feature_version}: name the set that it was trained on")
    if len(model.columns) != row.feature_count:
        raise ModelRefusedError(
            f"{row.model_id}: takes {len(model.columns)} features, and the registry says {row.feature_count}: correct the one that is wrong"
        )
