"""The gate: which windows are there, whole and undamaged. Nothing that needs all of them spends a second before this has said so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from nba_pipeline.league.windows import WINDOWS, Window, WindowName
from nba_pipeline.models.artifacts import ArtifactError, sha256_bytes
from nba_pipeline.windows.artefact import CURRENT
from nba_pipeline.windows.window_files import TRAIN_MISSING, WEIGHTS, WindowStore

State = Literal["ready", "missing", "damaged"]


class IncompleteEnsembleError(RuntimeError):
    """Windows are missing or damaged; the message names each of them and the remedy."""


@dataclass(frozen=True)
class WindowState:
    """Whether a window can be used, and what is known of it.

    Attributes:
        window: its name.
        state: `ready`, `missing` (never trained, or deleted) or `damaged`.
        reason: why it is not ready; empty when it is.
        manifest: of its training; empty when it is not ready.
        sha256: hash of its weights; empty when it is not ready.
    """

    window: WindowName
    state: State
    reason: str
    manifest: dict[str, Any]
    sha256: str

    def to_row(self) -> dict[str, Any]:
        """A line of a table: state, rows, seasons, features, the newest errors forward in time."""
        newest = (self.manifest.get("forward") or [{}])[-1]
        errors = {f"{name} mae": one["mae"] for name, one in newest.items() if isinstance(one, dict)}
        numbers = {name: self.manifest.get(name) for name in ("rows", "features", "seconds", "cost")}
        known = {"window": self.window, "state": self.state, "seasons": len(self.manifest.get("seasons", [])), **numbers}
        return known | {name: errors.get(name) for name in ("pts mae", "reb mae", "ast mae", "fg3m mae")}


@dataclass(frozen=True)
class Ensemble:
    """The manifest of the windows, without any compute."""

    windows: tuple[WindowState, ...]

    @property
    def lacking(self) -> tuple[WindowState, ...]:
        """Windows that cannot be used."""
        return tuple(one for one in self.windows if one.state != "ready")

    @property
    def sha256(self) -> str:
        """One hash for the weights of all."""
        return sha256_bytes("".join(f"{one.window} {one.sha256}\n" for one in self.windows).encode())

    @property
    def production_ready(self) -> bool:
        """Whether it is the whole of history: every one of the 27 windows, ready."""
        return not self.lacking and {one.window for one in self.windows} == {window.name for window in WINDOWS}

    def require_all(self) -> None:
        """Refuses to go on without all of them.

        Raises:
            IncompleteEnsembleError: names each that is missing or damaged.
        """
        if self.lacking:
            named = "; ".join(f"{one.window} is {one.state}: {one.reason}" for one in self.lacking)
            raise IncompleteEnsembleError(
                f"{len(self.lacking)} of {len(self.windows)} windows cannot be used ({named}). Nothing was computed. "
                f"Train them: {TRAIN_MISSING}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"sha256": self.sha256, "production_ready": self.production_ready, "windows": [asdict(one) for one in self.windows]}


def look(store: WindowStore, windows: Sequence[Window]) -> Ensemble:
    """Reads and checks every byte of every window, and computes nothing."""
    return Ensemble(tuple(_state(store, window.name) for window in windows))


def _state(store: WindowStore, window: WindowName) -> WindowState:
    try:
        files = store.files(window)
        return WindowState(window, "ready", "", files.manifest, files.hashes[WEIGHTS])
    except ArtifactError as error:
        return WindowState(window, "damaged" if _was_there(store.root / window) else "missing", str(error), {}, "")


def _was_there(home: Path) -> bool:
    """Whether any file is left: then it is damaged, and not merely untrained."""
    return (home / CURRENT).exists() and any(file.is_file() for folder in home.iterdir() if folder.is_dir() for file in folder.iterdir())
