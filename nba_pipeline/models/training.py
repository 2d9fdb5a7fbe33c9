"""From feature tables to trained nets: the three functions that assets and notebooks call.

Each takes a warehouse and seasons, and leaves files under `models/` (see `trained.py`). What does not belong here: the epoch
loop (`training_loop.py`), judging and registering (`candidates.py`), Dagster.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import read_json, read_torch, state_hash, write_json, write_torch
from nba_pipeline.models.candidates import write_candidate
from nba_pipeline.models.dataset import GameLoader, NBADataset
from nba_pipeline.models.fusion import TwoTowerFusion
from nba_pipeline.models.game_net import NETWORKS
from nba_pipeline.models.gnn import PlayerInteractionGNN
from nba_pipeline.models.instants import PREGAME, InstantTable
from nba_pipeline.models.pretraining import StintMarginTask, WinProbabilityTask
from nba_pipeline.models.stint_loader import StintLoader
from nba_pipeline.models.trained import Trained, pretrained_path, run_folder
from nba_pipeline.models.trainer import FusionTrainer
from nba_pipeline.models.training_config import EpochMetrics, TrainingConfig, TrainingHistory
from nba_pipeline.models.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.models.training_loop import TrainingLoop
from nba_pipeline.models.transformer import GameFlowTransformer
from nba_pipeline.warehouse.store import Warehouse

OnEpoch = Callable[[EpochMetrics], None]
PRETRAINING_EPOCHS = 3
PRETRAINING_RATE = 1e-3
STINT_BATCH, STINTS_PER_EPOCH = 256, 20_000
VALIDATED_STINT_GAMES = 3
"""Every third validation game is enough to choose an epoch of the graph net by."""

SKIP_INSTANTS = 8
"""In-game instants per game on which the skip and the baselines are fitted."""


def train_transformer(
    warehouse: Warehouse, seasons: Sequence[Season], config: TrainingConfig, on_epoch: OnEpoch | None = None, device: str = "auto"
) -> Trained:
    """Pre-trains the sequence net on in-game win probability, and writes it to `models/pretrained/`.

    Raises:
        NothingToTrainOnError: tables are missing, or no season has plays.
    """
    data = TrainingData.load(warehouse, seasons)
    train = GameLoader(NBADataset(data.arrays, data.train, pregame=0, seed=config.seed), config.batch_size, seed=config.seed)
    held_out = GameLoader(NBADataset(data.arrays, data.validation, pregame=0, seed=config.seed), 256, shuffle=False)
    return _pretrain(
        "transformer", lambda: WinProbabilityTask(GameFlowTransformer()), train, held_out, data, warehouse, config, on_epoch, device
    )


def train_gnn(
    warehouse: Warehouse, seasons: Sequence[Season], config: TrainingConfig, on_epoch: OnEpoch | None = None, device: str = "auto"
) -> Trained:
    """Pre-trains the lineup net on stint margins, and writes it to `models/pretrained/`.

    Raises:
        NothingToTrainOnError: tables are missing, or no season has plays.
    """
    data = TrainingData.load(warehouse, seasons)
    train = StintLoader(data.arrays, data.train, STINT_BATCH, seed=config.seed, per_epoch=STINTS_PER_EPOCH)
    held_out = StintLoader(data.arrays, data.validation[::VALIDATED_STINT_GAMES], 1024, shuffle=False)
    return _pretrain("gnn", lambda: StintMarginTask(PlayerInteractionGNN()), train, held_out, data, warehouse, config, on_epoch, device)


def _pretrain(
    kind: str,
    task: Callable[[], nn.Module],
    train: Any,
    held_out: Any,
    data: TrainingData,
    warehouse: Warehouse,
    config: TrainingConfig,
    on_epoch: OnEpoch | None,
    device: str,
) -> Trained:
    if not len(train) or not len(held_out):
        raise NothingToTrainOnError(f"no plays to train the {kind} on: add a season with plays to NBA_SEASONS")
    config = replace(config, epochs=min(config.epochs, PRETRAINING_EPOCHS), learning_rate=PRETRAINING_RATE)
    models_root = warehouse.root / "models"
    folder, start = run_folder(models_root, kind, config, data.digest), time.perf_counter()
    module: Any = _seeded(task, config.seed)
    history = TrainingLoop(module, module.loss_of, config, device, folder, on_epoch).fit(train, held_out)
    net = getattr(module, kind)
    path, weights = pretrained_path(models_root, kind), state_hash(net.state_dict())
    sha256 = write_torch(path, net.state_dict())
    facts = {
        "config": dict(net.config),
        "sha256": sha256,
        "weights_sha256": weights,
        "data_version": data.digest,
        "metrics": history.best.val,
    }
    write_json(path.with_suffix(".json"), facts)
    shutil.rmtree(folder, ignore_errors=True)
    return _trained(path, weights, history.best.val, module, history, start)


def train_fusion(
    warehouse: Warehouse, seasons: Sequence[Season], config: TrainingConfig, on_epoch: OnEpoch | None = None, device: str = "auto"
) -> Trained:
    """Trains the fusion net from the pre-trained nets and writes a candidate with its held-out forecasts, report and verdict.

    Raises:
        NothingToTrainOnError: tables or pre-trained nets are missing, or the nets come of other tables or seasons.
    """
    data, models_root, start = TrainingData.load(warehouse, seasons), warehouse.root / "models", time.perf_counter()
    folder = run_folder(models_root, "fusion", config, data.digest)
    fitted_on = skip_instants(data, config.seed)
    nets = _pretrained_nets(models_root, data.digest)
    fusion = fitted_fusion(fitted_on, config.seed)
    trainer = FusionTrainer(nets["transformer"], nets["gnn"], fusion, config, device, folder, on_epoch)
    history = trainer.fit(*_loaders(data, config))
    lines = (
        warehouse.read("betting_lines", seasons) if all(warehouse.path("betting_lines", season).exists() for season in seasons) else None
    )
    path, metrics = write_candidate(models_root, trainer.net, data, fitted_on, seasons, config, history, lines)
    shutil.rmtree(folder, ignore_errors=True)
    return _trained(path, state_hash(trainer.net.state_dict()), metrics, trainer.net, history, start)


def skip_instants(data: TrainingData, seed: int) -> InstantTable:
    """The training instants on which skip and baselines are fitted: the named ones, and random ones within each game."""
    named = data.named_instants(data.train)
    drawn = NBADataset(data.arrays, data.train, pregame=0, in_game=SKIP_INSTANTS, seed=seed)
    return InstantTable.concatenate([named, data.instants(np.full(len(drawn), "within"), drawn.game, drawn.known)])


def fitted_fusion(instants: InstantTable, seed: int) -> TwoTowerFusion:
    """A fusion net whose context scale and skip know the training games; its own weights are new."""
    fusion = _seeded(TwoTowerFusion, seed)
    before = instants.name == PREGAME
    fusion.fit_context(instants.context[before])
    expected = instants.prior("rating_total")
    fusion.skip.fit(instants.context, instants.state, instants.home_win, instants.margin, instants.total, before, expected)
    return fusion


def _loaders(data: TrainingData, config: TrainingConfig) -> tuple[GameLoader, GameLoader]:
    train = GameLoader(NBADataset(data.arrays, data.train, seed=config.seed), config.batch_size, seed=config.seed)
    return train, GameLoader(NBADataset(data.arrays, data.validation, seed=config.seed), 256, shuffle=False)


def _pretrained_nets(models_root: Path, data_digest: str) -> dict[str, Any]:
    """The pre-trained nets, if they come of the same games and split: others may have been trained on what is held out here."""
    nets = {}
    for kind in ("transformer", "gnn"):
        path = pretrained_path(models_root, kind)
        if not path.exists():
            raise NothingToTrainOnError(f"{path} is missing: materialise {kind}_model first (nba train {kind}, or make run)")
        facts = read_json(path.with_suffix(".json"))
        if facts["data_version"] != data_digest:
            raise NothingToTrainOnError(
                f"{path} was trained on other tables or seasons, and may know the held-out games: materialise {kind}_model again "
                f"(nba train {kind}, or nba train all)"
            )
        nets[kind] = NETWORKS[kind](**facts["config"])
        nets[kind].load_state_dict(read_torch(path, facts["sha256"]))
    return nets


def _seeded(make: Callable[[], Any], seed: int) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def _trained(path: Path, weights: str, metrics: Any, module: nn.Module, history: TrainingHistory, start: float) -> Trained:
    speeds = [epoch.samples_per_second for epoch in history.epochs if epoch.samples_per_second]
    return Trained(
        path=path,
        weights_sha256=weights,
        metrics=dict(metrics),
        parameters=sum(parameter.numel() for parameter in module.parameters()),
        device_name=history.device,
        peak_memory_bytes=max(epoch.peak_memory_bytes for epoch in history.epochs),
        samples_per_second=float(np.median(speeds)) if speeds else 0.0,
        seconds=time.perf_counter() - start,
        history=history.to_dict(),
    )
