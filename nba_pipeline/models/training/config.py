"""How a net is trained, and what came of it: plain data.

What does not belong here: training (`loop.py`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Schedule = Literal["cosine", "plateau"]


@dataclass(frozen=True)
class TrainingConfig:
    """Numbers of a training run.

    Attributes:
        learning_rate, weight_decay: of AdamW.
        schedule: `cosine` falls to 0 over the epochs, `plateau` halves after three epochs without gain.
        clip_norm: largest norm of the gradient.
        batch_size: samples a batch; for whoever makes the loaders.
        epochs: most passes, unless `fit` is told another number; with 0 the nets stay as they start.
        patience: epochs without gain on the validation loss before training ends.
        loss_weights: of winner, margin and total.
        learnable_weights: learn them instead.
        seed: of every random choice.

    Example:
        >>> TrainingConfig(learning_rate=3e-4).batch_size
        32
    """

    learning_rate: float = 1e-4
    weight_decay: float = 1e-5
    schedule: Schedule = "cosine"
    clip_norm: float = 1.0
    batch_size: int = 32
    epochs: int = 50
    patience: int = 10
    loss_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    learnable_weights: bool = False
    seed: int = 7

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for metadata."""
        return {**asdict(self), "loss_weights": list(self.loss_weights)}


@dataclass(frozen=True)
class EpochMetrics:
    """One pass over the training rows and its validation.

    Attributes:
        epoch: 0 is the untouched start, which is only validated.
        train, val: means over rows, by name; `loss` is what is compared between epochs.
        learning_rate: at the start of the epoch.
        seconds: of training, without validation.
        samples_per_second: of training.
        peak_memory_bytes: most memory held so far: of the GPU if there is one, else of the process.
    """

    epoch: int
    train: dict[str, float]
    val: dict[str, float]
    learning_rate: float
    seconds: float
    samples_per_second: float
    peak_memory_bytes: int


@dataclass
class TrainingHistory:
    """Every epoch of a run, the start (epoch 0) first.

    Attributes:
        epochs: metrics per epoch.
        best_epoch: the epoch whose weights the nets hold after `fit`.
        stopped_early: the patience ran out.
        device: what the nets were trained on.

    Example:
        >>> start = EpochMetrics(0, {}, {"loss": 1.5}, 1e-4, 0.0, 0.0, 0)
        >>> better = EpochMetrics(1, {"loss": 1.6}, {"loss": 1.4}, 1e-4, 2.0, 500.0, 0)
        >>> TrainingHistory([start, better], best_epoch=1).best.val
        {'loss': 1.4}
    """

    epochs: list[EpochMetrics] = field(default_factory=list)
    best_epoch: int = 0
    stopped_early: bool = False
    device: str = "cpu"

    @property
    def best(self) -> EpochMetrics:
        """The epoch with the lowest validation loss."""
        return self.epochs[self.best_epoch]

    @property
    def best_val_loss(self) -> float:
        """Its validation loss."""
        return self.best.val["loss"]

    @property
    def last_epoch(self) -> int:
        """How many passes were made."""
        return self.epochs[-1].epoch

    def curve(self, part: Literal["train", "val"] = "val", metric: str = "loss") -> list[float]:
        """One metric by epoch; epoch 0 has no training part."""
        return [getattr(epoch, part)[metric] for epoch in self.epochs if getattr(epoch, part)]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for checkpoints and metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "TrainingHistory":
        """The opposite of `to_dict`."""
        return cls(**{**content, "epochs": [EpochMetrics(**epoch) for epoch in content["epochs"]]})
