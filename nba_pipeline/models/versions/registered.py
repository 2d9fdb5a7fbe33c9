"""Versions of the game model as they lie on disk: found, read and compared, never written.

A version is loaded only if every checksum holds. `latest` is the newest accepted version that was not kept back for being worse than
the one before it; while none was ever accepted it is the newest one, whose metadata says `insufficient`. What does not belong here:
registering (`registry.py`), hashing and file formats (`artifacts.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nba_pipeline.models.artifacts import ArtifactError, read_json, read_torch, sha256_file
from nba_pipeline.models.versions.files import LATEST, METADATA, pointed_at
from nba_pipeline.models.versions.info import Version, VersionComparison, VersionError, VersionInfo, compare

if TYPE_CHECKING:
    from torch import Tensor

    from nba_pipeline.models.nets.game_net import GameNet


class RegistryError(RuntimeError):
    """A version cannot be saved or found; the message says what to do."""


class RegisteredVersions:
    """Loads, lists and compares versions.

    Args:
        root: the folder of the versions; `models` in the data folder of the settings when not given.
    """

    def __init__(self, root: Path | str | None = None) -> None:
        if root is None:
            from nba_pipeline.settings import get_settings

            root = get_settings().source_dir / "models"
        self.root = Path(root)

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
        from nba_pipeline.models.nets.game_net import GameNet

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

    def of_files(self, files: Mapping[str, str]) -> VersionInfo | None:
        """The newest version that holds exactly these files, sha256 by name, undamaged; None where none does."""

        def holds(info: VersionInfo) -> bool:
            paths = {self.root / info.version / name: digest for name, digest in files.items()}
            return info.files == files and all(path.exists() and sha256_file(path) == digest for path, digest in paths.items())

        return next((info for info in reversed(self.list_versions()) if holds(info)), None)

    def latest(self) -> str | None:
        """The version that `latest` points at; None while there is none."""
        return pointed_at(self.root) or self._newest()

    def production(self) -> VersionInfo | None:
        """The newest accepted version that was not kept back; None while none was ever accepted."""
        return next((info for info in reversed(self.list_versions()) if info.is_accepted and not info.is_kept_back), None)

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

    def _newest(self) -> str | None:
        """The newest version that may be used: an accepted one, or any while none was ever accepted."""
        free = [info.version for info in self.list_versions() if not info.is_kept_back]
        accepted = self.production()
        return accepted.version if accepted else free[-1] if free else None


def _parsed(name: str) -> Version | None:
    try:
        return Version.parse(name)
    except VersionError:
        return None
