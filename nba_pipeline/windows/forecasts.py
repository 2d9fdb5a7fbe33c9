"""What the windows say about rows: a cube of forecasts, masked where a window may not speak, with the age of the vintage that speaks.

A window that has no vintage from before a row's season, or no model of a target, is masked. Nothing is put in its place: whoever averages
the cube averages what is there. What does not belong here: averaging (`baselines.py`, `meta_net.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.league.windows import WindowName
from nba_pipeline.windows.rows import Rows
from nba_pipeline.windows.window_model import WindowModel


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of every window for some rows.

    Attributes:
        windows: their names, oldest first.
        units: (rows, windows, 4) float32, NaN where a window is masked.
        age: (rows, windows) float32: seasons from the last that the vintage saw to the row's; NaN where there is no vintage.
        learned: (rows, windows) float32: rows that the vintage was trained on; NaN likewise.
    """

    windows: tuple[WindowName, ...]
    units: np.ndarray
    age: np.ndarray
    learned: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where a window speaks, (rows, windows, 4)."""
        return np.isfinite(self.units)

    @property
    def answered(self) -> np.ndarray:
        """Rows of which any window speaks, (rows,)."""
        return np.asarray(self.known.any(axis=(1, 2)))

    def where(self, chosen: np.ndarray) -> "Forecasts":
        """Those of some of the rows."""
        return Forecasts(self.windows, self.units[chosen], self.age[chosen], self.learned[chosen])


def forecast_rows(models: Sequence[WindowModel], rows: Rows, on_window: Callable[[str], None] | None = None) -> Forecasts:
    """Asks every window about every row, each with the latest vintage that ended before the row's season.

    Args:
        models: the windows, oldest first.
        rows: what to forecast.
        on_window: told each window that has answered.
    """
    shape = (len(rows), len(models))
    units = np.full((*shape, len(TARGETS)), np.nan, np.float32)
    age, learned = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    of_season = {season: np.flatnonzero(rows.seasons == season) for season in dict.fromkeys(rows.seasons)}
    for at, model in enumerate(models):
        for through, chosen in _by_vintage(model, of_season).items():
            vintage = next(one for one in model.vintages if one.through == through)
            units[chosen, at] = vintage.fitted.units(rows.where(chosen))
            age[chosen, at] = [start_year(season) - start_year(through) for season in rows.seasons[chosen]]
            learned[chosen, at] = vintage.fitted.rows
        if on_window:
            on_window(model.window.name)
    return Forecasts(tuple(model.window.name for model in models), units, age, learned)


def _by_vintage(model: WindowModel, of_season: dict[Season, np.ndarray]) -> dict[Season, np.ndarray]:
    """Rows by the vintage that answers for them; rows that none may answer for are left out."""
    chosen: dict[Season, list[np.ndarray]] = {}
    for season, rows in of_season.items():
        vintage = model.before(season)
        if vintage is not None:
            chosen.setdefault(vintage.through, []).append(rows)
    return {through: np.concatenate(parts) for through, parts in chosen.items()}
