"""A public archive that runs on this machine."""

from collections.abc import Iterator

import pytest

from nba_pipeline.sources.download import web
from nba_pipeline_tests.sources.download.archive_server import ArchiveServer, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveServer]:
    """Asked again without a pause, and never through a proxy."""
    monkeypatch.setattr(web, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as archive:
        yield archive
