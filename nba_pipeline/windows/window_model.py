"""The model of one window: a vintage after each of its seasons, trained on the window's seasons up to that one and on nothing later.

A row of season s uses the latest vintage that ended before s, so a window may speak about its own seasons too, and never about one that it
has seen. What does not belong here: files (`window_files.py`), several windows (`forecasts.py`).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.league.windows import Window
from nba_pipeline.windows.config import NetConfig
from nba_pipeline.windows.fitting import Fitted, NothingToLearnError, fit_net
from nba_pipeline.windows.rows import Rows

EXPERIENCED = 10
"""Earlier games of a player from which his forecasts are judged."""


@dataclass(frozen=True)
class Vintage:
    """A net trained on the window's seasons up to `through`."""

    through: Season
    fitted: Fitted


@dataclass(frozen=True)
class WindowModel:
    """A window's vintages, oldest first; the last is its final model."""

    window: Window
    vintages: tuple[Vintage, ...]

    def before(self, season: Season) -> Vintage | None:
        """The latest vintage that ended before a season; None when there is none."""
        return next((one for one in reversed(self.vintages) if start_year(one.through) < start_year(season)), None)


@dataclass(frozen=True)
class TrainedWindow:
    """A window's model and what is worth knowing of it: rows, seasons, features, targets, errors forward in time, seconds."""

    model: WindowModel
    facts: dict[str, Any]

    def with_facts(self, **more: Any) -> "TrainedWindow":
        """The same with something else known of it."""
        return replace(self, facts={**self.facts, **more})


def train_window(window: Window, rows: Rows, config: NetConfig, on_progress: Callable[[float, str], None] | None = None) -> TrainedWindow:
    """Trains every vintage of a window.

    Args:
        window: which.
        rows: of the window's seasons; a season without rows has no vintage.
        config: nets and training.
        on_progress: told the share that is done, and what.

    Raises:
        NothingToLearnError: the window's seasons have too few rows.
    """
    began, vintages, ahead = time.perf_counter(), [], []
    seasons = [season for season in window.seasons if (rows.seasons == season).any()]
    if not seasons:
        raise NothingToLearnError(f"no rows of {window.name}: materialise era_form of {', '.join(window.seasons)} first")
    for number, season in enumerate(seasons):
        known = rows.where(np.isin(rows.seasons, seasons[: number + 1]))

        def told(done: int, passes: int, number: int = number, season: Season = season) -> None:
            if on_progress:
                on_progress((number + done / passes) / len(seasons), f"{window.name}, through {season}: pass {done} of {passes}")

        vintages.append(Vintage(season, fit_net(known, config, on_pass=told)))
        if number + 1 < len(seasons):
            ahead.append(_judged(vintages[-1], rows.where(rows.seasons == seasons[number + 1]), seasons[number + 1]))
    final = vintages[-1].fitted
    facts = {
        "window": window.name,
        "rows": len(rows),
        "seasons": seasons,
        "lacking_seasons": [season for season in window.seasons if season not in seasons],
        "features": len(final.columns),
        "targets": list(final.targets),
        "no_model_for": [name for name in TARGETS if name not in final.targets],
        "forward": ahead,
        "seconds": time.perf_counter() - began,
        "config": config.model_dump(),
    }
    return TrainedWindow(WindowModel(window, tuple(vintages)), facts)


def _judged(vintage: Vintage, later: Rows, season: Season) -> dict[str, Any]:
    """Mean absolute errors of a vintage on the season after it, beside the moving average's on the same rows."""
    forecast = vintage.fitted.units(later) * later.levels
    seasoned = later.key["career_games"].to_numpy() >= EXPERIENCED
    answer: dict[str, Any] = {"trained_through": vintage.through, "season": season}
    for at, name in enumerate(TARGETS):
        both = seasoned & np.isfinite(forecast[:, at]) & np.isfinite(later.counts[:, at]) & np.isfinite(later.ewma[:, at])
        if both.any():
            truth = later.counts[both, at]
            answer[name] = {
                "rows": int(both.sum()),
                "mae": float(np.abs(forecast[both, at] - truth).mean()),
                "ewma_mae": float(np.abs(later.ewma[both, at] - truth).mean()),
            }
    return answer
