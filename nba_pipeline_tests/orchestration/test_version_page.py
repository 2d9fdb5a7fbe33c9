"""Registering a version writes its page, and a page that fails does not fail the registration."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.orchestration.assets.models import model_version
from nba_pipeline.orchestration.candidates import CANDIDATE, REPORT
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.test_promotion import with_other_lineup_net


@pytest.fixture
def store(registered: Warehouse, tmp_path: Path) -> StoreResource:
    """The small league and its candidate; nothing is registered yet."""
    data = tmp_path / "data"
    shutil.copytree(registered.root / "models" / "candidates", data / "models" / "candidates")
    (data / "warehouse").symlink_to(registered.root / "warehouse")
    return StoreResource(data_dir=str(data), archive_dir=str(tmp_path / "raw"), source="simulated", league_seed=1)


def register(store: StoreResource, instance: dg.DagsterInstance) -> dict[str, object]:
    """What the materialisation of `model_version` says."""
    (candidate,) = (store.models_root / "candidates").iterdir()

    @dg.asset
    def fusion_model() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={CANDIDATE: dg.MetadataValue.path(str(candidate)), REPORT: dg.MetadataValue.json({})})

    result = dg.materialize([fusion_model, model_version], resources={"store": store}, instance=instance)
    (event,) = result.asset_materializations_for_node("model_version")
    return {name: value.value for name, value in event.metadata.items()}


def test_the_page_lies_beside_the_version_and_the_ui_links_it(store: StoreResource, instance: dg.DagsterInstance):
    said = register(store, instance)
    page = store.models_root / "v1.0.0" / "report.html"
    assert (said["status"], said["report"]) == ("accepted", str(page))
    assert "v1.0.0" in page.read_text() and "What each part is worth" in page.read_text()


def test_the_next_version_is_compared_with_the_one_in_use(store: StoreResource, instance: dg.DagsterInstance):
    first = register(store, instance)
    with_other_lineup_net(next((store.models_root / "candidates").iterdir()))
    second = register(store, instance)
    assert first["split"] == "seasons"
    assert first["promoted"] == "in use: the first version" and "log_loss_minus_in_use" not in first
    assert (second["version"], second["shared_games"]) == ("v1.1.0", 112.0)
    assert second["log_loss_minus_in_use"] == pytest.approx(0.0, abs=1e-5)
    assert str(second["promoted"]).startswith("in use: log loss ") and " on the same 112 games: fewer than 500" in str(second["promoted"])
    page = (store.models_root / "v1.1.0" / "report.html").read_text()
    assert "beside the version in use" in page and "on the same 112 games: fewer than 500" in page


def test_a_page_that_cannot_be_written_registers_once_and_says_so(
    store: StoreResource, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> Path:
        raise OSError("no room")

    monkeypatch.setattr("nba_pipeline.prediction.version_page.page.write_page", fails)
    said = register(store, instance)
    assert said["version"] == "v1.0.0"
    assert "no room" in str(said["report"]) and "nba report --html --version v1.0.0" in str(said["report"])
    assert [info.version for info in ModelRegistry(store.models_root).list_versions()] == ["v1.0.0"]
