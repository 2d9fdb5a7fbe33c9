import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch

from nba_pipeline.evaluation.criteria import verdict
from nba_pipeline.models import ModelRegistry
from nba_pipeline.models.artifacts import ArtifactError, sha256_file
from nba_pipeline.models.registry import RegistryError, VersionRefusedError
from nba_pipeline.models.versions.info import Version, VersionError
from nba_pipeline_tests.models.batches import random_batch, small_net

GOOD = {
    **{f"{instant}/games": 1230 for instant in ("pregame", "q1", "q2", "q3", "q4")},
    "pregame/accuracy": 0.65,
    "pregame/brier_score": 0.21,
    "pregame/log_loss": 0.62,
    "pregame/log_loss_minus_elo": -0.01,
    "pregame/log_loss_minus_elo_low": -0.02,
    "pregame/log_loss_minus_elo_high": 0.0,
    "pregame/ece": 0.02,
    "pregame/ece_noise_p99": 0.05,
    "pregame/ece_best_baseline": 0.02,
    "q3/margin_mae": 6.5,
    "q3/total_mae": 8.0,
    "q3/margin_mae_minus_elo_low": -0.2,
    "q3/total_mae_minus_elo_low": -0.2,
    "q3/log_loss_minus_elo_low": -0.01,
}
BAD = {**GOOD, "pregame/accuracy": 0.51}
FEW = {**GOOD, "pregame/games": 99}

KEYS = {
    "version",
    "created_at",
    "data_range",
    "config",
    "metrics",
    "git_commit",
    "serving",
    "parent_version",
    "files",
    "data_version",
    "source",
    "verdict",
    "comparison",
}


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "models")


def save(registry: ModelRegistry, version: str | None = None, metrics: dict = GOOD, **more: object):
    return registry.save_model(version=version, models={"fusion": torch.nn.Linear(2, 1)}, metrics=metrics, source="archive", **more)


def test_a_round_trip_is_bit_exact(registry: ModelRegistry):
    net = small_net().eval()
    registry.save_model(models=net.networks(), metrics=GOOD, config={"epochs": 3}, source="archive")
    loaded = registry.load_model()
    for name, module in net.networks().items():
        assert list(loaded[name]) == list(module.state_dict())
        assert all(torch.equal(loaded[name][key], value) for key, value in module.state_dict().items())
    batch = random_batch(4)
    ours, theirs = net(batch), registry.load_networks("latest")(batch)
    assert torch.equal(ours.win_logit, theirs.win_logit) and torch.equal(ours.total, theirs.total)


def test_the_call_of_a_notebook_works(registry: ModelRegistry):
    net = small_net()
    info = registry.save_model(
        version="v1.0.0", models=net.networks(), metrics={"accuracy": 0.66, "brier_score": 0.21}, config={"learning_rate": 1e-4}
    )
    assert (info.version, info.status) == ("v1.0.0", "insufficient")
    assert set(registry.load_model("v1.0.0")) == {"transformer", "gnn", "fusion"}


def test_metadata_has_every_key(registry: ModelRegistry):
    save(registry, config={"epochs": 3}, data_range=["2018-10-16", "2022-04-10"], data_version="abc")
    metadata = json.loads((registry.root / "v1.0.0" / "metadata.json").read_text())
    assert set(metadata) == KEYS
    assert metadata["files"] == {"fusion.pt": sha256_file(registry.root / "v1.0.0" / "fusion.pt")}
    assert abs((datetime.now(UTC) - datetime.fromisoformat(metadata["created_at"])).total_seconds()) < 60
    assert metadata["created_at"].endswith("+00:00")
    assert metadata["verdict"] == {"status": "accepted", "reasons": []}
    assert (metadata["data_range"], metadata["data_version"], metadata["source"]) == (["2018-10-16", "2022-04-10"], "abc", "archive")
    assert metadata["git_commit"] is None or len(metadata["git_commit"]) == 40


def test_versions_are_ordered_as_numbers(registry: ModelRegistry):
    for version in ("v0.10.0", "v0.9.0", "v0.2.11", "v0.2.2"):
        save(registry, version)
    assert [info.version for info in registry.list_versions()] == ["v0.2.2", "v0.2.11", "v0.9.0", "v0.10.0"]
    assert registry.latest() == "v0.10.0"


def test_without_a_name_it_is_the_next_minor_version(registry: ModelRegistry):
    assert [save(registry).version for _ in range(3)] == ["v1.0.0", "v1.1.0", "v1.2.0"]
    save(registry, "v1.2.7")
    assert save(registry).version == "v1.3.0"


@pytest.mark.parametrize("name", ["1.0.0", "v1.0", "latest", "v1.0.0-rc1", "v1.0.x", "../v1.0.0", ""])
def test_what_is_not_a_version_is_refused(name: str):
    with pytest.raises(VersionError, match=r"v1\.2\.3"):
        Version.parse(name)


def test_latest_is_a_relative_link_to_the_newest_accepted_version(registry: ModelRegistry):
    save(registry, metrics=FEW)
    assert os.readlink(registry.root / "latest") == "v1.0.0"
    save(registry, metrics=FEW)
    assert os.readlink(registry.root / "latest") == "v1.1.0"
    assert registry.production() is None
    save(registry)
    save(registry, metrics=FEW)
    assert os.readlink(registry.root / "latest") == "v1.2.0"
    assert registry.production().version == registry.info().version == "v1.2.0"
    assert registry.info("v1.3.0").status == "insufficient"


def test_a_version_that_a_comparison_keeps_back_is_registered_and_never_pointed_at(registry: ModelRegistry):
    worse = {"promoted": False, "reason": "log loss +0.01: worse than v1.0.0"}
    save(registry, comparison={"promoted": True, "reason": "the first version"})
    kept_back = save(registry, comparison=worse)
    assert kept_back.is_kept_back and kept_back.standing(in_use=False) == "kept back: log loss +0.01: worse than v1.0.0"
    assert registry.latest() == registry.production().version == "v1.0.0"
    save(registry, metrics=FEW)
    assert registry.latest() == "v1.0.0", "nor is it when another version changes nothing"
    assert registry.info("v1.2.0").standing(in_use=False).startswith("kept back: insufficient, pregame/games: 99")
    assert save(registry).version == registry.latest() == "v1.3.0"


def test_a_person_may_choose_the_version_in_use_and_the_next_ones_start_from_there(registry: ModelRegistry):
    save(registry)
    save(registry, comparison={"promoted": False, "reason": "worse"})
    save(registry, metrics=FEW)
    assert registry.promote("v1.1.0").version == registry.latest() == "v1.1.0"
    for kept_back in (save(registry, metrics=FEW), save(registry, comparison={"promoted": False, "reason": "worse"})):
        assert registry.latest() == kept_back.parent_version == "v1.1.0"
    assert save(registry).version == registry.latest() == "v1.5.0"
    with pytest.raises(RegistryError, match=r"v1\.2\.0 is insufficient and never becomes the version in use: pregame/games: 99"):
        registry.promote("v1.2.0")
    with pytest.raises(RegistryError, match=r"no version 'v9\.0\.0'"):
        registry.promote("v9.0.0")
    assert registry.latest() == "v1.5.0"


def test_a_link_that_leads_nowhere_is_mended_by_the_next_save(registry: ModelRegistry):
    save(registry)
    (registry.root / "latest").unlink()
    (registry.root / "latest").symlink_to("v0.1.0")
    save(registry, comparison={"promoted": False, "reason": "worse"})
    assert registry.latest() == "v1.0.0"


def test_what_the_criteria_refuse_is_not_registered(registry: ModelRegistry):
    save(registry)
    with pytest.raises(VersionRefusedError, match=r"pregame_accuracy.*0\.51") as refusal:
        save(registry, metrics=BAD)
    assert refusal.value.verdict.status == "refused"
    assert [info.version for info in registry.list_versions()] == ["v1.0.0"]


def test_the_callers_verdict_can_only_make_it_stricter(registry: ModelRegistry):
    with pytest.raises(VersionRefusedError):
        save(registry, metrics=BAD, verdict=verdict(GOOD))
    with pytest.raises(VersionRefusedError):
        save(registry, metrics=GOOD, verdict=verdict(BAD))
    assert save(registry, metrics=GOOD, verdict=verdict(FEW)).status == "insufficient"


def test_a_version_is_never_overwritten(registry: ModelRegistry):
    save(registry, "v1.0.0")
    before = (registry.root / "v1.0.0" / "metadata.json").read_bytes()
    with pytest.raises(RegistryError, match="never overwritten"):
        save(registry, "v1.0.0")
    assert (registry.root / "v1.0.0" / "metadata.json").read_bytes() == before


def test_sources_do_not_mix(registry: ModelRegistry):
    save(registry)
    with pytest.raises(RegistryError, match="NBA_DATA_DIR"):
        registry.save_model(models={"fusion": torch.nn.Linear(2, 1)}, metrics=GOOD, source="simulated")


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_a_damaged_file_is_refused_by_name(registry: ModelRegistry, damage: str):
    save(registry)
    path = registry.root / "v1.0.0" / "fusion.pt"
    content = path.read_bytes()
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage == "flip" else content[: len(content) // 2])
    with pytest.raises(ArtifactError, match=r"v1\.0\.0/fusion\.pt"):
        registry.load_model()


def test_a_missing_version_says_what_there_is(registry: ModelRegistry):
    with pytest.raises(RegistryError, match="there are: none"):
        registry.load_model()
    save(registry)
    with pytest.raises(RegistryError, match=r"v9\.0\.0.*there are: v1\.0\.0"):
        registry.load_model("v9.0.0")


def test_lineage_follows_parents_to_the_first(registry: ModelRegistry):
    save(registry)
    save(registry)
    save(registry, parent_version="v1.0.0")
    assert [info.version for info in registry.lineage("latest")] == ["v1.2.0", "v1.0.0"]
    assert [info.version for info in registry.lineage("v1.1.0")] == ["v1.1.0", "v1.0.0"]
    with pytest.raises(RegistryError, match=r"v7\.0\.0"):
        save(registry, parent_version="v7.0.0")


def test_comparison_shows_what_differs(registry: ModelRegistry):
    save(registry, config={"lr": 0.1, "net": {"layers": 2}}, data_version="x")
    save(registry, metrics={**GOOD, "pregame/accuracy": 0.66}, config={"lr": 0.1, "net": {"layers": 3}}, data_version="x")
    difference = registry.compare_versions("v1.0.0", "v1.1.0")
    assert difference.metrics["pregame/accuracy"] == (0.65, 0.66, pytest.approx(0.01))
    assert difference.config == {"net.layers": (2, 3)}
    assert difference.same_data


def test_many_savers_at_once_get_different_versions(registry: ModelRegistry):
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda _: save(registry).version, range(8)))
    assert sorted(versions, key=Version.parse) == [f"v1.{minor}.0" for minor in range(8)]
    assert registry.latest() == "v1.7.0"


def test_a_failed_save_leaves_nothing(registry: ModelRegistry):
    save(registry)
    with pytest.raises(ArtifactError):
        save(registry, config={"learning_rate": float("nan")})
    assert sorted(file.name for file in registry.root.iterdir()) == [".lock", "latest", "v1.0.0"]


def test_what_a_killed_save_left_is_never_read_and_swept_away(registry: ModelRegistry):
    save(registry)
    left = registry.root / ".v1.1.0.0123abc.tmp"
    left.mkdir()
    (left / "fusion.pt").write_bytes(b"half")
    assert [info.version for info in registry.list_versions()] == ["v1.0.0"]
    assert save(registry).version == "v1.1.0"
    assert not left.exists()
