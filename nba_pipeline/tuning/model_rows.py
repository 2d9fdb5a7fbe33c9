"""Rows of the registry: a model that is trained week after week, and each version that came of it.

What does not belong here: SQL (`model_database.py`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nba_pipeline.tuning.search_space import Space, read_space

METHODS = ("grid", "bayesian")
PLANNED = 0


@dataclass(frozen=True)
class ModelRow:
    """A model: how it is searched and trained, and whether the weekly retraining does so.

    Attributes:
        model_id, name: each names it; a name is never used twice. A planned model, not in the registry yet, has the id 0.
        model_class: of `CLASS_NAMES`.
        search_space: plain form; empty for that of the class.
        method: `grid` or `bayesian`.
        n_trials: of a Bayesian search.
        cv_folds: folds of the search.
        is_active: whether the weekly retraining trains it.
        production_version: the version in use; None while there is none.
        created_at: UTC.
    """

    model_id: int
    name: str
    model_class: str
    search_space: Mapping[str, Any]
    method: str
    n_trials: int
    cv_folds: int
    is_active: bool
    production_version: int | None
    created_at: str

    @property
    def is_planned(self) -> bool:
        """Whether it is not in the registry yet."""
        return self.model_id == PLANNED

    @property
    def space(self) -> Space:
        """The space as a search reads it."""
        return read_space(self.search_space)


@dataclass(frozen=True)
class ModelVersion:
    """A trained version, never changed.

    Attributes:
        model_id, version: its key; versions of a model count from 1.
        file: name of its artefact, sha256: hash of it, libraries: versions that wrote it.
        params: that the search chose.
        metrics: cross-validation and held-out numbers.
        comparison: with the production version of its time; None for the first.
        parent_version: production version when it was trained.
        data_version, data_first, data_last: hash and dates of the table.
        source: where the table came from.
        git_commit: of the code, if there is one.
        trained_at: UTC.
    """

    model_id: int
    version: int
    file: str
    sha256: str
    libraries: Mapping[str, str]
    params: Mapping[str, Any]
    metrics: Mapping[str, Any]
    comparison: Mapping[str, Any] | None
    parent_version: int | None
    data_version: str
    data_first: str
    data_last: str
    source: str
    git_commit: str | None
    trained_at: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)
