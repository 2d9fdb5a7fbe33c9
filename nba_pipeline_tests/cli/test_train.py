"""`nba train list` and `nba train promote` as they are typed, on a small league with a version that was accepted."""

import json

from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.conftest import Typed

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
