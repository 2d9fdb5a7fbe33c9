"""Registers versions of the game model: `models/vX.Y.Z/{transformer,gnn,fusion}.pt` + `metadata.json`, and the link `latest`.

A version appears whole or not at all, is never overwritten, and is refused if the acceptance criteria refuse it, whatever the
caller's own checks said. What does not belong here: finding and loading (`versions/registered.py`), hashing and file formats
(`artifacts.py`), the criteria (`evaluation/criteria.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nba_pipeline.evaluation.criteria import Verdict
from nba_pipeline.evaluation.criteria import verdict as judge
from nba_pipeline.models.versions.files import LATEST, exclusive, git_commit, point_latest, publish
from nba_pipeline.models.versions.info import Version, VersionInfo
from nba_pipeline.models.versions.registered import RegisteredVersions, RegistryError

if TYPE_CHECKING:
    from torch import Tensor, nn

FIRST = Version(1, 0, 0)
SEVERITY = ("accepted", "insufficient", "refused")

__all__ = ["ModelRegistry", "RegistryError", "VersionRefusedError"]


class VersionRefusedError(RegistryError):
    """The acceptance criteria refuse a version.

    Attributes:
        verdict: what they said.
    """

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict


class ModelRegistry(RegisteredVersions):
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
        comparison: Mapping[str, Any] | None = None,
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
            comparison: with the version in use, as `evaluation.promotion.Promotion.to_dict()` gives it; `latest` does not move to a version
                that it does not promote.

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
                comparison=comparison,
            )
            publish(self.root, info, models)
            self._move_latest(info.version)
        return self.info(info.version)

    def promote(self, version: str) -> VersionInfo:
        """Points `latest` at an accepted version, whatever a comparison said.

        Raises:
            RegistryError: no such version, or the acceptance criteria did not accept it.
        """
        info = self.info(version)
        if not info.is_accepted:
            why = "; ".join((info.verdict or {}).get("reasons", ())) or "it was never judged"
            raise RegistryError(f"{info.version} is {info.status} and never becomes the version in use: {why}")
        with exclusive(self.root):
            point_latest(self.root, info.version)
        return info

    def _move_latest(self, saved: str) -> None:
        """To the saved version, if it is the newest that may be used; a link that leads nowhere is mended."""
        newest = self._newest()
        if newest is not None and (newest == saved or not (self.root / LATEST).exists()):
            point_latest(self.root, newest)

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


def _default_source() -> str:
    from nba_pipeline.settings import get_settings

    return get_settings().source
