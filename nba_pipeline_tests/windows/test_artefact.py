"""Trainings on disk: whole or not at all, pointed at, and every flipped byte found."""

from pathlib import Path

import pytest
import torch

from nba_pipeline.models.artifacts import ArtifactError
from nba_pipeline.windows.artefact import CURRENT, MANIFEST, current, publish

NAME = "weights.pt"


def saved(home: Path, value: float) -> Path:
    return publish(home, NAME, {"state": torch.full((3,), value)}, {"rows": 3}).folder


def test_a_new_training_leaves_the_old_one_and_moves_the_pointer(tmp_path: Path):
    first, second = saved(tmp_path, 1.0), saved(tmp_path, 2.0)
    assert first != second and (first / NAME).exists()
    assert current(tmp_path, NAME, "train").folder == second
    assert saved(tmp_path, 1.0) == first, "equal weights are the same training"
    assert current(tmp_path, NAME, "train").manifest["rows"] == 3
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.parametrize("name", [NAME, MANIFEST])
def test_a_flipped_byte_is_found_and_named(tmp_path: Path, name: str):
    file = saved(tmp_path, 1.0) / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ArtifactError, match=name):
        current(tmp_path, NAME, "train")
    saved(tmp_path, 1.0)
    assert current(tmp_path, NAME, "train").manifest["rows"] == 3, "training again mends it"


@pytest.mark.parametrize("content", ["{}", "[]", '{"folder": "x"}', "no json"])
def test_a_pointer_that_points_nowhere_is_refused(tmp_path: Path, content: str):
    saved(tmp_path, 1.0)
    (tmp_path / CURRENT).write_text(content)
    with pytest.raises(ArtifactError, match=CURRENT):
        current(tmp_path, NAME, "train")


def test_nothing_trained_names_the_remedy(tmp_path: Path):
    with pytest.raises(ArtifactError, match="train it"):
        current(tmp_path / "2019-2021", NAME, "train it")
