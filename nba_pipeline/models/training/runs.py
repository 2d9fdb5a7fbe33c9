"""From feature tables to trained nets on disk: the three functions that assets and notebooks call.

Each takes a warehouse, seasons and how their games are split (`samples/splits.py`), and leaves files under `models/` (see
`trained.py`). What does not belong here: fitting (`fitting.py`), judging and registering (`versions/candidates.py`), Dagster.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import read_json, read_torch, state_hash, write_json, write_torch
from nba_pipeline.models.nets.game_net import NETWORKS
from nba_pipeline.models.samples.splits import SPLITS, SplitRule
from nba_pipeline.models.samples.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.models.training.config import TrainingConfig, TrainingHistory
from nba_pipeline.models.training.fitting import Fitted, How, OnEpoch, fit_fusion, fit_gnn, fit_transformer, pretraining, skip_instants
from nba_pipeline.models.training.trained import Trained, pretrained_path, run_folder
from nba_pipeline.models.versions.candidates import write_candidate
from nba_pipeline.warehouse.store import Warehouse


def train_transformer(
    warehouse: Warehouse,
    seasons: Sequence[Season],
    config: TrainingConfig,
    on_epoch: OnEpoch | None = None,
    device: str = "auto",
    split: SplitRule = "seasons",
) -> Trained:
    """Pre-trains the sequence net on in-game win probability, and writes it to `models/pretrained/`.

    Raises:
        NothingToTrainOnError: tables are missing, or no season has plays.
    """
    return _pretrain("transformer", fit_transformer, warehouse, seasons, config, on_epoch, device, split)


def train_gnn(
    warehouse: Warehouse,
    seasons: Sequence[Season],
    config: TrainingConfig,
    on_epoch: OnEpoch | None = None,
    device: str = "auto",
    split: SplitRule = "seasons",
) -> Trained:
    """Pre-trains the lineup net on stint margins, and writes it to `models/pretrained/`.

    Raises:
        NothingToTrainOnError: tables are missing, or no season has plays.
    """
    return _pretrain("gnn", fit_gnn, warehouse, seasons, config, on_epoch, device, split)


def _pretrain(
    kind: str,
    fit: Callable[[TrainingData, How], Fitted],
    warehouse: Warehouse,
    seasons: Sequence[Season],
    config: TrainingConfig,
    on_epoch: OnEpoch | None,
    device: str,
    split: SplitRule,
) -> Trained:
    start, models_root = time.perf_counter(), warehouse.root / "models"
    data = TrainingData.load(warehouse, seasons, SPLITS[split])
    folder = run_folder(models_root, kind, pretraining(config), data.digest)
    fitted = fit(data, How(config, device, folder, on_epoch))
    path, weights = pretrained_path(models_root, kind), state_hash(fitted.net.state_dict())
    facts = {
        "config": dict(fitted.net.config),
        "sha256": write_torch(path, fitted.net.state_dict()),
        "weights_sha256": weights,
        "data_version": data.digest,
        "metrics": fitted.history.best.val,
    }
    write_json(path.with_suffix(".json"), facts)
    shutil.rmtree(folder, ignore_errors=True)
    return _trained(path, weights, fitted.history.best.val, fitted.module, fitted.history, start)


def train_fusion(
    warehouse: Warehouse,
    seasons: Sequence[Season],
    config: TrainingConfig,
    on_epoch: OnEpoch | None = None,
    device: str = "auto",
    split: SplitRule = "seasons",
) -> Trained:
    """Trains the fusion net from the pre-trained nets and writes a candidate with its held-out forecasts, report and verdict.

    Raises:
        NothingToTrainOnError: tables or pre-trained nets are missing, or the nets come of other tables, seasons or another split.
    """
    data, models_root, start = TrainingData.load(warehouse, seasons, SPLITS[split]), warehouse.root / "models", time.perf_counter()
    folder, fitted_on = run_folder(models_root, "fusion", config, data.digest), skip_instants(data, config.seed)
    nets = _pretrained_nets(models_root, data.digest)
    net, history = fit_fusion(data, nets, fitted_on, How(config, device, folder, on_epoch))
    priced = all(warehouse.path("betting_lines", season).exists() for season in seasons)
    lines = warehouse.read("betting_lines", seasons) if priced else None
    path, metrics = write_candidate(models_root, net, data, fitted_on, seasons, config, history, lines)
    shutil.rmtree(folder, ignore_errors=True)
    return _trained(path, state_hash(net.state_dict()), metrics, net, history, start)


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
                f"{path} was trained on other tables, seasons or another split, and may know the held-out games: materialise "
                f"{kind}_model again (nba train {kind}, or nba train all)"
            )
        nets[kind] = NETWORKS[kind](**facts["config"])
        nets[kind].load_state_dict(read_torch(path, facts["sha256"]))
    return nets


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
