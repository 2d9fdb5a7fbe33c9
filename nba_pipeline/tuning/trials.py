"""One set of parameters, scored fold by fold. Smaller is better, everywhere: the loss is the mean log loss of the folds.

What does not belong here: which parameters are tried (`grid_search.py`, `bayesian_search.py`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median, stdev
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.metrics import accuracy, log_loss
from nba_pipeline.tuning.folds import Fold
from nba_pipeline.tuning.model_class import ModelClass
from nba_pipeline.tuning.search_space import Choice

Params = Mapping[str, Choice]
FoldScore = tuple[float, float]
"""Log loss and accuracy of one fold."""

ScoreFold = Callable[[Params, Fold], FoldScore]
"""Trains on one fold with these parameters and scores it."""


class SearchError(RuntimeError):
    """A search cannot start, or found nothing; the message says what to do."""


@dataclass(frozen=True)
class Trial:
    """A scored set of parameters.

    Attributes:
        number: in the order of trying.
        params: what was tried.
        scores: of each fold; of the first ones only if the trial was pruned.
        seconds: it took.
        pruned: given up because the folds so far were worse than those of most trials.
    """

    number: int
    params: Params
    scores: tuple[FoldScore, ...]
    seconds: float
    pruned: bool = False

    @property
    def fold_losses(self) -> list[float]:
        """Log loss of each fold."""
        return [loss for loss, _ in self.scores]

    @property
    def loss(self) -> float:
        """Mean log loss of the folds: what is minimised."""
        return fmean(self.fold_losses)

    @property
    def loss_sd(self) -> float:
        """How much folds differ; 0 for one fold."""
        return stdev(self.fold_losses) if len(self.scores) > 1 else 0.0

    @property
    def accuracy(self) -> float:
        """Mean accuracy of the folds."""
        return fmean(hit for _, hit in self.scores)


OnTrial = Callable[[Trial, int], None]
"""Told of every finished trial, and how many there will be."""


@dataclass(frozen=True)
class FoldScorer:
    """Scores a class of models on prepared rows; see `ScoreFold`.

    Args:
        model: the class.
        rows: what its estimator reads, in time order.
        won: 1 where the home team won (rows,).
    """

    model: ModelClass
    rows: pl.DataFrame
    won: np.ndarray

    def __call__(self, params: Params, fold: Fold) -> FoldScore:
        """Trains on the fold's earlier rows, forecasts its later ones."""
        p_home_win = self.forecast(params, fold)
        return log_loss(p_home_win, self.won[fold.test]), accuracy(p_home_win, self.won[fold.test])

    def forecast(self, params: Params, fold: Fold) -> np.ndarray:
        """P(home win) of the fold's later rows by a model of its earlier ones."""
        fitted = self.model.estimator(**params).fit(self.rows[fold.train], self.won[fold.train])
        return np.asarray(fitted.predict_proba(self.rows[fold.test]))[:, 1]


def try_out(number: int, params: Params, folds: Sequence[Fold], score: ScoreFold, give_up: Callable[[Trial], bool] | None = None) -> Trial:
    """Scores parameters fold by fold, oldest first.

    Args:
        number: of the trial.
        params: what is tried.
        folds: where.
        score: how one fold is scored.
        give_up: asked after every fold but the last whether to go on.
    """
    start, trial = time.perf_counter(), Trial(number, dict(params), (), 0.0)
    for done, fold in enumerate(folds, start=1):
        trial = replace(trial, scores=(*trial.scores, score(params, fold)), seconds=time.perf_counter() - start)
        if give_up is not None and done < len(folds) and give_up(trial):
            return replace(trial, pruned=True)
    return trial


def best_of(trials: Sequence[Trial]) -> Trial:
    """The whole trial with the smallest loss; the earlier one of two alike.

    Raises:
        SearchError: no trial was finished.
    """
    whole = [trial for trial in trials if not trial.pruned]
    if not whole:
        raise SearchError("no trial was finished: give the search more trials or a larger budget")
    return min(whole, key=lambda trial: (trial.loss, trial.number))


def optimism(trials: Sequence[Trial]) -> float:
    """How much better the best whole trial looks than the median one: partly skill, partly the luck of whoever tries often."""
    return median(trial.loss for trial in trials if not trial.pruned) - best_of(trials).loss


def trials_table(trials: Sequence[Trial]) -> pl.DataFrame:
    """One row a trial, best first, pruned ones last: number, parameters, loss, loss_sd, accuracy, folds, seconds, pruned."""
    ordered = sorted(trials, key=lambda trial: (trial.pruned, trial.loss, trial.number))
    return pl.DataFrame([_row(trial) for trial in ordered], infer_schema_length=None)


def _row(trial: Trial) -> dict[str, Any]:
    facts = {"loss": trial.loss, "loss_sd": trial.loss_sd, "accuracy": trial.accuracy, "folds": len(trial.scores)}
    return {"number": trial.number, **trial.params, **facts, "seconds": trial.seconds, "pruned": trial.pruned}
