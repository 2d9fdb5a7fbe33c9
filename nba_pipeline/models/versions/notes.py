"""What was found out about a version after it was made: `models/<kind>/vX.Y.Z.json`, beside the versions, which never change.

Plain data, replaced as a whole. What does not belong here: what a version is made of (`registry.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from nba_pipeline.models.artifacts import read_json, write_json

Kind = Literal["drift", "ablations"]


def note_path(models_root: Path, kind: Kind, version: str) -> Path:
    """Where a note is, or would be."""
    return models_root / kind / f"{version}.json"


def write_note(models_root: Path, kind: Kind, version: str, content: Mapping[str, Any]) -> Path:
    """Replaces a note and returns its path.

    Raises:
        ArtifactError: the content is not plain data, or cannot be written.
    """
    path = note_path(models_root, kind, version)
    write_json(path, content)
    return path


def read_note(models_root: Path, kind: Kind, version: str) -> dict[str, Any] | None:
    """The newest note of a kind; None where there is none.

    Raises:
        ArtifactError: it is damaged.
    """
    path = note_path(models_root, kind, version)
    return read_json(path) if path.exists() else None
