"""Logistic regression on what any schedule tells: ratings and their difference, rest days, streaks, same division, same conference."""

from typing import Any

from nba_pipeline.tuning.form_features import form_features
from nba_pipeline.tuning.model_class import ModelClass
from nba_pipeline.tuning.number_columns import as_matrix


def estimator(C: float = 1.0) -> Any:
    """Columns on one scale, then a ridge-penalised logistic regression.

    Args:
        C: inverse of the penalty.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(FunctionTransformer(as_matrix), StandardScaler(), LogisticRegression(C=C, max_iter=1000))


MODEL_CLASS = ModelClass(
    name="logistic",
    about="ratings, rest days, streaks, division and conference",
    prepare=form_features,
    estimator=estimator,
    space={"C": {"low": 1e-4, "high": 10.0, "log": True}},
    grid={"C": [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0]},
    starts_active=True,
)
