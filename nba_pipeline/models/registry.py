"""Versions of the game model on disk: `models/vX.Y.Z/{transformer,gnn,fusion}.pt` + `metadata.json`, and the link `latest`.

A version appears whole or not at all, is never overwritten, is loaded only if every checksum holds, and is refused if the
acceptance criteria refuse it, whatever the caller's own checks said. `latest` is the newest accepted version; while none was
ever accepted it is the newest one, whose metadata says `insufficient`. What does not belong here: hashing and file formats
(`artifacts.py`), the criteria (`evaluation/criteria.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nba_pipeline.evaluation.criteria import Verdict
from nba_pipeline.evaluation.criteria import verdict as judge
from nba_pipeline.models.artifacts import ArtifactError, read_json, read_torch
from nba_pipeline.models.version_files import LATEST, METADATA, exclusive, git_commit, point_latest, pointed_at, publish
from nba_pipeline.models.version_info import Version, VersionComparison, VersionError, VersionInfo, compare

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nba_pipeline.models.game_net import GameNet

FIRST = Version(1, 0, 0)
SEVERITY = ("accepted", "insufficient", "refused")


class RegistryError(RuntimeError):
    """A version cannot be saved or found; the message says what to do."""


class VersionRefusedError(RegistryError):
    """The acceptance criteria refuse a version.

    Attributes:
        verdict: what they said.
    """

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict


class ModelRegistry:
    """Saves, loads, lists and compares versions.

    Args:
        root: the folder of the versions; `models` in the data folder of the settings when not given.

    Example:
        >>> import tempfile, torch
        >>> registry = ModelRegistry(root=tempfile.mkdtemp())
        >>> info = registry.save_model(
        ...     version="v1.0.0",
        ...     models={"fusion": torch.nn.Linear(2, 1)},
        ...     metrics={"accuracy": 0.66, "brier_score": 0.21},
        ...     config={"learning_rate": 1e-4},
        ... )
        >>> info.version, info.status, sorted(registry.load_model("latest"))
        ('v1.0.0', 'insufficient', ['fusion'])
    """

    def __init__(self, root: Path | str | None = None) -> None:
        if root is None:
            from nba_pipeline.settings import get_settings

            root = get_settings().source_dir / "models"
        self.root = Path(root)

    def save_model(
        self,
        version: str | None = None,
        *,
        models: "Mapping[str, nn.Module | Mapping[str, Tensor]]",
        metrics: Mapping[str, Any],
        config: Mapping[str, Any] | None = None,
        data_range: Any = None,
        data_version: str | None = None,
        source: str | None = None,
        serving: Mapping[str, Any] | None = None,
        parent_version: str | None = None,
        verdict: Verdict | None = None,
    ) -> VersionInfo:
        """Registers a version and moves `latest` if it may.

        Args:
            version: vX.Y.Z; the next minor version when not given.
            models: modules or state dicts, by name.
            metrics: the held-out report; the criteria judge it here.
            config: hyperparameters.
            data_range: first and last date of the data.
            data_version: hash of the data.
            source: where the raw data came from; that of the settings when not given.
            serving: what its use needs beside the nets, as `serving.Serving.to_dict()` gives it.
            parent_version: what it grew out of; `latest` when not given.
            verdict: what the caller's own check said; the stricter of the two counts.

        Raises:
            VersionRefusedError: the criteria refuse it; nothing is written.
            RegistryError: the version exists, its parent does not, or the folder holds versions of another source.
            ArtifactError: the disk is full, or the metadata is not plain data.
        """
        name = str(Version.parse(version)) if version else None
        status, reasons = _judged(metrics, verdict, name or "the next version")
        source = _default_source() if source is None else source
        with exclusive(self.root):
            info = VersionInfo(
                version=self._free(name),
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                data_range=data_range,
                config=_with_networks(config, models),
                metrics=metrics,
                git_commit=git_commit(),
                parent_version=self._parent(parent_version),
                data_version=data_version,
                source=self._same_source(source),
                serving=serving,
                verdict={"status": status, "reasons": list(reasons)},
            )
            publish(self.root, info, models)
            point_latest(self.root, str(self._newest()))
        return self.info(info.version)

    def load_model(self, version: str = LATEST) -> "dict[str, dict[str, Tensor]]":
        """The state dict of each net of a version, in CPU memory.

        Raises:
            RegistryError: no such version.
            ArtifactError: a file is missing or its checksum is wrong; names the file.
        """
        info = self.info(version)
        folder = self.root / info.version
        return {Path(file).stem: read_torch(folder / file, digest) for file, digest in (info.files or {}).items()}

    def load_networks(self, version: str = LATEST) -> "GameNet":
        """The three nets of a version, rebuilt as they were trained, ready to forecast.

        Raises:
            RegistryError: no such version.
            ArtifactError: a file is missing or its checksum is wrong; names the file.
        """
        from nba_pipeline.models.game_net import GameNet

        info = self.info(version)
        return GameNet.from_states(self.load_model(info.version), (info.config or {}).get("networks"))

    def info(self, version: str = LATEST) -> VersionInfo:
        """The metadata of a version.

        Raises:
            RegistryError: no such version.
        """
        name = self.latest() if version == LATEST else str(Version.parse(version))
        if name is None or not (self.root / name).is_dir():
            have = ", ".join(info.version for info in self.list_versions()) or "none"
            raise RegistryError(
                f"no version {version!r} under {self.root}; there are: {have}. Train one with `make run` or `nba train all`"
            )
        metadata = self.root / name / METADATA
        try:
            return VersionInfo(**read_json(metadata))
        except TypeError as error:
            raise ArtifactError(f"{metadata} is not the metadata of a version ({error}): restore it from a backup") from error

    def list_versions(self) -> list[VersionInfo]:
        """Every version, oldest number first."""
        return [self.info(str(version)) for version in self._versions()]

    def latest(self) -> str | None:
        """The version that `latest` points at; None while there is none."""
        return pointed_at(self.root) or self._newest()

    def production(self) -> VersionInfo | None:
        """The newest accepted version; None while none was ever accepted."""
        return next((info for info in reversed(self.list_versions()) if info.is_accepted), None)

    def compare_versions(self, a: str, b: str) -> VersionComparison:
        """Metrics and configuration of two versions, side by side."""
        return compare(self.info(a), self.info(b))

    def lineage(self, version: str = LATEST) -> list[VersionInfo]:
        """A version, its parent, its parent's parent, and so on."""
        line = [self.info(version)]
        while (parent := line[-1].parent_version) and parent not in {info.version for info in line}:
            line.append(self.info(parent))
        return line

    def _versions(self) -> list[Version]:
        folders = self.root.iterdir() if self.root.is_dir() else ()
        found = [version for folder in folders if not folder.is_symlink() and (version := _parsed(folder.name))]
        return sorted(found)

    def _free(self, name: str | None) -> str:
        if name is None:
            versions = self._versions()
            return str(versions[-1].next_minor() if versions else FIRST)
        if (self.root / name).exists():
            raise RegistryError(f"{self.root / name} exists and is never overwritten: save without a version to get the next one")
        return name

    def _parent(self, given: str | None) -> str | None:
        return self.latest() if given is None else self.info(given).version

    def _same_source(self, source: str) -> str:
        others = {info.source for info in self.list_versions()} - {source, None}
        if others:
            raise RegistryError(
                f"{self.root} holds versions of source {others.pop()!r}, not {source!r}: use another data folder (NBA_DATA_DIR)"
            )
        return source

    def _newest(self) -> str | None:
        """The newest accepted version, or the newest while none was ever accepted."""
        versions = self._versions()
        newest = self.production()
        return newest.version if newest else str(versions[-1]) if versions else None


def _judged(metrics: Mapping[str, Any], given: Verdict | None, name: str) -> tuple[str, tuple[str, ...]]:
    """The stricter of the criteria's own verdict and the caller's.

    Raises:
        VersionRefusedError: it is `refused`.
    """
    stricter = max(filter(None, (given, judge(metrics))), key=lambda one: SEVERITY.index(one.status))
    if stricter.status == "refused":
        failed = "; ".join(stricter.reasons)
        raise VersionRefusedError(f"{name} is refused by the acceptance criteria and not registered: {failed}. `latest` stays", stricter)
    return stricter.status, stricter.reasons


def _with_networks(config: Mapping[str, Any] | None, models: Mapping[str, Any]) -> dict[str, Any]:
    networks = {name: dict(model.config) for name, model in models.items() if hasattr(model, "config")}
    return {**(config or {}), **({"networks": networks} if networks else {})}


def _parsed(name: str) -> Version | None:
    try:
        return Version.parse(name)
    except VersionError:
        return None


def _default_source() -> str:
    from nba_pipeline.settings import get_settings

    return get_settings().source
