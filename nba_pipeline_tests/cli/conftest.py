"""The story of the windows, told once, and a copy of what it left for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_pipeline.orchestration.home import HOME
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.cli.windows_story import Story, tell


@pytest.fixture(scope="session")
def story(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return tell(tmp_path_factory.mktemp("story"), tiny_archive)


@pytest.fixture
def data(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of what the story left, as this process's own."""
    shutil.copytree(story.root / "data", tmp_path / "data")
    shutil.copytree(story.root / "home", tmp_path / "home")
    for name in ("NBA_SOURCE", "NBA_ARCHIVE_DIR", "NBA_WINDOWS_FILE", "NBA_WORKERS"):
        monkeypatch.setenv(name, story.env[name])
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path / "data"
    get_settings.cache_clear()
