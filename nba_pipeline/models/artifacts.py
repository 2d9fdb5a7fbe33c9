"""Files of models: written whole or not at all, hashed, and loaded only if they are what they should be.

Nobody else hashes or loads a model file. Reading runs no code from the file (`weights_only=True`). torch is loaded inside the
functions that need it. What does not belong here: versions (`registry.py`).
"""

import hashlib
import io
import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


class ArtifactError(RuntimeError):
    """A model file cannot be written, or is not what it should be; the message names the file and the remedy."""


def sha256_bytes(content: bytes) -> str:
    """Hex digest of bytes."""
    return hashlib.sha256(content).hexdigest()


def sha256_file(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def state_hash(state: "Mapping[str, Tensor]") -> str:
    """Hash of the weights alone: names, types, shapes and values, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(state):
        values = state[name].detach().cpu().contiguous().numpy()
        digest.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def write_bytes(path: Path, content: bytes) -> str:
    """Replaces a file atomically and returns the hash of its content.

    Raises:
        ArtifactError: the disk is full or the folder cannot be written; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise ArtifactError(f"{path} could not be written ({error}): free disk space or fix the folder's rights, then run again") from error
    finally:
        temporary.unlink(missing_ok=True)
    return sha256_bytes(content)


def write_json(path: Path, content: Mapping[str, Any]) -> str:
    """Writes JSON that a person can read, atomically, and returns its hash.

    Raises:
        ArtifactError: the content is not plain data, or holds NaN or infinity.
    """
    try:
        text = json.dumps(content, indent=2, sort_keys=True, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise ArtifactError(f"{path} was not written: {error}; give finite numbers, text, lists and mappings only") from error
    return write_bytes(path, (text + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Reads JSON.

    Raises:
        ArtifactError: the file is missing or not JSON.
    """
    try:
        return json.loads(read_bytes(path))
    except ValueError as error:
        raise ArtifactError(f"{path} is not JSON ({error}): restore it from a backup, or delete its folder and train again") from error


def write_torch(path: Path, content: Mapping[str, Any]) -> str:
    """Writes tensors and plain data atomically; equal content gives equal bytes. Returns the hash of the file."""
    import torch

    buffer = io.BytesIO()
    torch.save(_detached(content), buffer)
    return write_bytes(path, buffer.getvalue())


def read_torch(path: Path, sha256: str | None = None) -> dict[str, Any]:
    """Reads what `write_torch` wrote, to CPU memory.

    Args:
        path: the file.
        sha256: the hash it must have; not checked when not given.

    Raises:
        ArtifactError: missing, another hash, or not a file of tensors and plain data.
    """
    import torch

    content = read_bytes(path, sha256)
    try:
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises half a dozen types for a damaged file; each means the same here
        raise ArtifactError(f"{path} is not a file of weights ({error}): restore it from a backup, or train again") from error


def read_bytes(path: Path, sha256: str | None = None) -> bytes:
    """Reads a file and checks its hash if one is given.

    Raises:
        ArtifactError: missing, unreadable, or another hash.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}): restore it from a backup, or train again") from error
    return content if sha256 is None else require_hash(str(path), content, sha256)


def require_hash(name: str, content: bytes, sha256: str) -> bytes:
    """The content, if it has the hash.

    Raises:
        ArtifactError: another hash.
    """
    found = sha256_bytes(content)
    if found != sha256:
        raise ArtifactError(
            f"{name} is damaged: sha256 expected {sha256}, found {found}; it will not be loaded. Restore it from a backup, or train again"
        )
    return content


def _detached(content: Any) -> Any:
    """The same structure with every tensor a compact copy in CPU memory, so that bytes depend on values alone."""
    import torch

    if isinstance(content, torch.Tensor):
        return content.detach().cpu().contiguous().clone()
    if isinstance(content, Mapping):
        return {key: _detached(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return type(content)(_detached(value) for value in content)
    return content


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not plain data")
