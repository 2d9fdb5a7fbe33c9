"""The models that are tuned: rows of the table `models` in `nba.duckdb`, made, found and switched.

What does not belong here: their versions (`model_manager.py`), training (`model_trainer.py`).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nba_pipeline.tuning.model_class import CLASS_NAMES, model_class
from nba_pipeline.tuning.model_database import ModelDatabase, insert
from nba_pipeline.tuning.model_rows import METHODS, PLANNED, ModelRow
from nba_pipeline.tuning.search_space import grid_values, plain_space, read_space
from nba_pipeline.warehouse.store import Warehouse

NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


class ModelError(RuntimeError):
    """A model or a version is not there, or cannot be made; the message says what to do."""


class TunedModels:
    """Creates, finds and switches tuned models of one source.

    Args:
        warehouse: whose data folder holds `nba.duckdb` and `models/tuned`; that of the settings when not given.
    """

    def __init__(self, warehouse: Warehouse | None = None) -> None:
        if warehouse is None:
            from nba_pipeline.settings import get_settings

            warehouse = Warehouse(get_settings().source_dir, get_settings().source)
        self.warehouse = warehouse
        self.tables = ModelDatabase(warehouse)
        self.folder = warehouse.root / "models" / "tuned"

    def create(
        self,
        name: str,
        class_name: str,
        search_space: Mapping[str, Any] | None = None,
        *,
        method: str = "bayesian",
        n_trials: int = 50,
        cv_folds: int = 5,
        active: bool = True,
    ) -> ModelRow:
        """A new model.

        Args:
            name: lower-case letters, digits and `_`.
            class_name: one of `CLASS_NAMES`.
            search_space: as `read_space` takes it; that of the class when not given.
            method: `grid` or `bayesian`.
            n_trials: of a Bayesian search.
            cv_folds: folds of the search.
            active: whether the weekly retraining trains it.

        Raises:
            ModelError: the name is taken or not a name, or the method unknown.
            UnknownModelClassError: there is no such class.
            SearchSpaceError: the space cannot be read or searched, or names what the class does not read.
        """
        return self.add(planned_row(name, class_name, search_space, method=method, n_trials=n_trials, cv_folds=cv_folds, active=active))

    def add(self, planned: ModelRow) -> ModelRow:
        """Puts a planned model into the registry.

        Raises:
            ModelError: the name is taken.
        """
        values = {name: value for name, value in vars(planned).items() if name != "model_id"} | {"created_at": _now()}
        with self.tables.write() as database:
            if database.execute("SELECT 1 FROM models WHERE name = ?", [planned.name]).fetchone():
                raise ModelError(f"there is a model {planned.name!r} already: choose another name, or train that one (nba models list)")
            insert(database, "models", values)
        return self.get(planned.name)

    def get(self, name: str | int) -> ModelRow:
        """The model of that name or id.

        Raises:
            ModelError: there is none.
        """
        found = self.find(name)
        if found is None:
            have = ", ".join(row.name for row in self.list()) or "none"
            raise ModelError(f"there is no model {name!r}; there are: {have}. `nba tune` makes one")
        return found

    def find(self, name: str | int) -> ModelRow | None:
        """The model of that name or id; None if there is none."""
        return next((row for row in self.list() if name in (row.name, row.model_id)), None)

    def list(self, *, active: bool | None = None) -> list[ModelRow]:
        """Models in the order in which they were made; only those (not) active if asked for."""
        rows = [ModelRow(**row) for row in self.tables.rows("models", ModelRow, "ORDER BY model_id")]
        return [row for row in rows if active is None or row.is_active is active]

    def deactivate(self, name: str) -> ModelRow:
        """Has the weekly retraining leave it alone; versions stay."""
        return self._set(name, "is_active", False)

    def _set(self, name: str, column: str, value: Any) -> ModelRow:
        model_id = self.get(name).model_id
        with self.tables.write() as database:
            database.execute(f"UPDATE models SET {column} = ? WHERE model_id = ?", [value, model_id])
        return self.get(name)


def planned_row(
    name: str,
    class_name: str,
    search_space: Mapping[str, Any] | None = None,
    *,
    method: str = "bayesian",
    n_trials: int = 50,
    cv_folds: int = 5,
    active: bool = True,
) -> ModelRow:
    """A model as `TunedModels.create` would make it, and refuses it; no registry is asked."""
    known = model_class(class_name)
    if not NAME.match(name) or method not in METHODS or n_trials < 1 or cv_folds < 2:
        raise ModelError(
            f"{name!r}, {method!r}, {n_trials} trials, {cv_folds} folds: a name is lower-case letters, digits and _, at most 40, the "
            "method grid or bayesian, with at least 1 trial and 2 folds"
        )
    if name in CLASS_NAMES and name != class_name:
        raise ModelError(f"{name} is the name of this league's model of that class: choose another one for a model of class {class_name}")
    space = read_space(search_space or (known.grid if method == "grid" else known.space))
    known.check(space)
    if method == "grid":
        grid_values(space)
    return ModelRow(PLANNED, name, class_name, plain_space(space), method, n_trials, cv_folds, active, None, "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
