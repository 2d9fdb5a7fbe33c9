"""Dagster instances and data folders of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline_tests.orchestration.shell import make_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "dagster_home")


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path, tiny_archive: Path) -> StoreResource:
    """An empty data folder over a copy of the invented archive, free to be damaged."""
    shutil.copytree(tiny_archive, tmp_path / "raw")
    return StoreResource(data_dir=str(tmp_path / "data"), archive_dir=str(tmp_path / "raw"), source="archive", league_seed=1)
