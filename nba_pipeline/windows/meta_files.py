"""Versions of the meta-learner on disk, each tied by hash to the windows it was trained over; and taking one elsewhere."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nba_pipeline.models.artifacts import ArtifactError, read_bytes, read_torch, sha256_file, write_bytes
from nba_pipeline.windows.artefact import Artefact, current, publish
from nba_pipeline.windows.config import MetaConfig
from nba_pipeline.windows.ensemble import Ensemble
from nba_pipeline.windows.window_files import WEIGHTS, WindowStore

if TYPE_CHECKING:
    from nba_pipeline.windows.meta_fitting import Meta

META, META_WEIGHTS, SUMS = "meta", "meta.pt", "SHA256SUMS"
TRAIN_META = "nba windows meta"


@dataclass(frozen=True)
class MetaStore:
    """Versions of the meta-learner.

    Args:
        root: `data/windows`; versions are in its folder `meta`.
    """

    root: Path

    def save(self, meta: "Meta", ensemble: Ensemble, facts: dict[str, Any]) -> Artefact:
        """Writes a version and points at it.

        Args:
            meta: trained.
            ensemble: the windows it was trained over; `production_ready` only if they are the whole 27.
            facts: what is known of the training.

        Raises:
            ArtifactError: the disk is full; the version before is still pointed at.
        """
        shape = {"features": len(meta.net.mean), "players": list(meta.players), "windows": list(meta.windows)}
        weights = {"state": meta.net.state_dict(), "config": meta.config.model_dump(), **shape}
        windows = {one.window: one.sha256 for one in ensemble.windows}
        known = {"windows": windows, "ensemble_sha256": ensemble.sha256, "production_ready": ensemble.production_ready}
        return publish(self.root / META, META_WEIGHTS, weights, {**facts, **known})

    def files(self) -> Artefact:
        """The version in use, checked.

        Raises:
            ArtifactError: none, or damaged.
        """
        return current(self.root / META, META_WEIGHTS, TRAIN_META)

    def load(self) -> "Meta":
        """The version in use, once the windows are still those it was trained over.

        Raises:
            ArtifactError: none, damaged, or a window has been trained anew since.
        """
        from nba_pipeline.windows.meta_fitting import Meta
        from nba_pipeline.windows.meta_net import MetaNet

        files = self.files()
        self._require_same_windows(files.manifest["windows"])
        said = read_torch(files.folder / META_WEIGHTS, files.hashes[META_WEIGHTS])
        config, state = MetaConfig.model_validate(said["config"]), said["state"]
        net = MetaNet(len(said["windows"]), state["mean"], state["spread"], len(said["players"]), config)
        net.load_state_dict(state)
        learned_through = date.fromisoformat(files.manifest["last_date"])
        return Meta(net.eval(), tuple(said["windows"]), tuple(said["players"]), config, learned_through)

    def fetch(self, destination: Path) -> list[dict[str, Any]]:
        """Copies the version in use and its windows into an empty folder, with a `SHA256SUMS` that `sha256sum -c` reads.

        Args:
            destination: made if it is not there.

        Returns:
            file, bytes and sha256 of each copy.

        Raises:
            ArtifactError: nothing to copy, a damaged file, or a destination that holds something.
        """
        if destination.exists() and any(destination.iterdir()):
            raise ArtifactError(f"{destination} is not empty: name a new folder, so that two versions do not mix")
        files, store = self.files(), WindowStore(self.root)
        self._require_same_windows(files.manifest["windows"])
        sources = {Path(name): (files.folder / name, sha256) for name, sha256 in files.hashes.items()}
        for window in files.manifest["windows"]:
            part = store.files(window)
            sources |= {Path(window) / name: (part.folder / name, sha256) for name, sha256 in part.hashes.items()}
        for name, (source, sha256) in sources.items():
            write_bytes(destination / name, read_bytes(source, sha256))
        sums = "".join(f"{sha256_file(destination / name)}  {name}\n" for name in sources)
        write_bytes(destination / SUMS, sums.encode())
        return [{"file": str(name), "bytes": (destination / name).stat().st_size, "sha256": one[1]} for name, one in sources.items()]

    def _require_same_windows(self, windows: dict[str, str]) -> None:
        store = WindowStore(self.root)
        other = [name for name, sha256 in windows.items() if store.files(name).hashes[WEIGHTS] != sha256]
        if other:
            raise ArtifactError(f"windows trained anew since the meta-learner was: {', '.join(other)}; train it over them: {TRAIN_META}")
