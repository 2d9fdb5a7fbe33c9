"""Simple forecasts that the meta-learner has to beat, all as counts: moving average, last window, equal weights, one pooled model.

What does not belong here: scoring (`scores.py`).
"""

from collections.abc import Callable

import numpy as np

from nba_pipeline.league.seasons import start_year
from nba_pipeline.windows.config import NetConfig
from nba_pipeline.windows.fitting import Fitted, fit_net
from nba_pipeline.windows.forecasts import Forecasts
from nba_pipeline.windows.rows import Rows

POOLED_DECAY = 0.85
"""Weight that a season loses with each year in the pooled model."""


def moving_average(rows: Rows) -> np.ndarray:
    """Exponentially weighted mean of the player's counts, half-life 8 games, (rows, 4)."""
    return rows.ewma


def last_window(rows: Rows, forecasts: Forecasts) -> np.ndarray:
    """The newest window that may speak, (rows, 4); NaN where none may."""
    newest = forecasts.units.shape[1] - 1 - forecasts.known[:, ::-1].argmax(1)
    return np.take_along_axis(forecasts.units, newest[:, None], 1)[:, 0] * rows.levels


def equal_weights(rows: Rows, forecasts: Forecasts) -> np.ndarray:
    """The mean of all windows that may speak, (rows, 4); NaN where none may."""
    known = forecasts.known
    with np.errstate(invalid="ignore"):
        return np.where(known, forecasts.units, 0.0).sum(1) / known.sum(1) * rows.levels


def fit_pooled(rows: Rows, config: NetConfig, on_pass: Callable[[int, int], None] | None = None) -> Fitted:
    """One net of a window's kind on many seasons, the older the lighter: the plain alternative to windows."""
    years = np.array([start_year(season) for season in rows.seasons])
    return fit_net(rows, config, POOLED_DECAY ** (years.max() - years), on_pass)
