"""`nba train list` and `nba train promote` as they are typed, on a small league with a version that was accepted."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from nba_pipeline.models.costs.summary import eastern_text
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.conftest import Typed
from nba_pipeline_tests.orchestration.shell import make_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


WORSE = {"promoted": False, "reason": "log loss +0.0100 [+0.0010, +0.0190] on the same 612 games: worse than v1.0.0", "games": 612}


def test_a_version_that_is_kept_back_says_why_and_may_be_used_all_the_same(nba_registered: Typed):
    registry = ModelRegistry(get_settings().source_dir / "models")
    info = registry.info()
    registry.save_model(models=registry.load_model(), metrics=info.metrics or {}, source="simulated", comparison=WORSE)
    listed = nba_registered("train", "list")
    assert listed.exit_code == 0 and f"v1.1.0 kept back: {WORSE['reason']}" in listed.output
    first, second = json.loads(nba_registered("train", "list", "--json").output)
    assert (first["latest"], second["latest"], second["comparison"]) == (True, False, WORSE)

    promoted = nba_registered("train", "promote", "v1.1.0")
    assert (promoted.exit_code, promoted.output.strip(), registry.latest()) == (0, "v1.1.0 is in use", "v1.1.0")
    unknown = nba_registered("train", "promote", "v9.0.0")
    assert unknown.exit_code == 2 and "there are: v1.0.0, v1.1.0" in unknown.output and registry.latest() == "v1.1.0"


def test_people_read_eastern_time_and_machines_utc(nba_registered: Typed, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    (version,) = json.loads(nba_registered("train", "list", "--json").output)
    moment = datetime.fromisoformat(version["created_at"])
    assert version["created_at"].endswith("+00:00")
    assert eastern_text(moment) in nba_registered("status").output
    date, _, minute = eastern_text(moment).partition(" ")
    shown = nba_registered("train", "list").output
    assert date in shown and minute in shown and "+00:00" not in shown


@pytest.mark.parametrize("words", ["train list", "train compare v1.0.0 v1.1.0", "train promote v1.1.0", "status"])
def test_a_damaged_version_is_named_in_one_line(nba_registered: Typed, home: Path, monkeypatch: pytest.MonkeyPatch, words: str):
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    registry = ModelRegistry(get_settings().source_dir / "models")
    (registry.root / "v1.1.0").mkdir()
    (registry.root / "v1.1.0" / "metadata.json").write_text("{")
    answer = nba_registered(*words.split())
    assert answer.exit_code == 2 and "v1.1.0/metadata.json is not JSON" in answer.output and "backup" in answer.output
