"""Elo: k_factor, home_advantage, mean_reversion, and the ratings that follow from results alone."""

from typing import Any

from nba_pipeline.tuning.game_table import game_rows
from nba_pipeline.tuning.model_class import ModelClass


def estimator(**params: Any) -> Any:
    """See `EloClassifier`."""
    from nba_pipeline.tuning.elo_classifier import EloClassifier

    return EloClassifier(**params)


MODEL_CLASS = ModelClass(
    name="elo",
    about="ratings from results alone",
    prepare=game_rows,
    estimator=estimator,
    space={
        "k_factor": {"low": 8.0, "high": 40.0},
        "home_advantage": {"low": 30.0, "high": 120.0},
        "mean_reversion": {"low": 0.1, "high": 0.6},
    },
    grid={
        "k_factor": [16, 20, 24, 32],
        "home_advantage": {"low": 50, "high": 110, "step": 10},
        "mean_reversion": [0.25, 0.33, 0.5],
    },
    starts_active=True,
)
