"""How versions get onto the disk: one saver at a time, a folder that appears whole, a link that is replaced at once.

What does not belong here: which version is saved or pointed at (`registry.py`).
"""

import fcntl
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nba_pipeline.models.artifacts import ArtifactError, write_json, write_torch
from nba_pipeline.models.versions.info import VersionInfo

if TYPE_CHECKING:
    from torch import Tensor, nn

LATEST = "latest"
METADATA = "metadata.json"
REPORT = "report.html"
"""The page of a version, written after it; neither checksums nor loading know of it."""


@contextmanager
def exclusive(root: Path, half_written: str = ".v*.tmp") -> Iterator[None]:
    """One saver at a time, over processes; a killed one lets go, and what it left half-written is swept away.

    Args:
        root: the folder of the versions.
        half_written: names of what a killed saver leaves in it.

    Raises:
        ArtifactError: the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / ".lock").open("w")
    except OSError as error:
        raise ArtifactError(f"{root} cannot be written ({error.strerror}): fix the folder's rights or free disk space") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root.glob(half_written):
            shutil.rmtree(left, ignore_errors=True)
        yield


def publish(root: Path, info: VersionInfo, models: "Mapping[str, nn.Module | Mapping[str, Tensor]]") -> None:
    """Writes a version aside, and renames its folder when it is whole.

    Raises:
        ArtifactError: the disk is full, or the metadata is not plain data; nothing is left.
    """
    aside = root / f".{info.version}.{uuid.uuid4().hex}.tmp"
    try:
        files = {f"{name}.pt": write_torch(aside / f"{name}.pt", _state(model)) for name, model in models.items()}
        write_json(aside / METADATA, {**info.to_dict(), "files": files})
        os.rename(aside, root / info.version)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def point_latest(root: Path, version: str) -> None:
    """Moves the relative link `latest`; a reader sees the old target or the new one."""
    aside = root / f".{LATEST}.{uuid.uuid4().hex}.tmp"
    os.symlink(version, aside)
    os.replace(aside, root / LATEST)


def pointed_at(root: Path) -> str | None:
    """The version that `latest` names; None while there is no link."""
    link = root / LATEST
    return os.readlink(link) if link.is_symlink() else None


def git_commit() -> str | None:
    """The commit of this code; None outside a checkout or before the first commit."""
    command = ["git", "rev-parse", "--verify", "HEAD"]
    try:
        asked = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def _state(model: "nn.Module | Mapping[str, Tensor]") -> "Mapping[str, Tensor]":
    return model if isinstance(model, Mapping) else model.state_dict()
