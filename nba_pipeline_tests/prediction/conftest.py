"""What several tests of pages need."""

import shutil
from pathlib import Path

import pytest

from nba_pipeline.models.version_notes import write_note
from nba_pipeline.prediction.drift import drift_report
from nba_pipeline.prediction.page import write_page
from nba_pipeline.warehouse.store import Warehouse


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
