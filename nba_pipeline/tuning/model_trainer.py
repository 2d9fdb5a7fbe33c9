"""Tunes, judges, fits and registers a model: `ModelTrainer.train_model`.

What does not belong here: folds, search, promotion and rows, which have files of their own.
"""

import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.fitted_model import FittedModel
from nba_pipeline.tuning.folds import GAP_DAYS
from nba_pipeline.tuning.model_choice import chosen_model, chosen_space
from nba_pipeline.tuning.model_class import model_class
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.model_rows import ModelRow
from nba_pipeline.tuning.parameter_search import search_parameters, study_of
from nba_pipeline.tuning.prepared_rows import PreparedRows
from nba_pipeline.tuning.promotion import judge
from nba_pipeline.tuning.search_space import Space
from nba_pipeline.tuning.training_result import SearchResult, TrainingResult
from nba_pipeline.tuning.trials import OnTrial, Params, Trial

SEED = 7


class ModelTrainer:
    """Trains models of any class on any table of dated games.

    Args:
        model_manager: where models and versions are kept; that of the settings when not given.
        logger: told what happens.
        on_trial: told of every finished trial, for a progress bar.
        seed: of every random choice.

    Example:
        trainer = ModelTrainer(ModelManager(Warehouse(Path("data"))))
        result = trainer.train_model("elo", "elo", games, {"k_factor": [16, 20, 24], "home_advantage": Range(50, 110, step=10)})
    """

    def __init__(
        self,
        model_manager: ModelManager | None = None,
        logger: logging.Logger | None = None,
        on_trial: OnTrial | None = None,
        seed: int = SEED,
    ) -> None:
        self.manager = model_manager or ModelManager()
        self.logger: Any = logger or logging.getLogger(__name__)
        self.on_trial, self.seed = on_trial, seed

    def train_model(
        self,
        model_name: str,
        model_class: str,
        training_data: pl.DataFrame,
        search_space: Mapping[str, Any] | None = None,
        cv_folds: int = 5,
        method: str = "grid",
        n_trials: int = 50,
        *,
        held_out_from: date | None = None,
        gap_days: int = GAP_DAYS,
        budget_seconds: float | None = None,
        source: str | None = None,
    ) -> TrainingResult:
        """Searches parameters on folds, judges the best on the held-out block, fits it on everything and registers it.

        Args:
            model_name: a model of the registry; made when there is none of that name, once the search has ended, and not active then:
                the weekly retraining trains on the pipeline's own tables only.
            model_class: `elo`, `logistic`, `lightgbm`, `xgboost`, or another file of `classes/`.
            training_data: dated games, see `game_table.dated_rows`.
            search_space: see `search_space.read_space`; the class's own when not given.
            cv_folds: folds in time order.
            method: `grid` or `bayesian`.
            n_trials: of a Bayesian search.
            held_out_from: first day of the held-out block; the last fifth of the games when not given.
            gap_days: days before each judged block that its training leaves out.
            budget_seconds: how long the search may take.
            source: where the games came from; that of the registry when not given.

        Raises:
            ModelError: the name is another class's, or that of a model of other games.
            GameTableError, FoldError, SearchSpaceError, SearchError, MissingLibraryError: what cannot be read, cut, searched or loaded.
        """
        asked = search_space or {}
        own = {"method": method, "n_trials": n_trials, "cv_folds": cv_folds, "active": False}
        row = chosen_model(self.manager, model_name, model_class, asked, source=source, **own)
        space = chosen_space(row, method, asked)
        prepared = self.prepare(model_class, training_data, cv_folds, held_out_from, gap_days)
        return self.register(row, prepared, self.search(prepared, space, method, n_trials, budget_seconds), source)

    def prepare(
        self, class_name: str, table: pl.DataFrame, cv_folds: int = 5, held_out_from: date | None = None, gap_days: int = GAP_DAYS
    ) -> PreparedRows:
        """A table made ready for a class of models."""
        prepared = PreparedRows.of(model_class(class_name), table, cv_folds, held_out_from, gap_days)
        self.logger.info(
            "%s: %d games, %s .. %s, held out from %s", class_name, len(prepared.won), *prepared.days, prepared.held_out.first_day
        )
        return prepared

    def search(
        self,
        prepared: PreparedRows,
        space: Space,
        method: str = "grid",
        n_trials: int = 50,
        budget_seconds: float | None = None,
        start_with: Params | None = None,
    ) -> SearchResult:
        """Searches parameters on the folds and scores the best on the held-out block; nothing is registered.

        Args:
            prepared: the games.
            space: what is searched.
            method: `grid` or `bayesian`.
            n_trials: of a Bayesian search.
            budget_seconds: how long it may take.
            start_with: parameters that a Bayesian search tries first.
        """
        study = None if method == "grid" else study_of(self.manager.folder, prepared, space, self.seed, [start_with] if start_with else [])
        return search_parameters(prepared, space, study, n_trials, self._told, Budget(budget_seconds))

    def register(self, row: ModelRow, prepared: PreparedRows, result: SearchResult, source: str | None = None) -> TrainingResult:
        """Fits the best parameters on everything and registers that; it is used from now on if it may.

        Args:
            row: the model; a planned one is made here.
            prepared: the games.
            result: of the search over them.
            source: where they came from; that of the registry when not given.

        Raises:
            ModelError: the model has learned the games of another source, or another one of its name was made meanwhile.
        """
        in_use = self.manager.version(row.name).params if row.production_version is not None else None
        answer = judge(prepared, result.best.params, in_use)
        fitted = FittedModel.fit(prepared.model, result.best.params, prepared.rows, prepared.won)
        first, last = prepared.days
        row = self.manager.add(row) if row.is_planned else row
        version = self.manager.register(
            row.name,
            fitted,
            promoted=answer.promoted,
            metrics=result.metrics(),
            comparison=answer.to_dict(),
            data_version=prepared.digest,
            data_first=str(first),
            data_last=str(last),
            source=source or self.manager.warehouse.source,
        )
        self.logger.info("%s v%d, %s: %s", row.name, version.version, "in use" if answer.promoted else "kept back", answer.reason)
        return TrainingResult.of(
            result,
            model_id=row.model_id,
            name=row.name,
            version=version.version,
            model_path=self.manager.folder / version.file,
            promoted=answer.promoted,
            reason=answer.reason,
        )

    def load_model(self, path: Path | str) -> FittedModel:
        """Reads an artefact that the registry knows.

        Raises:
            DistrustError: no row names it, or its libraries have other versions.
            ArtifactError: it is missing or damaged.
        """
        return self.manager.load(path)

    def _told(self, trial: Trial, of: int) -> None:
        word = "pruned" if trial.pruned else f"log loss {trial.loss:.5f} ± {trial.loss_sd:.4f}"
        self.logger.debug("trial %d of %d: %s, %s", trial.number + 1, of, dict(trial.params), word)
        if self.on_trial is not None:
            self.on_trial(trial, of)
