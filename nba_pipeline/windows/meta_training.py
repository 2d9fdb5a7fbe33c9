"""The meta-learner over the tables and windows on disk: which rows it learns from, and what is known of it afterwards.

The gate is asked first: without every window nothing is read and nothing is spent. What does not belong here: the loop
(`meta_fitting.py`), files (`meta_files.py`).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.config import WindowsConfig
from nba_pipeline.windows.ensemble import Ensemble, look
from nba_pipeline.windows.fitting import NothingToLearnError
from nba_pipeline.windows.forecasts import forecast_rows
from nba_pipeline.windows.meta_fitting import Meta, MetaRows, fit_meta, gather
from nba_pipeline.windows.rows import as_rows
from nba_pipeline.windows.weights import weights_by_season
from nba_pipeline.windows.window_files import WindowStore, windows_root

OnProgress = Callable[[str], None]
MEMORY_SEASONS = 3
"""Earlier seasons in which a player's last games are looked for."""


@dataclass(frozen=True)
class TrainedMeta:
    """A meta-learner, the windows it stands on, and what is known of it."""

    meta: Meta
    ensemble: Ensemble
    facts: dict[str, Any]


def train_meta(warehouse: Warehouse, config: WindowsConfig, through: Season | None = None, told: OnProgress = print) -> TrainedMeta:
    """Trains the meta-learner on the last seasons of `era_form`.

    Args:
        warehouse: tables and, beside them, the windows.
        config: windows and meta-learner.
        through: the last season to learn from; the last on disk when not given.
        told: progress in words.

    Raises:
        IncompleteEnsembleError: a window is missing or damaged; nothing was read or computed.
        NothingToLearnError: no season has rows that any window may speak about.
    """
    store = window_store(warehouse)
    ensemble = look(store, config.chosen)
    ensemble.require_all()
    began = time.perf_counter()
    seasons = [season for season in warehouse.seasons("era_form") if through is None or season <= through][-config.meta.seasons_back :]
    rows = read_rows(warehouse, config, seasons, told)
    rows = rows.where(rows.forecasts.answered)
    if not len(rows):
        raise NothingToLearnError(f"no window may speak about {', '.join(seasons) or 'any season'}: give later seasons, or older windows")
    meta = fit_meta(rows, config.meta, lambda done, passes: told(f"pass {done} of {passes} over {len(rows):,} rows"))
    facts = {
        "rows": len(rows),
        "seasons": seasons,
        "players": len(meta.players),
        "first_date": str(rows.rows.key["game_date"].min()),
        "last_date": str(rows.rows.key["game_date"].max()),
        "seconds": time.perf_counter() - began,
        "config": config.meta.model_dump(),
        "weights": weights_by_season(meta, rows),
    }
    return TrainedMeta(meta, ensemble, facts)


def read_rows(warehouse: Warehouse, config: WindowsConfig, seasons: Sequence[Season], told: OnProgress = print) -> MetaRows:
    """Rows of some seasons with what every window says of them, each by a vintage that ended before the row's season.

    Raises:
        ArtifactError: a window is missing or damaged.
        StoreError: a season is not on disk.
    """
    rows = as_rows(warehouse.read("era_form", seasons))
    told(f"{len(rows):,} rows of {len(seasons)} seasons")
    models = [window_store(warehouse).load(window.name) for window in config.chosen]
    forecasts = forecast_rows(models, rows, lambda name: told(f"asked {name}"))
    known = warehouse.seasons("era_lines")
    first = known.index(seasons[0])
    lines = warehouse.read("era_lines", [season for season in known[max(0, first - MEMORY_SEASONS) :] if season <= seasons[-1]])
    return gather(rows, forecasts, lines, config.meta.memory_games)


def window_store(warehouse: Warehouse) -> WindowStore:
    """The windows beside the tables."""
    return WindowStore(windows_root(warehouse.root))
