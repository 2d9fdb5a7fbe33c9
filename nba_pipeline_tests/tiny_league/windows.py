"""Two of the 27 windows over the tiny league, with nets that train in a moment: the tables, the windows, the meta-learner."""

from datetime import date
from pathlib import Path

import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.era_form import FEATURE
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import PLAYER_LOG
from nba_pipeline.warehouse.era_lines import build_era_lines
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.config import WindowsConfig, read_config
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.meta_training import train_meta, window_store
from nba_pipeline.windows.rows import as_rows
from nba_pipeline.windows.window_files import windows_root
from nba_pipeline.windows.window_model import train_window

NAMES = ("2019-2021", "2022-2024")

SMALL = """\
windows: [2019-2021, 2022-2024]
net: {width: 8, steps: 1, passes: 1, least_rows: 50}
meta: {seasons_back: 2, width: 8, player_width: 2, memory_games: 3, passes: 1}
"""


def write_small(folder: Path, passes: int = 1) -> Path:
    """The configuration as a file; more passes, over small batches, make a training that can be killed."""
    file = folder / f"windows_{passes}.yaml"
    slow = f"passes: {passes}, batch: 16, least_rows"
    file.write_text(SMALL if passes == 1 else SMALL.replace("passes: 1, least_rows", slow))
    return file


def write_era_tables(archive: Path, warehouse: Warehouse, before: date = date.max) -> tuple[Season, ...]:
    """`era_lines` and `era_form` of every player log, up to a date."""
    raw = RawArchive(archive)
    seasons = PLAYER_LOG.seasons(archive)
    for season in seasons:
        lines = build_era_lines(raw.player_log(season))
        warehouse.write("era_lines", lines.filter(pl.col("game_date") < before), season)
    rows = FEATURE.build(History.from_warehouse(warehouse, seasons[-1]), seasons)
    for season in seasons:
        warehouse.write(FEATURE.name, rows.filter(pl.col("season") == season), season)
    return seasons


def train_small_window(warehouse: Warehouse, name: str, config: WindowsConfig) -> None:
    """Trains a window as its asset does."""
    window = next(one for one in config.chosen if one.name == name)
    there = [season for season in window.seasons if season in warehouse.seasons("era_form")]
    window_store(warehouse).save(train_window(window, as_rows(warehouse.read("era_form", there)), config.net))


def train_small(warehouse: Warehouse, file: Path) -> None:
    """Both windows and the meta-learner."""
    config = read_config(file)
    for name in NAMES:
        train_small_window(warehouse, name, config)
    trained = train_meta(warehouse, config, told=lambda text: None)
    MetaStore(windows_root(warehouse.root)).save(trained.meta, trained.ensemble, trained.facts)
