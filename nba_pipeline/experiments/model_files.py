"""Bytes of model files, wherever they lie: a folder, or an object store by its address (`s3://…`, `gs://…`).

Writing to a folder is atomic, as a put is in an object store. What does not belong here: what the bytes mean (`loaders.py`).
"""

from pathlib import Path
from typing import Any

from nba_pipeline.models.artifacts import ArtifactError, read_bytes, require_hash, write_bytes

EXTRAS = {"s3": "s3", "gs": "gcs", "gcs": "gcs"}
"""Protocols, and the optional extra of this package that understands each."""


def is_remote(address: str) -> bool:
    """Whether an address is an object store's."""
    return "://" in address


def read_model_file(address: str, root: Path, sha256: str | None = None) -> bytes:
    """The content of a model file.

    Args:
        address: a path, absolute or in `root`; or an address in an object store.
        root: the data folder.
        sha256: the hash it must have.

    Raises:
        ArtifactError: missing, unreachable, or another hash.
    """
    if not is_remote(address):
        return read_bytes(root / address, sha256)
    store, key = _object_store(address)
    try:
        store.invalidate_cache()
        content = store.cat_file(key)
    except Exception as error:  # each store has types of its own; each means the same here
        raise _unreachable(address, "read", error) from error
    return content if sha256 is None else require_hash(address, content, sha256)


def has_model_file(address: str, root: Path) -> bool:
    """Whether anything lies at an address.

    Raises:
        ArtifactError: it cannot be asked.
    """
    if not is_remote(address):
        return (root / address).exists()
    store, key = _object_store(address)
    try:
        store.invalidate_cache()
        return bool(store.exists(key))
    except Exception as error:
        raise _unreachable(address, "read", error) from error


def write_model_file(address: str, content: bytes, root: Path) -> None:
    """Writes a model file, whole or not at all.

    Raises:
        ArtifactError: it cannot be written.
    """
    if not is_remote(address):
        write_bytes(root / address, content)
        return
    store, key = _object_store(address)
    try:
        store.pipe_file(key, content)
    except Exception as error:
        raise _unreachable(address, "written", error) from error


def _object_store(address: str) -> tuple[Any, str]:
    import fsspec

    protocol = address.partition("://")[0]
    if protocol not in EXTRAS:
        raise ArtifactError(f"{address}: {protocol!r} is no object store known here: use {', '.join(EXTRAS)} or a path")
    try:
        return fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise ArtifactError(f"{address} needs the extra {EXTRAS[protocol]!r}: pip install 'nba_pipeline[{EXTRAS[protocol]}]'") from error


def _unreachable(address: str, what: str, error: Exception) -> ArtifactError:
    return ArtifactError(f"{address} cannot be {what} ({type(error).__name__}: {error}): check the address, the rights and the network")
