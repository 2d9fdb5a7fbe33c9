"""An invented league, and registries of their own."""

from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tuning.invented_league import invented_games


@pytest.fixture(scope="session")
def league() -> pl.DataFrame:
    return invented_games()


@pytest.fixture
def manager(tmp_path: Path) -> ModelManager:
    return ModelManager(Warehouse(tmp_path / "data", "simulated"))
