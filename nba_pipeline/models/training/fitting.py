"""From the games of a training run to trained nets, in memory.

What does not belong here: reading tables and writing files (`runs.py`), the epoch loop (`loop.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.models.nets.fusion import TwoTowerFusion
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.dataset import GameLoader, NBADataset
from nba_pipeline.models.samples.instants import PREGAME, InstantTable
from nba_pipeline.models.samples.stint_loader import StintLoader
from nba_pipeline.models.samples.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.models.training.config import EpochMetrics, TrainingConfig, TrainingHistory
from nba_pipeline.models.training.loop import TrainingLoop
from nba_pipeline.models.training.pretraining import StintMarginTask, WinProbabilityTask
from nba_pipeline.models.training.trainer import FusionTrainer

PRETRAINING_EPOCHS = 3
PRETRAINING_RATE = 1e-3
STINT_BATCH, STINTS_PER_EPOCH = 256, 20_000
VALIDATED_STINT_GAMES = 3
"""Every third validation game is enough to choose an epoch of the graph net by."""

SKIP_INSTANTS = 8
"""In-game instants per game on which the skip and the baselines are fitted."""

RATING = CONTEXT_FEATURES.index("rating_margin")

OnEpoch = Callable[[EpochMetrics], None]


@dataclass(frozen=True)
class How:
    """How to fit, whatever is fitted.

    Attributes:
        config: numbers of the run.
        device: `auto`, `cpu` or `cuda`.
        folder: where the run's checkpoint is kept, so that a killed run continues; none when not given.
        on_epoch: told of every epoch as it ends.
    """

    config: TrainingConfig
    device: str = "auto"
    folder: Path | None = None
    on_epoch: OnEpoch | None = None


@dataclass(frozen=True)
class Fitted:
    """A trained net: its name among the three, the net, the module it was trained in, and its epochs."""

    kind: str
    net: Any
    module: nn.Module
    history: TrainingHistory


def fit_transformer(data: TrainingData, how: How) -> Fitted:
    """The sequence net, pre-trained on in-game win probability.

    Raises:
        NothingToTrainOnError: no season has plays.
    """
    config = how.config
    train = GameLoader(NBADataset(data.arrays, data.train, pregame=0, seed=config.seed), config.batch_size, seed=config.seed)
    held_out = GameLoader(NBADataset(data.arrays, data.validation, pregame=0, seed=config.seed), 256, shuffle=False)
    return _pretrain("transformer", lambda: WinProbabilityTask(GameFlowTransformer()), train, held_out, how)


def fit_gnn(data: TrainingData, how: How) -> Fitted:
    """The lineup net, pre-trained on stint margins.

    Raises:
        NothingToTrainOnError: no season has plays.
    """
    train = StintLoader(data.arrays, data.train, STINT_BATCH, seed=how.config.seed, per_epoch=STINTS_PER_EPOCH)
    held_out = StintLoader(data.arrays, data.validation[::VALIDATED_STINT_GAMES], 1024, shuffle=False)
    return _pretrain("gnn", lambda: StintMarginTask(PlayerInteractionGNN()), train, held_out, how)


def pretraining(config: TrainingConfig) -> TrainingConfig:
    """The numbers of a pre-training within a run of these."""
    return replace(config, epochs=min(config.epochs, PRETRAINING_EPOCHS), learning_rate=PRETRAINING_RATE)


def fit_fusion(data: TrainingData, nets: Mapping[str, Any], fitted_on: InstantTable, how: How) -> tuple[GameNet, TrainingHistory]:
    """All three nets, trained together on random instants.

    Args:
        data: the games and their split.
        nets: pre-trained `transformer` and `gnn`; they are trained further.
        fitted_on: instants for scale and skip, as `skip_instants` gives them.
        how: numbers and device.
    """
    trainer = FusionTrainer(
        nets["transformer"], nets["gnn"], fitted_fusion(fitted_on, how.config.seed), how.config, how.device, how.folder, how.on_epoch
    )
    history = trainer.fit(*_loaders(data, how.config))
    return trainer.net, history


def skip_instants(data: TrainingData, seed: int) -> InstantTable:
    """The training instants on which skip and baselines are fitted: the named ones, and random ones within each game."""
    named = data.named_instants(data.train)
    drawn = NBADataset(data.arrays, data.train, pregame=0, in_game=SKIP_INSTANTS, seed=seed)
    return InstantTable.concatenate([named, data.instants(np.full(len(drawn), "within"), drawn.game, drawn.known)])


def fitted_fusion(instants: InstantTable, seed: int, **options: Any) -> TwoTowerFusion:
    """A fusion net whose context scale and skip, if it has one, know the training games; its own weights are new.

    Args:
        instants: as `skip_instants` gives them.
        seed: of the weights.
        options: of `TwoTowerFusion`, where they are not the usual ones.
    """
    fusion = _seeded(lambda: TwoTowerFusion(**options), seed)
    before = instants.name == PREGAME
    fusion.fit_context(instants.context[before])
    if fusion.skip is not None:
        expected = instants.prior("rating_total")
        fusion.skip.fit(instants.context, instants.state, instants.home_win, instants.margin, instants.total, before, expected, RATING)
    return fusion


def _pretrain(kind: str, task: Callable[[], nn.Module], train: Any, held_out: Any, how: How) -> Fitted:
    if not len(train) or not len(held_out):
        raise NothingToTrainOnError(f"no plays to train the {kind} on: add a season with plays to NBA_SEASONS")
    module: Any = _seeded(task, how.config.seed)
    loop = TrainingLoop(module, module.loss_of, pretraining(how.config), how.device, how.folder, how.on_epoch)
    history = loop.fit(train, held_out)
    return Fitted(kind, getattr(module, kind), module, history)


def _loaders(data: TrainingData, config: TrainingConfig) -> tuple[GameLoader, GameLoader]:
    train = GameLoader(NBADataset(data.arrays, data.train, seed=config.seed), config.batch_size, seed=config.seed)
    return train, GameLoader(NBADataset(data.arrays, data.validation, seed=config.seed), 256, shuffle=False)


def _seeded(make: Callable[[], Any], seed: int) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()
