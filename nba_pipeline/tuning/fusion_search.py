"""The few honest knobs of the fusion net, searched on the same folds as every model: date blocks, a gap, and a last block untouched.

A fold trains the whole net from new weights: the pre-trained nets know games that a fold is judged on. So the numbers are those of a net
without pre-training, good for comparing knobs and nothing else. What does not belong here: training (`models.training`).
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nba_pipeline.evaluation.comparison import Comparison, compare_paired
from nba_pipeline.evaluation.metrics import accuracy, log_loss, log_losses
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import sha256_bytes, sha256_file
from nba_pipeline.models.training.trained import code_digest
from nba_pipeline.tuning.bayesian_search import BayesianSearch
from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.folds import GAP_DAYS, Fold, date_folds
from nba_pipeline.tuning.search_space import plain_space, read_space
from nba_pipeline.tuning.trials import FoldScore, OnTrial, Params, Trial, best_of
from nba_pipeline.warehouse.store import Warehouse

if TYPE_CHECKING:
    from nba_pipeline.models.samples.training_data import TrainingData

SPACE: Mapping[str, Any] = {
    "learning_rate": {"low": 3e-5, "high": 1e-3, "log": True},
    "weight_decay": {"low": 1e-6, "high": 1e-2, "log": True},
    "dropout": {"low": 0.0, "high": 0.5, "step": 0.1},
    "pregame_of_four": [1, 2, 3],
    "skip": [True, False],
}
"""`pregame_of_four`: how many of the four samples of a game are before tip-off."""

TODAY: Params = {"learning_rate": 1e-4, "weight_decay": 1e-5, "dropout": 0.2, "pregame_of_four": 1, "skip": True}
"""What training uses; the first trial of every search."""

SAMPLES = 4
CHOOSING_SHARE = 0.1
"""Last share of a fold's games, by which its epoch is chosen, on the instants that training chooses by; the judged games choose nothing."""


@dataclass(frozen=True)
class FusionSearch:
    """What came of a search.

    Attributes:
        trials: every finished one.
        held_out: label of the last block.
        log_loss, log_loss_today: before tip-off, on that block, with the best knobs and with those in use.
        difference: the same, paired.
        seconds: the search took, with the two trainings for the last block.
    """

    trials: Sequence[Trial]
    held_out: str
    log_loss: float
    log_loss_today: float
    difference: Comparison
    seconds: float

    @property
    def best(self) -> Trial:
        """The trial with the smallest mean log loss before tip-off."""
        return best_of(self.trials)

    @property
    def alike(self) -> list[int]:
        """Numbers of the trials whose folds are scored exactly as the best one's, itself included.

        Unlike knobs lead to equal forecasts only where every fold kept the net as it starts: no epoch was better.
        """
        return [trial.number for trial in self.trials if trial.scores == self.best.scores]


@dataclass(frozen=True)
class FusionScorer:
    """Trains a net on a fold and scores it before tip-off; see `trials.ScoreFold`.

    Args:
        data: the games.
        rows: positions of the games that folds refer to, in time order.
        epochs: most passes.
        seed: of weights and order.
        device: `auto`, `cpu` or `cuda`.
    """

    data: "TrainingData"
    rows: np.ndarray
    epochs: int
    seed: int
    device: str

    def __call__(self, params: Params, fold: Fold) -> FoldScore:
        """Log loss and accuracy before tip-off."""
        judged = self.rows[fold.test]
        p_home_win, won = self.forecast(params, self.rows[fold.train], judged), self.won(judged)
        return log_loss(p_home_win, won), accuracy(p_home_win, won)

    def won(self, games: np.ndarray) -> np.ndarray:
        """1 where the home team won (games,)."""
        return self.data.arrays.games["home_win"].cast(int).to_numpy()[games]

    def forecast(self, params: Params, learned: np.ndarray, judged: np.ndarray) -> np.ndarray:
        """P(home win) before tip-off of `judged` by a net that learned `learned`; both are positions of games."""
        import torch

        from nba_pipeline.models.forecasts.held_out import forecast
        from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
        from nba_pipeline.models.nets.transformer import GameFlowTransformer
        from nba_pipeline.models.training.config import TrainingConfig
        from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
        from nba_pipeline.models.training.trainer import FusionTrainer

        cut = int(len(learned) * (1 - CHOOSING_SHARE))
        part = replace(self.data, train=learned[:cut], validation=learned[cut:])
        rate, decay = (float(str(params[name])) for name in ("learning_rate", "weight_decay"))
        config = TrainingConfig(learning_rate=rate, weight_decay=decay, epochs=self.epochs, seed=self.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            nets = GameFlowTransformer(), PlayerInteractionGNN()
        options = {"dropout": float(str(params["dropout"])), "skip": bool(params["skip"])}
        fusion = fitted_fusion(skip_instants(part, self.seed), self.seed, **options)
        trainer = FusionTrainer(*nets, fusion, config, self.device)
        trainer.fit(*_loaders(part, config.batch_size, int(str(params["pregame_of_four"])), self.seed))
        return forecast(trainer.net.cpu(), self.data.arrays, judged, np.zeros(len(judged), np.int64))[:, 0]


def search_fusion(
    warehouse: Warehouse,
    seasons: Sequence[Season],
    trials: int,
    *,
    folds: int = 2,
    epochs: int = 2,
    seed: int = 7,
    budget_seconds: float | None = None,
    device: str = "auto",
    on_trial: OnTrial | None = None,
) -> FusionSearch:
    """Searches the knobs, and compares the best with those in use on the last block.

    Args:
        warehouse: with the feature tables.
        seasons: to learn from; the last is held out (of fewer than three, the last fifth of the dates).
        trials: how many in all; an interrupted search goes on, if the code is the same.
        folds: blocks of dates that knobs are judged on.
        epochs: most passes of each training.
        seed: of draws, weights and order.
        budget_seconds: how long the search may take.
        device: `auto`, `cpu` or `cuda`.
        on_trial: told of every finished one.

    Raises:
        NothingToTrainOnError: tables are missing.
        FoldError: there are too few games.
    """
    from nba_pipeline.models.samples.training_data import TrainingData

    start, data = time.perf_counter(), TrainingData.load(warehouse, seasons)
    rows, held_out = _parts(data)
    scorer, dates = FusionScorer(data, rows, epochs, seed, device), data.arrays.games["game_date"]
    space = read_space(SPACE)
    asked = json.dumps([plain_space(space), folds, epochs, seed, data.digest, code_digest(), sha256_file(Path(__file__))])
    study = BayesianSearch(_studies(warehouse), f"fusion-{sha256_bytes(asked.encode())[:16]}", space, seed, [TODAY])
    found = study.run(trials, date_folds(dates[rows], folds, GAP_DAYS), scorer, on_trial, Budget(budget_seconds))
    won = scorer.won(held_out)
    best = dict(best_of(found).params)
    today = log_losses(scorer.forecast(TODAY, rows, held_out), won)
    losses = today if best == TODAY else log_losses(scorer.forecast(best, rows, held_out), won), today
    difference = compare_paired(losses[0], losses[1], dates[held_out].to_numpy())
    label = data.split.test_label if len(data.test) else data.split.validation_label
    return FusionSearch(found, label, float(losses[0].mean()), float(losses[1].mean()), difference, time.perf_counter() - start)


def _parts(data: "TrainingData") -> tuple[np.ndarray, np.ndarray]:
    """Games for the folds and those of the last block, each in time order."""
    searched, held_out = (np.concatenate([data.train, data.validation]), data.test) if len(data.test) else (data.train, data.validation)
    days = data.arrays.games["game_date"].to_numpy()
    ordered, last = searched[np.argsort(days[searched], kind="stable")], held_out[np.argsort(days[held_out], kind="stable")]
    return ordered[days[ordered] < days[last[0]] - np.timedelta64(GAP_DAYS, "D")], last


def _studies(warehouse: Warehouse) -> Path:
    return warehouse.root / "models" / "tuned" / "studies.db"


def _loaders(data: "TrainingData", batch_size: int, pregame: int, seed: int) -> tuple[Any, Any]:
    from nba_pipeline.models.samples.dataset import GameLoader, NBADataset

    train = NBADataset(data.arrays, data.train, pregame=pregame, in_game=SAMPLES - pregame, seed=seed)
    choosing = NBADataset(data.arrays, data.validation, seed=seed)
    return GameLoader(train, batch_size, seed=seed), GameLoader(choosing, 256, shuffle=False)
