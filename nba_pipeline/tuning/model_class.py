"""What a class of models is to the trainer. One file a class in `classes/`; a file put there is found by its name.

What does not belong here: any class of its own.
"""

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module, metadata
from inspect import Parameter, signature
from typing import Any, Protocol

import numpy as np
import polars as pl

from nba_pipeline.tuning import classes
from nba_pipeline.tuning.search_space import SearchSpaceError

EXTRA = "experiments"
"""The extra of `pyproject.toml` that brings the libraries which not everybody has."""


class Estimator(Protocol):
    """scikit-learn's face of a classifier. `predict_proba` answers (rows, 2): P(away win), P(home win)."""

    def fit(self, X: pl.DataFrame, y: np.ndarray) -> Any:
        """Learns from rows in time order."""
        ...

    def predict_proba(self, X: pl.DataFrame) -> np.ndarray:
        """Forecasts rows that are later than all that were learned."""
        ...


@dataclass(frozen=True)
class ModelClass:
    """A class of models.

    Attributes:
        name: as people type it; that of its module.
        about: one line.
        prepare: a table of `game_table.dated_rows` to what the estimator reads, row for row. Whatever a row holds is known
            before its date, but for results, which an estimator may read to forecast later dates.
        estimator: a new estimator from parameters; equal parameters and rows give equal bits.
        space: what is searched when nothing is said.
        grid: the same for a grid.
        fixed: parameters of the estimator that it sets itself, so that searching them would change nothing.
        needs_features: whether results alone are too little, so that the pipeline joins its context features.
        libraries: distributions whose version matters to a saved model, beyond those of every model.
        starts_active: whether the weekly retraining has one without being told.
    """

    name: str
    about: str
    prepare: Callable[[pl.DataFrame], pl.DataFrame]
    estimator: Callable[..., Estimator]
    space: Mapping[str, Any]
    grid: Mapping[str, Any]
    fixed: frozenset[str] = frozenset()
    needs_features: bool = False
    libraries: tuple[str, ...] = ()
    starts_active: bool = False

    def check(self, names: Iterable[str]) -> None:
        """Refuses parameters that the estimator would not read: some libraries take any name, and search nothing.

        Raises:
            SearchSpaceError: there is no such parameter.
            MissingLibraryError: a name is not among those of `space` and `grid`, and the library that would know it is not installed.
        """
        usual = {*self.space, *self.grid}
        rare = sorted(set(names) - usual)
        known = usual | (self.parameters() if rare else set())
        unknown = [name for name in rare if name not in known]
        if unknown:
            near = get_close_matches(unknown[0], sorted(known), n=1)
            remedy = f"did you mean {near[0]}?" if near else f"the usual ones are {', '.join(sorted(usual))}"
            raise SearchSpaceError(f"{self.name} has no parameter {unknown[0]!r} to search: {remedy}")

    def parameters(self) -> set[str]:
        """Every name that may be searched; the estimator's library is loaded here."""
        taken = signature(self.estimator).parameters.values()
        named = {one.name for one in taken if one.kind is not Parameter.VAR_KEYWORD}
        if len(named) < len(taken):
            made: Any = self.estimator()
            named |= set((made.steps[-1][1] if hasattr(made, "steps") else made).get_params(deep=False))
        return named - self.fixed

    def versions(self) -> dict[str, str]:
        """Versions of the libraries that a saved model of this class is made of."""
        return {name: library_version(name) for name in ("scikit-learn", "numpy", "joblib", *self.libraries)}


class UnknownModelClassError(ValueError):
    """No class of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no model class {name!r}; there are {', '.join(CLASS_NAMES)}")


class MissingLibraryError(RuntimeError):
    """A class needs a library that is not installed; the message names the extra."""

    def __init__(self, library: str) -> None:
        super().__init__(f"{library} is not installed: pip install -c constraints.txt 'nba_pipeline[{EXTRA}]'")


def library_version(name: str) -> str:
    """The installed version of a library; builds without a GPU have a name of their own."""
    for distribution in (name, f"{name}-cpu"):
        with suppress(metadata.PackageNotFoundError):
            return metadata.version(distribution)
    return "not installed"


CLASS_NAMES: tuple[str, ...] = tuple(sorted(module.name for module in pkgutil.iter_modules(classes.__path__)))


def model_class(name: str) -> ModelClass:
    """The class of that name; its module is loaded here.

    Raises:
        UnknownModelClassError: there is none.
    """
    if name not in CLASS_NAMES:
        raise UnknownModelClassError(name)
    return import_module(f"{classes.__name__}.{name}").MODEL_CLASS
