"""Trains the active models of a class on the pipeline's tables, as the weekly run and `nba tune` do.

A model whose games are those of its newest version is left alone: nothing is registered where nothing is new. What does not belong
here: which week it is (`weekly.py`), Dagster.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from nba_pipeline.evaluation.promotion import MINIMUM_GAMES
from nba_pipeline.league.seasons import Season
from nba_pipeline.tuning.folds import GAP_DAYS, held_out_fold, last_rows_from
from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.tuning.league_table import league_table
from nba_pipeline.tuning.model_choice import chosen_model, chosen_space
from nba_pipeline.tuning.model_class import model_class
from nba_pipeline.tuning.model_rows import ModelRow
from nba_pipeline.tuning.model_trainer import ModelTrainer
from nba_pipeline.tuning.search_space import lies_in
from nba_pipeline.tuning.training_result import TrainingResult

HELD_OUT_GAMES = MINIMUM_GAMES
"""The last games that a weekly run is judged on, unless a fifth of the table is less."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for; what is left out is the model's own.

    Attributes:
        name: only this model, made when there is none, once its search has ended, and trained even where no game is new; every active
            one when empty.
        search_space, method, n_trials, cv_folds: of the search.
        seasons: to learn from; every one on disk when empty.
        held_out_from: first held-out day; the last 500 games, at most a fifth, when not given.
        gap_days: before each judged block.
        budget_seconds: of each search.
    """

    name: str = ""
    search_space: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    n_trials: int = 0
    cv_folds: int = 0
    seasons: Sequence[Season] = ()
    held_out_from: date | None = None
    gap_days: int = GAP_DAYS
    budget_seconds: float | None = None


def train_class(
    trainer: ModelTrainer, class_name: str, asked: Asked | None = None, said: Callable[[str], None] = lambda line: None
) -> list[TrainingResult]:
    """Trains every model of a class that is active, or the one that is asked for.

    Args:
        trainer: with the registry.
        class_name: of the models.
        asked: what differs from the models' own rows.
        said: told of models that are left alone.

    Returns:
        What was registered; nothing for models without new games.
    """
    asked = asked or Asked()
    rows = _models(trainer, class_name, asked)
    if not rows:
        said(f"no model of class {class_name} is active (nba models activate)")
        return []
    features = model_class(class_name).needs_features
    table = dated_rows(league_table(trainer.manager.warehouse, features, asked.seasons)).filter(pl.col("home_win").is_not_null())
    trained = (_train(trainer, row, table, asked, said) for row in rows)
    return [result for result in trained if result is not None]


def _models(trainer: ModelTrainer, class_name: str, asked: Asked) -> list[ModelRow]:
    """The models that are meant, of this league only; a class that starts active has one from the first time on."""
    manager = trainer.manager
    rows = [row for row in manager.list() if row.model_class == class_name and manager.sources(row.name) <= {manager.warehouse.source}]
    if asked.name or (not rows and model_class(class_name).starts_active and manager.find(class_name) is None):
        own = {"method": asked.method or "grid", "n_trials": asked.n_trials or 50, "cv_folds": asked.cv_folds or 5}
        return [chosen_model(manager, asked.name or class_name, class_name, asked.search_space, **own)]
    return [row for row in rows if row.is_active]


def _train(trainer: ModelTrainer, row: ModelRow, table: pl.DataFrame, asked: Asked, said: Callable[[str], None]) -> TrainingResult | None:
    method, folds = asked.method or row.method, asked.cv_folds or row.cv_folds
    space, trials = chosen_space(row, method, asked.search_space), asked.n_trials or row.n_trials
    prepared = trainer.prepare(row.model_class, table, folds, asked.held_out_from or _last_games(table["game_date"]), asked.gap_days)
    versions = [] if row.is_planned else trainer.manager.versions(row.name)
    if not asked.name and versions and versions[-1].data_version == prepared.digest:
        said(f"{row.name}: no game is new since v{versions[-1].version}, nothing is registered")
        return None
    in_use = trainer.manager.version(row.name).params if row.production_version is not None else None
    start_with = in_use if in_use is not None and lies_in(space, in_use) else None
    result = trainer.search(prepared, space, method, trials, asked.budget_seconds, start_with)
    return trainer.register(row, prepared, result)


def _last_games(dates: pl.Series) -> date:
    return max(last_rows_from(dates, HELD_OUT_GAMES), held_out_fold(dates).first_day)
