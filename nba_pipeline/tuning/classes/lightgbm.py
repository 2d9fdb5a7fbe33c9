"""LightGBM on the numeric columns of a table, such as `context_features`; one thread and fixed seeds, so that bits repeat."""

from typing import Any

from nba_pipeline.tuning.model_class import MissingLibraryError, ModelClass
from nba_pipeline.tuning.number_columns import as_matrix, number_columns

ROUNDS = 200
FIXED: dict[str, Any] = {"deterministic": True, "force_row_wise": True, "n_jobs": 1, "verbosity": -1}


def estimator(seed: int = 7, **params: Any) -> Any:
    """Boosted trees.

    Args:
        seed: of the column sampling.
        params: as `LGBMClassifier` calls them.

    Raises:
        MissingLibraryError: LightGBM is not installed.
    """
    try:
        from lightgbm import LGBMClassifier
    except ImportError as error:
        raise MissingLibraryError("lightgbm") from error
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    own = {"n_estimators": ROUNDS, **params, **FIXED, "random_state": seed}
    return make_pipeline(FunctionTransformer(as_matrix), LGBMClassifier(**own))


MODEL_CLASS = ModelClass(
    name="lightgbm",
    about="boosted trees on the numeric columns of the table",
    prepare=number_columns,
    estimator=estimator,
    space={
        "n_estimators": {"low": 50, "high": 400, "step": 50},
        "learning_rate": {"low": 0.005, "high": 0.1, "log": True},
        "num_leaves": {"low": 3, "high": 31},
        "min_child_samples": {"low": 20, "high": 300},
        "colsample_bytree": {"low": 0.2, "high": 1.0},
        "reg_lambda": {"low": 0.1, "high": 100.0, "log": True},
    },
    grid={"learning_rate": [0.01, 0.03], "num_leaves": [4, 8, 16], "min_child_samples": [50, 200]},
    fixed=frozenset({*FIXED, "random_state"}),
    needs_features=True,
    libraries=("lightgbm",),
)
