"""CatBoost, XGBoost and LightGBM from the bytes of their own formats.

Nothing is unpickled: a file that does not begin as its format does is refused before the library sees it, and none of the formats holds
code. Each library is imported when its first model is loaded.
"""

import json
from typing import Any

import numpy as np

from nba_pipeline.experiments.points_model import ModelRefusedError, PointsModel

CBM, LIGHTGBM_TEXT, UBJ = b"CBM1", b"tree\n", b"{L"


def load_catboost(content: bytes, model_format: str) -> PointsModel:
    """A CatBoost model of a `.cbm` file."""
    _require(content.startswith(CBM), "a CatBoost .cbm file")
    catboost = library("catboost")
    model = catboost.CatBoost()
    model.load_model(blob=content, format="cbm")
    return PointsModel(tuple(model.feature_names_), lambda matrix: model.predict(matrix, thread_count=1))


def load_xgboost(content: bytes, model_format: str) -> PointsModel:
    """An XGBoost model of a `.json` or `.ubj` file."""
    _require(_is_xgboost_json(content) if model_format == "json" else content.startswith(UBJ), f"an XGBoost .{model_format} file")
    xgboost = library("xgboost")
    booster = xgboost.Booster({"nthread": 1})
    booster.load_model(bytearray(content))
    columns = tuple(booster.feature_names or ())

    def forecast(matrix: np.ndarray) -> np.ndarray:
        return booster.predict(xgboost.DMatrix(matrix, feature_names=list(columns), nthread=1))

    return PointsModel(columns, forecast)


def load_lightgbm(content: bytes, model_format: str) -> PointsModel:
    """A LightGBM model of a `.txt` file."""
    _require(content.startswith(LIGHTGBM_TEXT), "a LightGBM text file")
    lightgbm = library("lightgbm")
    booster = lightgbm.Booster(model_str=content.decode())
    return PointsModel(tuple(booster.feature_name()), lambda matrix: np.asarray(booster.predict(matrix, num_threads=1)))


def _is_xgboost_json(content: bytes) -> bool:
    try:
        return content.startswith(b"{") and "learner" in json.loads(content)
    except ValueError:
        return False


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ModelRefusedError(f"the file is not {what}: put the right file there, or correct model_type and model_format")


def library(name: str) -> Any:
    """A framework's package.

    Raises:
        ModelRefusedError: it is not installed; says how it is.
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise ModelRefusedError(f"{name} is not installed: pip install 'nba_pipeline[experiments]'") from error
