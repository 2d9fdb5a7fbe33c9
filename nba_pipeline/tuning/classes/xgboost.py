"""XGBoost on the numeric columns of a table, such as `context_features`; one thread and fixed seeds, so that bits repeat."""

from typing import Any

from nba_pipeline.tuning.model_class import MissingLibraryError, ModelClass
from nba_pipeline.tuning.number_columns import as_matrix, number_columns

ROUNDS = 200
FIXED: dict[str, Any] = {"tree_method": "hist", "n_jobs": 1, "verbosity": 0}


def estimator(seed: int = 7, **params: Any) -> Any:
    """Boosted trees.

    Args:
        seed: of the sampling.
        params: as `XGBClassifier` calls them.

    Raises:
        MissingLibraryError: XGBoost, which is an extra, is not installed.
    """
    try:
        from xgboost import XGBClassifier  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingLibraryError("xgboost") from error
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    own = {"n_estimators": ROUNDS, **params, **FIXED, "random_state": seed}
    return make_pipeline(FunctionTransformer(as_matrix), XGBClassifier(**own))


MODEL_CLASS = ModelClass(
    name="xgboost",
    about="boosted trees on the numeric columns of the table; an extra",
    prepare=number_columns,
    estimator=estimator,
    space={
        "n_estimators": {"low": 50, "high": 400, "step": 50},
        "learning_rate": {"low": 0.005, "high": 0.1, "log": True},
        "max_depth": {"low": 2, "high": 6},
        "min_child_weight": {"low": 1.0, "high": 50.0, "log": True},
        "colsample_bytree": {"low": 0.2, "high": 1.0},
        "reg_lambda": {"low": 0.1, "high": 100.0, "log": True},
    },
    grid={"learning_rate": [0.01, 0.03], "max_depth": [2, 3, 4], "min_child_weight": [5.0, 20.0]},
    fixed=frozenset({*FIXED, "random_state"}),
    needs_features=True,
    libraries=("xgboost",),
)
