"""Tuning: models of any table of dated games, their parameters searched on folds in time order, judged on games nobody touched.

Belongs here: tables, folds, search, the model classes, versions and their registry, the weekly retraining. Does not belong here:
nets (`models`), metrics (`evaluation`), Dagster.
"""

from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.model_trainer import ModelTrainer
from nba_pipeline.tuning.search_space import Range

__all__ = ["ModelManager", "ModelTrainer", "Range"]
