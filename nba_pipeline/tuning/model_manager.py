"""The registry of tuned models: tables `models` and `model_versions` in `nba.duckdb`, artefacts in `models/tuned/`.

The game model's versions are `models.registry`'s; the verbs are the same. Every call is one short transaction through
`store.connect`. What does not belong here: making and finding models (`tuned_models.py`), training (`model_trainer.py`), pickles
(`fitted_model.py`).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nba_pipeline.models.versions.files import git_commit
from nba_pipeline.models.versions.info import VersionComparison, VersionInfo, compare
from nba_pipeline.tuning.fitted_model import DistrustError, FittedModel, read_model, write_model
from nba_pipeline.tuning.model_class import model_class
from nba_pipeline.tuning.model_database import insert
from nba_pipeline.tuning.model_rows import ModelRow, ModelVersion
from nba_pipeline.tuning.tuned_models import ModelError, TunedModels

__all__ = ["ModelError", "ModelManager"]


class ModelManager(TunedModels):
    """Creates, finds, switches, versions and compares tuned models of one source.

    Args:
        warehouse: whose data folder holds `nba.duckdb` and `models/tuned`; that of the settings when not given.
    """

    def activate(self, name: str) -> ModelRow:
        """Has the weekly retraining train it, on the pipeline's own tables.

        Raises:
            ModelError: there is no such model, or its games are not those of the pipeline.
        """
        others = self.sources(name) - {self.warehouse.source}
        if others:
            raise ModelError(
                f"{name} learned {others.pop()}, which the weekly retraining does not have: train it yourself (nba tune --games)"
            )
        return self._set(name, "is_active", True)

    def promote(self, name: str, version: int) -> ModelRow:
        """Makes a version the one in use.

        Raises:
            ModelError: there is no such model or version.
        """
        return self._set(name, "production_version", self.version(name, version).version)

    def versions(self, name: str) -> list[ModelVersion]:
        """Every version of a model, oldest first."""
        chosen = f"WHERE model_id = {self.get(name).model_id} ORDER BY version"
        return [ModelVersion(**row) for row in self.tables.rows("model_versions", ModelVersion, chosen)]

    def sources(self, name: str) -> set[str]:
        """Where the games of its versions came from; empty before the first."""
        return {one.source for one in self.versions(name)}

    def check_games(self, name: str, source: str) -> None:
        """Refuses games from elsewhere: versions of one model are compared with each other, and one of them is in use.

        Raises:
            ModelError: there is no such model, or its versions learned the games of another source.
        """
        others = self.sources(name) - {source}
        if others:
            raise ModelError(f"{name} learned the games of {others.pop()!r}, not of {source!r}: choose another name for a model of these")

    def version(self, name: str, version: int | None = None) -> ModelVersion:
        """A version of a model; the one in use when none is named.

        Raises:
            ModelError: there is no such model or version.
        """
        wanted, versions = self.get(name).production_version if version is None else version, self.versions(name)
        found = next((one for one in versions if one.version == wanted), None)
        if found is None:
            have = ", ".join(str(one.version) for one in versions) or "none"
            raise ModelError(f"{name} has no version {wanted if wanted is not None else 'in use'}; there are: {have}")
        return found

    def register(self, name: str, fitted: FittedModel, *, promoted: bool, **facts: Any) -> ModelVersion:
        """Writes a fitted model as the next version, artefact and row at once.

        Args:
            name: of the model.
            fitted: the model.
            promoted: whether it is in use from now on.
            facts: metrics, comparison, data_version, data_first, data_last, source.

        Raises:
            ModelError: there is no such model, or it has learned the games of another source.
            ArtifactError: the disk is full or the folder cannot be written; there is no row then.
        """
        row = self.get(name)
        self.check_games(name, facts["source"])
        with self.tables.write() as database:
            (last,) = database.execute(
                "SELECT coalesce(max(version), 0) FROM model_versions WHERE model_id = ?", [row.model_id]
            ).fetchall()[0]
            trained_at, version = datetime.now(UTC), last + 1
            path = self.folder / f"{name}_v{version}_{trained_at:%Y%m%d_%H%M%S}.pkl"
            values = {
                "model_id": row.model_id, "version": version, "file": path.name, "sha256": write_model(path, fitted),
                "libraries": model_class(fitted.class_name).versions(), "params": dict(fitted.params), **facts,
                "parent_version": row.production_version, "git_commit": git_commit(),
                "trained_at": trained_at.isoformat(timespec="seconds"),
            }  # fmt: skip
            insert(database, "model_versions", values)
            if promoted:
                database.execute("UPDATE models SET production_version = ? WHERE model_id = ?", [version, row.model_id])
        return self.version(name, version)

    def load(self, path: Path | str) -> FittedModel:
        """Reads the artefact of a version.

        Raises:
            DistrustError: no row names the file, or its libraries have other versions.
            ArtifactError: the file is missing or has another hash.
        """
        file = Path(path)
        file = file if file.is_absolute() or file.parent != Path() else self.folder / file
        rows = [ModelVersion(**row) for row in self.tables.rows("model_versions", ModelVersion)]
        found = next((one for one in rows if one.file == file.name), None)
        if found is None or file.resolve().parent != self.folder.resolve():
            raise DistrustError(f"{file} is named by no row of model_versions and will not be unpickled: train a model (nba tune) instead")
        return read_model(file, found.sha256, found.libraries)

    def compare(self, name: str, a: int, b: int) -> VersionComparison:
        """Metrics and parameters of two versions, side by side."""
        return compare(*(_as_info(self.version(name, one)) for one in (a, b)))

    def lineage(self, name: str, version: int | None = None) -> list[ModelVersion]:
        """A version, the one in use when it was trained, the one before that, and so on."""
        line = [self.version(name, version)]
        while (parent := line[-1].parent_version) is not None:
            line.append(self.version(name, parent))
        return line


def _as_info(version: ModelVersion) -> VersionInfo:
    """As the game model's versions are compared."""
    return VersionInfo(
        f"v{version.version}", version.trained_at, config=version.params, metrics=version.metrics, data_version=version.data_version
    )
