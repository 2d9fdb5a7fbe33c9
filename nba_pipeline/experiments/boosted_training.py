"""Fitting CatBoost, XGBoost and LightGBM to points, absolute error, one thread, fixed seed: the same rows give the same bytes.

The numbers were chosen on 2021-22 after training on 2013-14 .. 2020-21 (`docs/experiments.md`). Each library is imported when it is used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from nba_pipeline.experiments.boosted_models import library

LIGHTGBM: dict[str, Any] = {
    "objective": "l1", "learning_rate": 0.03, "num_leaves": 31, "min_child_samples": 200, "subsample": 0.7, "subsample_freq": 1,
    "colsample_bytree": 0.5, "reg_lambda": 5.0, "max_bin": 127, "num_threads": 1, "deterministic": True, "force_row_wise": True,
    "verbosity": -1,
}  # fmt: skip
XGBOOST: dict[str, Any] = {
    "objective": "reg:absoluteerror", "tree_method": "hist", "eta": 0.05, "max_depth": 4, "min_child_weight": 100, "subsample": 0.7,
    "colsample_bytree": 0.5, "reg_lambda": 5.0, "max_bin": 128, "nthread": 1,
}  # fmt: skip
CATBOOST: dict[str, Any] = {
    "loss_function": "MAE", "learning_rate": 0.08, "depth": 6, "l2_leaf_reg": 5.0, "border_count": 64, "rsm": 0.5,
    "bootstrap_type": "Bernoulli", "subsample": 0.7, "thread_count": 1, "allow_writing_files": False, "verbose": False,
}  # fmt: skip


@dataclass(frozen=True)
class Framework:
    """A library that boosts trees.

    Attributes:
        model_format: of the file it writes.
        rounds: trees.
        fit: features (rows, columns) float32, points (rows,), names, rounds and seed to the bytes of a model file.
    """

    model_format: str
    rounds: int
    fit: Callable[[np.ndarray, np.ndarray, tuple[str, ...], int, int], bytes]


def fit_lightgbm(features: np.ndarray, points: np.ndarray, columns: tuple[str, ...], rounds: int, seed: int) -> bytes:
    """A LightGBM model as text."""
    lightgbm = library("lightgbm")
    data = lightgbm.Dataset(features, points, feature_name=list(columns), params={"max_bin": LIGHTGBM["max_bin"], "verbosity": -1})
    return lightgbm.train(LIGHTGBM | {"seed": seed}, data, rounds).model_to_string().encode()


def fit_xgboost(features: np.ndarray, points: np.ndarray, columns: tuple[str, ...], rounds: int, seed: int) -> bytes:
    """An XGBoost model as JSON."""
    xgboost = library("xgboost")
    data = xgboost.DMatrix(features, points, feature_names=list(columns), nthread=1)
    return bytes(xgboost.train(XGBOOST | {"seed": seed}, data, rounds).save_raw("json"))


def fit_catboost(features: np.ndarray, points: np.ndarray, columns: tuple[str, ...], rounds: int, seed: int) -> bytes:
    """A CatBoost model as `.cbm`; the time and the random id it would carry are taken out."""
    catboost = library("catboost")
    model = catboost.CatBoostRegressor(iterations=rounds, random_seed=seed, **CATBOOST)
    model.fit(catboost.Pool(features, points, feature_names=list(columns), thread_count=1))
    metadata = model.get_metadata()
    for key in ("model_guid", "train_finish_time"):
        if key in metadata:
            metadata[key] = ""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.cbm"
        model.save_model(str(file))
        return file.read_bytes()


FRAMEWORKS: dict[str, Framework] = {
    "catboost": Framework("cbm", 500, fit_catboost),
    "xgboost": Framework("json", 600, fit_xgboost),
    "lightgbm": Framework("txt", 500, fit_lightgbm),
}
"""By `model_type` of the registry."""
