import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from nba_pipeline.models.artifacts import (
    ArtifactError,
    read_json,
    read_torch,
    sha256_file,
    state_hash,
    write_bytes,
    write_json,
    write_torch,
)


def test_registry_and_artifacts_load_no_torch():
    code = "import sys, nba_pipeline.models, nba_pipeline.models.registry, nba_pipeline.models.artifacts; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_resolves():
    import nba_pipeline.models as models

    assert set(models._MODULES) == set(models.__all__) <= set(dir(models))
    for name in models.__all__:
        assert getattr(models, name).__name__ == name
    with pytest.raises(AttributeError, match="NoSuchNet"):
        _ = models.NoSuchNet


def test_equal_weights_give_equal_bytes_in_another_process(tmp_path: Path):
    state = torch.nn.Linear(3, 2).state_dict()
    digest = write_torch(tmp_path / "a.pt", state)
    other = read_torch(tmp_path / "a.pt", digest)
    code = (
        "import sys; from pathlib import Path; from nba_pipeline.models.artifacts import *;"
        "print(write_torch(Path(sys.argv[2]), read_torch(Path(sys.argv[1]))))"
    )
    rewritten = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.pt"), str(tmp_path / "other name.pt")], capture_output=True, text=True, check=True
    )
    assert rewritten.stdout.strip() == digest == sha256_file(tmp_path / "a.pt")
    assert all(torch.equal(state[name], other[name]) for name in state)


def test_a_view_is_saved_without_the_rest_of_its_storage(tmp_path: Path):
    write_torch(tmp_path / "view.pt", {"row": torch.zeros(1_000_000)[:2]})
    assert (tmp_path / "view.pt").stat().st_size < 10_000


def test_state_hash_is_of_names_shapes_and_values_alone():
    state = {"a": torch.arange(6.0), "b": torch.ones(2)}
    assert state_hash(state) == state_hash(dict(reversed(state.items())))
    for other in ({**state, "a": torch.arange(6.0).view(2, 3)}, {**state, "b": torch.tensor([1.0, 1.0 + 1e-6])}, {"a": state["a"]}):
        assert state_hash(other) != state_hash(state)


def test_a_damaged_file_is_refused_and_named(tmp_path: Path):
    path = tmp_path / "gnn.pt"
    digest = write_torch(path, {"weight": torch.ones(4)})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match=rf"gnn\.pt is damaged: sha256 expected {digest}, found \w+.*Restore"):
        read_torch(path, digest)
    path.write_bytes(bytes(content[:100]))
    with pytest.raises(ArtifactError, match=r"gnn\.pt is not a file of weights"):
        read_torch(path)
    with pytest.raises(ArtifactError, match=r"gone\.pt cannot be read"):
        read_torch(tmp_path / "gone.pt")


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def test_a_file_with_code_in_it_is_refused(tmp_path: Path):
    torch.save({"weight": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(ArtifactError, match=r"evil\.pt"):
        read_torch(tmp_path / "evil.pt")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "model.bin"
    write_bytes(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArtifactError, match=r"model\.bin could not be written.*free disk space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["model.bin"]


def test_json_takes_numpy_numbers_and_refuses_nan(tmp_path: Path):
    write_json(tmp_path / "m.json", {"a": torch.tensor(0.5), "b": [1, 2]})
    assert read_json(tmp_path / "m.json") == {"a": 0.5, "b": [1, 2]}
    with pytest.raises(ArtifactError, match=r"m\.json was not written"):
        write_json(tmp_path / "m.json", {"a": float("nan")})
    assert read_json(tmp_path / "m.json")["a"] == 0.5
