"""One version over the tiny league, one of its games as a file of raw plays, and what is known of it before it starts."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.versions.notes import write_note
from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.prediction.game.facts import GameFacts
from nba_pipeline.prediction.game.live import LiveGame, replayed
from nba_pipeline.prediction.game.story import GameStory
from nba_pipeline.prediction.game.win_probability import win_probability
from nba_pipeline.prediction.monitor.drift import drift_report
from nba_pipeline.prediction.version_page.page import write_page
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.versions import register

SEASON = "2021-22"


@pytest.fixture(scope="session")
def versions(tiny_features: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> ModelRegistry:
    return register(tiny_features, tmp_path_factory.mktemp("versions"))


@pytest.fixture(scope="session")
def forecaster(versions: ModelRegistry) -> Forecaster:
    return Forecaster.load(versions)


@pytest.fixture(scope="session")
def facts(tiny_features: Warehouse) -> GameFacts:
    games = tiny_features.read("games", [SEASON]).filter("has_plays")
    return GameFacts.read(tiny_features, games["game_id"][games.height // 2])


@pytest.fixture(scope="session")
def replay(tiny_features: Warehouse, facts: GameFacts) -> LiveGame:
    return replayed(tiny_features, facts)


@pytest.fixture(scope="session")
def curve(forecaster: Forecaster, replay: LiveGame) -> pl.DataFrame:
    return win_probability(forecaster, replay)


@pytest.fixture(scope="session")
def story(replay: LiveGame, curve: pl.DataFrame) -> GameStory:
    return GameStory.of(replay, curve)


@pytest.fixture(scope="session")
def raw_plays(tiny_archive: Path, facts: GameFacts) -> pl.DataFrame:
    """The game's rows as the public endpoint gives them, in file order."""
    return RawArchive(tiny_archive).plays(SEASON).filter(pl.col("GAME_ID") == facts.game_id)


@pytest.fixture
def plays_file(raw_plays: pl.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "tonight.csv"
    raw_plays.write_csv(path)
    return path


def writable(warehouse: Warehouse, root: Path) -> Warehouse:
    """The same tables, and models that may be written to."""
    shutil.copytree(warehouse.root / "models", root / "models", symlinks=True)
    (root / "warehouse").symlink_to(warehouse.root / "warehouse")
    return Warehouse(root, warehouse.source)


@pytest.fixture(scope="session")
def paged(registered: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The small league, its version with a drift report and a page. Read it, never write to it."""
    warehouse = writable(registered, tmp_path_factory.mktemp("paged") / "data")
    write_note(warehouse.root / "models", "drift", "v1.0.0", drift_report(warehouse, games=150).to_dict())
    write_page(warehouse)
    return warehouse
