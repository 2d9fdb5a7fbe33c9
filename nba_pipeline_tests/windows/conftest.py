"""Five simulated seasons of six clubs under four short windows, trained with tiny nets."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.features import era_form
from nba_pipeline.features.asof import History
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import PLAYER_LOG
from nba_pipeline.sources.simulator.files import season_frames, write_frame
from nba_pipeline.sources.simulator.season import simulate_season
from nba_pipeline.warehouse.era_lines import build_era_lines
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.config import Components, MetaConfig, NetConfig, WindowsConfig
from nba_pipeline.windows.meta_training import window_store
from nba_pipeline.windows.rows import as_rows
from nba_pipeline.windows.window_model import train_window
from nba_pipeline_tests.tiny_league.archive import CLUBS

SEASONS: tuple[Season, ...] = ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19")
WINDOWS = ("2015-2015", "2016-2016", "2017-2017", "2018-2019")
Lines = dict[Season, pl.DataFrame]


def config(**components: bool) -> WindowsConfig:
    """Four windows, nets that train in a second."""
    net = NetConfig(width=8, passes=1, batch=256, least_rows=100)
    meta = MetaConfig(seasons_back=3, width=8, player_width=2, memory_games=4, batch=256, passes=1, components=Components(**components))
    return WindowsConfig(windows=WINDOWS, net=net, meta=meta)


def build(root: Path, lines: Lines) -> Warehouse:
    """Tables of all seasons, and every window trained on its own."""
    warehouse = Warehouse(root, "simulated")
    for season, table in lines.items():
        warehouse.write("era_lines", table, season)
    form = era_form.build(History.from_warehouse(warehouse, max(lines)), tuple(lines))
    for season in lines:
        warehouse.write("era_form", form.filter(pl.col("season") == season), season)
    for window in config().chosen:
        rows = as_rows(warehouse.read("era_form", [season for season in window.seasons if season in lines]))
        window_store(warehouse).save(train_window(window, rows, config().net))
    return warehouse


@pytest.fixture(scope="session")
def era_lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Box lines by season."""
    root = tmp_path_factory.mktemp("era_archive")
    for season in SEASONS:
        write_frame(PLAYER_LOG.path(root, season), season_frames(simulate_season(season, 3, CLUBS))[PLAYER_LOG])
    return {season: build_era_lines(RawArchive(root).player_log(season)) for season in SEASONS}


@pytest.fixture(scope="session")
def eras(era_lines: Lines, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Tables and windows of the five seasons. Read it, never write to it."""
    return build(tmp_path_factory.mktemp("eras"), era_lines)


@pytest.fixture
def rebuilt(tmp_path: Path) -> Callable[[Lines], Warehouse]:
    """Everything once more, from other lines."""
    return lambda lines: build(tmp_path / "again", lines)
