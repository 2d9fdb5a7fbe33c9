"""An immutable folder per training, named by its content, and a pointer to the one in use.

`<home>/<hash>/<weights>` and `manifest.json`; `<home>/current.json` names the folder and the hashes of both files, so that a flipped byte
in either is found before anything is loaded. One process publishes at a time; a killed one leaves what was pointed at before. What does
not belong here: what the weights mean.
"""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nba_pipeline.models.artifacts import ArtifactError, read_bytes, read_json, sha256_file, write_json, write_torch
from nba_pipeline.models.versions.files import exclusive

CURRENT, MANIFEST = "current.json", "manifest.json"
HASH_DIGITS = 12
ASIDE = ".*.tmp"
"""Names of what is being written."""


@dataclass(frozen=True)
class Artefact:
    """Weights and what is known of them.

    Attributes:
        folder: where both files lie.
        hashes: sha256 by file name, as they should be.
    """

    folder: Path
    hashes: Mapping[str, str]

    def is_whole(self) -> bool:
        """Whether both files are there, undamaged."""
        files = {self.folder / name: sha256 for name, sha256 in self.hashes.items()}
        return all(file.is_file() and sha256_file(file) == sha256 for file, sha256 in files.items())

    @property
    def manifest(self) -> dict[str, Any]:
        """What is known of the training.

        Raises:
            ArtifactError: damaged.
        """
        read_bytes(self.folder / MANIFEST, self.hashes[MANIFEST])
        return read_json(self.folder / MANIFEST)


def publish(home: Path, name: str, weights: Mapping[str, Any], manifest: Mapping[str, Any]) -> Artefact:
    """Writes a training aside, renames its folder when it is whole, and only then points at it.

    The folder is named by the manifest, which holds the hash of the weights: equal weights of two trainings lie in two folders, so that
    neither what is known of the older one nor damage to it is taken over.

    Args:
        home: of this kind of training.
        name: of the file of weights.
        weights: tensors and plain data.
        manifest: plain data; the hash of the weights is added.

    Raises:
        ArtifactError: the disk is full or the folder cannot be written; what was pointed at before still is.
    """
    with exclusive(home, ASIDE):
        aside = home / f".{uuid.uuid4().hex}.tmp"
        try:
            sha256 = write_torch(aside / name, weights)
            hashes = {name: sha256, MANIFEST: write_json(aside / MANIFEST, {**manifest, "sha256": sha256})}
            made = Artefact(home / hashes[MANIFEST][:HASH_DIGITS], hashes)
            if not made.is_whole():
                _replace(made.folder, aside)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        write_json(home / CURRENT, {"folder": made.folder.name, "sha256": hashes})
        return made


def current(home: Path, name: str, remedy: str) -> Artefact:
    """The training that is pointed at, with every byte checked.

    Args:
        home: of this kind of training.
        name: of the file of weights.
        remedy: what to do where there is none.

    Raises:
        ArtifactError: never trained, deleted, or damaged; the message names the file and the remedy.
    """
    if not (home / CURRENT).exists():
        raise ArtifactError(f"{home} has no {CURRENT}: {remedy}")
    pointer = read_json(home / CURRENT)
    try:
        found = Artefact(home / pointer["folder"], {one: pointer["sha256"][one] for one in (name, MANIFEST)})
    except (KeyError, TypeError) as error:
        raise ArtifactError(f"{home / CURRENT} does not say which files are in use: {remedy}") from error
    for one, sha256 in found.hashes.items():
        read_bytes(found.folder / one, sha256)
    return found


def _replace(folder: Path, aside: Path) -> None:
    """Gives a folder its name, in the place of a damaged one if need be."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    except OSError as error:
        raise ArtifactError(f"{folder} could not be written ({error}): fix the folder's rights, then run again") from error
