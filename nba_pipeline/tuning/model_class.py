"""What a class of models is to the trainer. One file a class in `classes/`; a file put there is found by its name.

What does not belong here: any class of its own.
"""

import pkgutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any, Protocol

import numpy as np
import polars as pl

from nba_pipeline.tuning import classes

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
    needs_features: bool = False
    libraries: tuple[str, ...] = ()
    starts_active: bool = False

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
