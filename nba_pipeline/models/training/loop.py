"""The epoch loop that the fusion net and both pre-trainings share.

AdamW, a schedule, clipped gradients, validation after every epoch, the best weights kept, patience, and a checkpoint after
every epoch from which a killed run continues to the same bits. Every epoch starts from a random state made of (seed, epoch),
so that a checkpoint needs none. What does not belong here: what is learned (`trainer.py`, `pretraining.py`).
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, ReduceLROnPlateau

from nba_pipeline.models.artifacts import ArtifactError, read_torch, sha256_bytes, state_hash, write_torch
from nba_pipeline.models.training.compute import device_name, peak_memory_bytes, repeatable, resolve_device
from nba_pipeline.models.training.config import EpochMetrics, TrainingConfig, TrainingHistory
from nba_pipeline.models.training.epoch_means import EpochMeans

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.pt"


@runtime_checkable
class SizedBatch(Protocol):
    """What a loader yields."""

    def __len__(self) -> int: ...

    def to(self, device: torch.device | str) -> Any:
        """The same batch on another device."""
        ...


LossFunction = Callable[[Any], tuple[Tensor, Mapping[str, Tensor]]]
"""Batch → the loss to minimise, and means over the batch by name. `loss` among them replaces it in comparisons."""

OnEpoch = Callable[[EpochMetrics], None]


@dataclass
class TrainingLoop:
    """Trains `model` by `loss_fn`.

    Args:
        model: everything with weights.
        loss_fn: what to minimise on a batch.
        config: how.
        device: `auto`, `cpu` or `cuda`.
        checkpoint_dir: where the checkpoint of the run is kept; none when not given.
        on_epoch: told of every epoch as it ends, the start (0) included.
    """

    model: nn.Module
    loss_fn: LossFunction
    config: TrainingConfig = field(default_factory=TrainingConfig)
    device: str = "auto"
    checkpoint_dir: Path | None = None
    on_epoch: OnEpoch | None = None
    _start: str | None = field(default=None, init=False)

    def fit(self, train_loader: Iterable[SizedBatch], val_loader: Iterable[SizedBatch], epochs: int | None = None) -> TrainingHistory:
        """Trains, leaves the best weights in the model (on the CPU, in evaluation mode), and returns what happened.

        Continues from the checkpoint of the same run: the same start weights, configuration and number of epochs. A loader
        with `set_epoch` is told the epoch, and must then depend on it alone.

        Raises:
            TrainingError: the loss is not finite, or a loader is empty.
        """
        epochs = self.config.epochs if epochs is None else epochs
        self._start = self._start or state_hash(self.model.state_dict())
        device = resolve_device(self.device)
        with repeatable(device):
            run = _Run(self, device, epochs)
            run.resume()
            while not run.is_over:
                run.next_epoch(train_loader, val_loader)
            self.model.load_state_dict(run.best)
        self.model.to("cpu").eval()
        return run.history

    def fingerprint(self, epochs: int) -> str:
        """Tells one run from another: start weights, configuration, number of epochs."""
        return sha256_bytes(f"{self._start} {epochs} {sorted(self.config.to_dict().items())}".encode())


class _Run:
    """The state of one run, all of which a checkpoint holds."""

    def __init__(self, loop: TrainingLoop, device: torch.device, epochs: int) -> None:
        self.loop, self.device, self.epochs, config = loop, device, epochs, loop.config
        self.model = loop.model.to(device)
        self.optimizer = AdamW(self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True)
        self.scheduler = (
            CosineAnnealingLR(self.optimizer, T_max=max(epochs, 1))
            if config.schedule == "cosine"
            else ReduceLROnPlateau(self.optimizer, factor=0.5, patience=3)
        )
        self.history = TrainingHistory(device=device_name(device))
        self.best = self._copy()

    @property
    def is_over(self) -> bool:
        done = self.history.epochs[-1].epoch if self.history.epochs else -1
        return done >= self.epochs or self.history.stopped_early

    def next_epoch(self, train_loader: Iterable[SizedBatch], val_loader: Iterable[SizedBatch]) -> None:
        """Trains once (not for epoch 0), validates, keeps the best, saves."""
        epoch, rate = len(self.history.epochs), self.optimizer.param_groups[0]["lr"]
        torch.manual_seed(1_000_003 * self.loop.config.seed + epoch)
        started = time.perf_counter()
        samples, train = self._train(train_loader, epoch) if epoch else (0, {})
        seconds = time.perf_counter() - started if epoch else 0.0
        val = self._validate(val_loader, epoch)
        metrics = EpochMetrics(epoch, train, val, rate, seconds, samples / seconds if epoch else 0.0, peak_memory_bytes(self.device))
        self._keep(metrics)
        self._save()
        log.info("epoch %d/%d: validation loss %.5f, %.0f samples/s", epoch, self.epochs, val["loss"], metrics.samples_per_second)
        if self.loop.on_epoch:
            self.loop.on_epoch(metrics)

    def _train(self, loader: Iterable[SizedBatch], epoch: int) -> tuple[int, dict[str, float]]:
        if hasattr(loader, "set_epoch"):
            loader.set_epoch(epoch)  # pyright: ignore[reportAttributeAccessIssue]
        self.model.train()
        means = EpochMeans()
        for batch in loader:
            loss, metrics = self.loop.loss_fn(batch.to(self.device))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), self.loop.config.clip_norm)
            self.optimizer.step()
            means.add(len(batch), {"loss": loss, **metrics})
        return means.samples, means.result(f"training, epoch {epoch}")

    @torch.inference_mode()
    def _validate(self, loader: Iterable[SizedBatch], epoch: int) -> dict[str, float]:
        self.model.eval()
        means = EpochMeans()
        for batch in loader:
            loss, metrics = self.loop.loss_fn(batch.to(self.device))
            means.add(len(batch), {"loss": loss, **metrics})
        return means.result(f"validation, epoch {epoch}")

    def _keep(self, metrics: EpochMetrics) -> None:
        history, epoch = self.history, metrics.epoch
        history.epochs.append(metrics)
        if epoch == 0 or metrics.val["loss"] < history.best_val_loss:
            history.best_epoch, self.best = epoch, self._copy()
        history.stopped_early = epoch < self.epochs and epoch - history.best_epoch >= self.loop.config.patience
        if epoch:
            self._lower_rate(metrics.val["loss"])

    def _lower_rate(self, val_loss: float) -> None:
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(val_loss)
        else:
            self.scheduler.step()

    def _copy(self) -> dict[str, Tensor]:
        return {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}

    def _save(self) -> None:
        if self.loop.checkpoint_dir is None:
            return
        content = {
            "fingerprint": self.loop.fingerprint(self.epochs),
            "model": self.model.state_dict(),
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "history": self.history.to_dict(),
        }
        write_torch(self.loop.checkpoint_dir / CHECKPOINT, content)

    def resume(self) -> None:
        """Takes up the checkpoint if it is of this run; a damaged one, or one of another run, is replaced as soon as this one saves."""
        path = self.loop.checkpoint_dir / CHECKPOINT if self.loop.checkpoint_dir else None
        if path is None or not path.exists():
            return
        try:
            saved = read_torch(path)
        except ArtifactError:
            log.warning("%s is damaged: starting over", path)
            return
        if saved.get("fingerprint") != self.loop.fingerprint(self.epochs):
            log.warning("%s is of another run (start weights, configuration or epochs differ): starting over", path)
            return
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.scheduler.load_state_dict(saved["scheduler"])
        self.best, self.history = saved["best"], TrainingHistory.from_dict(saved["history"])
        log.info("continuing after epoch %d", self.history.last_epoch)
