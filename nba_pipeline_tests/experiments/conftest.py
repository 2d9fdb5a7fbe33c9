"""A data folder with everything the points models look at, and one in which they are trained."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.training import train_baseline, train_model
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import upstream
from nba_pipeline.features.player_form import FEATURE
from nba_pipeline.warehouse.store import Warehouse

ROUNDS = 60
TRAIN, TEST = ("2019-20", "2020-21"), ("2021-22",)


@pytest.fixture(scope="session")
def form_warehouse(tiny_tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The tiny league's box lines and what `player_form` is made of. Read it, never write to it."""
    warehouse = Warehouse(tmp_path_factory.mktemp("points"), "simulated")
    warehouse.write("players", tiny_tables["players"])
    for table in ("games", "player_game_stats", "player_prop_lines"):
        rows = tiny_tables[table]
        for season in sorted(rows["season"].unique()):
            warehouse.write(table, rows.filter(pl.col("season") == season), season)
    seasons = warehouse.seasons("games")
    for feature in (*upstream(FEATURE), FEATURE):
        rows = feature.build(History.from_warehouse(warehouse, seasons[-1]), seasons)
        for season in seasons:
            warehouse.write(feature.name, rows.filter(pl.col("season") == season), season)
    return warehouse


@pytest.fixture(scope="session")
def trained_folder(form_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a baseline and one model of each framework, registered. Copy it with `warehouse`, never write to it."""
    root = _linked(form_warehouse, tmp_path_factory.mktemp("trained"))
    warehouse = Warehouse(root, "simulated")
    train_baseline(warehouse, TEST)
    for model_type in ("lightgbm", "xgboost", "catboost"):
        train_model(warehouse, model_type, TRAIN, TEST, rounds=ROUNDS)
    return root


@pytest.fixture
def warehouse(trained_folder: Path, form_warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy with the four models, free to be damaged; its tables are links, to be replaced and not written through."""
    root = _linked(form_warehouse, tmp_path / "data")
    shutil.copytree(trained_folder / "models", root / "models")
    shutil.copy(trained_folder / "nba.duckdb", root / "nba.duckdb")
    return Warehouse(root, "simulated")


@pytest.fixture
def database(tmp_path: Path) -> ExperimentsDatabase:
    """An empty registry."""
    return ExperimentsDatabase(tmp_path / "nba.duckdb", patience_seconds=20.0)


def _linked(source: Warehouse, root: Path) -> Path:
    """A data folder of its own with the tables of another: `Warehouse.write` renames a new file over a link."""
    for file in (source.root / "warehouse").glob("*/*.parquet"):
        link = root / file.relative_to(source.root)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file)
    shutil.copy(source.root / "SOURCE", root / "SOURCE")
    return root
