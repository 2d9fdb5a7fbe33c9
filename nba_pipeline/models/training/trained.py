"""What a training run leaves behind, and where: plain data and paths, no torch.

models/pretrained/transformer.pt, gnn.pt      the newest pre-trained nets, each with a .json beside it
models/candidates/<hash>/                     a fusion candidate: three nets, forecasts, report, verdict
models/runs/<kind>-<digest>/checkpoint.pt     a run in progress; gone when it has ended
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nba_pipeline.models.artifacts import sha256_bytes, sha256_file
from nba_pipeline.models.training.config import TrainingConfig

CODE = ("baselines.py", "forecasts/*.py", "nets/*.py", "samples/*.py", "training/*.py")
"""Files of this room that a training or its forecasts depend on: not how versions are kept, nor what they cost."""


@dataclass(frozen=True)
class Trained:
    """One finished training run.

    Attributes:
        path: the file or folder that holds the result.
        weights_sha256: hash of the weights alone.
        metrics: numbers by name; for a fusion candidate the flat report that the criteria judge.
        parameters: weights that were trained.
        device_name: what trained them.
        peak_memory_bytes, samples_per_second, seconds: what it took.
        history: `TrainingHistory.to_dict()`.
    """

    path: Path
    weights_sha256: str
    metrics: Mapping[str, float]
    parameters: int
    device_name: str
    peak_memory_bytes: int
    samples_per_second: float
    seconds: float
    history: Mapping[str, Any] = field(repr=False)


def pretrained_path(models_root: Path, kind: str) -> Path:
    """The newest pre-trained net of a kind."""
    return models_root / "pretrained" / f"{kind}.pt"


def candidates_folder(models_root: Path) -> Path:
    """Where candidates wait for their verdict."""
    return models_root / "candidates"


def run_folder(models_root: Path, kind: str, config: TrainingConfig, data_digest: str) -> Path:
    """Where a run keeps its checkpoint: the same data, configuration and code find it again, any other does not."""
    digest = sha256_bytes(f"{kind} {sorted(config.to_dict().items())} {data_digest} {code_digest()}".encode())
    return models_root / "runs" / f"{kind}-{digest[:16]}"


def code_digest() -> str:
    """Hash of the code that trains and forecasts: what was begun by other code is not continued."""
    room = Path(__file__).parents[1]
    return sha256_bytes("".join(sha256_file(file) for pattern in CODE for file in sorted(room.glob(pattern))).encode())
