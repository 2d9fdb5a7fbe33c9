"""One search over prepared games, as a grid or as a study on disk, and what its best parameters score on the held-out block.

What does not belong here: how parameters are drawn (`grid_search.py`, `bayesian_search.py`), registering (`model_trainer.py`).
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.tuning.bayesian_search import BayesianSearch
from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.grid_search import grid_search
from nba_pipeline.tuning.held_out_score import score_held_out
from nba_pipeline.tuning.prepared_rows import PreparedRows
from nba_pipeline.tuning.search_space import Space, plain_space
from nba_pipeline.tuning.training_result import SearchResult
from nba_pipeline.tuning.trials import OnTrial, Params, best_of

STUDIES = "studies.db"
"""File of the studies, in the folder of the tuned models."""


def search_parameters(
    prepared: PreparedRows, space: Space, study: BayesianSearch | None, n_trials: int, told: OnTrial, budget: Budget
) -> SearchResult:
    """Searches on the folds and scores the best on the held-out block.

    Args:
        prepared: the games.
        space: what is searched.
        study: of a Bayesian search; every set of the grid is tried when there is none.
        n_trials: of a Bayesian search.
        told: of every finished trial.
        budget: how long it may take.
    """
    start = time.perf_counter()
    if study is None:
        trials = grid_search(space, prepared.folds, prepared.score, told, budget)
    else:
        trials = study.run(n_trials, prepared.folds, prepared.score, told, budget)
    seconds, fold = time.perf_counter() - start, prepared.held_out
    p_home_win = prepared.score.forecast(best_of(trials).params, fold)
    held_out = score_held_out(p_home_win, prepared.won[fold.test], prepared.home_rate, (fold.first_day, fold.last_day))
    return SearchResult(trials, held_out, seconds)


def study_of(folder: Path, prepared: PreparedRows, space: Space, seed: int, start_with: Sequence[Params]) -> BayesianSearch:
    """The study of exactly these games, folds and space: another search finds another one.

    Args:
        folder: of the tuned models.
        prepared: the games.
        space: what is searched.
        seed: of every draw.
        start_with: parameters that are tried first.
    """
    folds = [(len(fold.train), str(fold.first_day), str(fold.last_day)) for fold in prepared.folds]
    asked = json.dumps([plain_space(space), folds, seed, list(map(dict, start_with))], sort_keys=True)
    name = f"{prepared.model.name}-{sha256_bytes((asked + prepared.digest).encode())[:16]}"
    return BayesianSearch(folder / STUDIES, name, space, seed, start_with)
