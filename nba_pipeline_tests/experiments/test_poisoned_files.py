"""Files that must never be loaded: no code of theirs runs, nobody else stops, and the report names them."""

import os
import pickle
from pathlib import Path

from nba_pipeline.experiments.runner import FAILED, RAN, run_dates
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.experiments.tables import insert, last_days, models_of, rows_of


class Trap:
    """Would make a file if it were ever unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return os.mkdir, (str(self.file),)


def poison(warehouse: Warehouse, tmp_path: Path) -> dict[str, tuple[dict, str]]:
    """Rows that must fail, and a word of the reason."""
    good, folder = models_of(warehouse), warehouse.root / "models" / "points"
    pickled = pickle.dumps(Trap(tmp_path / "trap"))
    files = {"pickle": pickled, "cut": (warehouse.root / good["xgboost"].model_path).read_bytes()[:2000], "rubbish": b"tree\nno model"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    at = {name: {"model_path": f"models/points/{name}", "sha256": sha256_bytes(content)} for name, content in files.items()}
    lightgbm, catboost = ({"model_path": good[name].model_path, "sha256": good[name].sha256} for name in ("lightgbm", "catboost"))
    return {
        "checksum": ({"sha256": "1" * 64}, "sha256 expected"),
        "gone": ({"model_path": "models/points/nothing.json"}, "cannot be read"),
        "pickle_as_xgboost": (at["pickle"], "not an XGBoost"),
        "pickle_as_catboost": (at["pickle"] | {"model_type": "catboost", "model_format": "cbm"}, "not a CatBoost"),
        "pickle_as_lightgbm": (at["pickle"] | {"model_type": "lightgbm", "model_format": "txt"}, "not a LightGBM"),
        "pickle_as_average": (at["pickle"] | {"model_type": "ewma", "feature_count": 1}, "not a moving average"),
        "lightgbm_as_xgboost": (lightgbm, "not an XGBoost"),
        "catboost_as_lightgbm": (catboost | {"model_type": "lightgbm", "model_format": "txt"}, "not a LightGBM"),
        "cut_off": (at["cut"], "not an XGBoost"),
        "rubbish": (at["rubbish"] | {"model_type": "lightgbm", "model_format": "txt"}, "no lightgbm model"),
        "unknown_type": ({"model_type": "crystal_ball"}, "no loader"),
        "unknown_format": ({"model_format": "joblib"}, "model_format"),
        "unknown_features": ({"feature_version": "v0_7features"}, "does not exist"),
        "feature_count": ({"feature_count": 35}, "takes 36"),
        "object_store": ({"model_path": "ftp://nowhere/model.json"}, "no object store"),
    }


def test_poisoned_files_run_no_code_stop_nobody_and_are_named(warehouse: Warehouse, tmp_path: Path):
    cases, like = poison(warehouse, tmp_path), models_of(warehouse)["xgboost"]
    for name, (other, _) in cases.items():
        insert(warehouse, name, like, **other)
    report = run_dates(warehouse, last_days(warehouse))
    outcomes = {one.model_id: one for one in report.models}
    for name, (_, word) in cases.items():
        assert outcomes[name].status == FAILED, name
        assert name in outcomes[name].reason and word in outcomes[name].reason, outcomes[name]
    assert sum(one.status == RAN for one in report.models) == 4 and len(report.failed) == len(cases)
    assert not (tmp_path / "trap").exists()
    assert rows_of(warehouse)["model_id"].n_unique() == 4


def test_a_model_that_misses_a_feature_is_named(warehouse: Warehouse):
    import lightgbm
    import numpy as np

    data = lightgbm.Dataset(
        np.random.default_rng(0).normal(size=(50, 2)), np.arange(50.0), feature_name=["points_ewm_8", "tonights_points"]
    )
    content = lightgbm.train({"min_child_samples": 5, "verbosity": -1}, data, 2).model_to_string().encode()
    (warehouse.root / "leaky.txt").write_bytes(content)
    like = models_of(warehouse)["lightgbm"]
    insert(warehouse, "leaky", like, model_path="leaky.txt", sha256=sha256_bytes(content), feature_count=2)
    (failed,) = run_dates(warehouse, last_days(warehouse)).failed
    assert failed.model_id == "leaky" and "tonights_points" in failed.reason


def test_the_trap_of_these_tests_works(tmp_path: Path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "trap")))
    assert (tmp_path / "trap").is_dir()
