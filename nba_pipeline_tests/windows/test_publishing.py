"""A training on disk: whole, pointed at last, and never half of it, whatever happens to the process or the disk."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from nba_pipeline.models.artifacts import ArtifactError, read_json, read_torch
from nba_pipeline.windows.artefact import CURRENT, MANIFEST, current, publish
from nba_pipeline.windows.window_files import WindowStore

NAME = "net.pt"


def put(home: Path, number: float, **facts: object) -> Path:
    return publish(home, NAME, {"weight": torch.full((3,), number)}, {"number": number, **facts}).folder


def number_in_use(home: Path) -> float:
    files = current(home, NAME, "train")
    return float(read_torch(files.folder / NAME, files.hashes[NAME])["weight"][0])


def flip(file: Path, at: int = -1) -> None:
    content = bytearray(file.read_bytes())
    content[at if at >= 0 else len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_newest_is_pointed_at_and_the_old_one_stays(tmp_path: Path):
    old = put(tmp_path, 1)
    assert put(tmp_path, 2) != old and number_in_use(tmp_path) == 2 and (old / NAME).exists()
    assert put(tmp_path, 1) == old and number_in_use(tmp_path) == 1


def test_equal_weights_bring_their_own_manifest(tmp_path: Path):
    put(tmp_path, 1, windows="old")
    put(tmp_path, 1, windows="new")
    assert current(tmp_path, NAME, "").manifest["windows"] == "new"


@pytest.mark.parametrize("file", [NAME, MANIFEST, CURRENT])
def test_every_flipped_byte_is_found_and_the_next_training_mends_it(tmp_path: Path, file: str):
    folder = put(tmp_path, 1)
    path, tried = (tmp_path if file == CURRENT else folder) / file, 0
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        if whole[at : at + 1].isspace():
            continue
        flip(path, at)
        with pytest.raises(ArtifactError, match=folder.name if file != CURRENT else str(tmp_path)):
            _ = current(tmp_path, NAME, "train").manifest
        path.write_bytes(whole)
        tried += 1
    assert tried > 20
    flip(path, whole.index(b'"') + 1 if file != NAME else len(whole) // 2)
    put(tmp_path, 1)
    assert number_in_use(tmp_path) == 1 and current(tmp_path, NAME, "").manifest["number"] == 1


def test_a_full_disk_leaves_the_old_one_in_use_and_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, 1)
    before = sorted(tmp_path.rglob("*"))
    real, calls = os.fsync, [0]

    for room in range(3):  # for nothing, for the weights, for the manifest too

        def full(file: int, room: int = room) -> None:
            calls[0] += 1
            if calls[0] > room:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(file)

        calls[0] = 0
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(ArtifactError, match=r"could not be written.*No space left.*free disk space"):
                put(tmp_path, 2)
        assert number_in_use(tmp_path) == 1 and not list(tmp_path.rglob("*.tmp"))
    assert set(before) <= set(tmp_path.rglob("*"))
    put(tmp_path, 2)
    assert number_in_use(tmp_path) == 2


def test_a_folder_that_cannot_be_renamed_is_an_error_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, 1)

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ArtifactError, match=r"Permission denied.*fix the folder's rights"):
        put(tmp_path, 2)
    assert number_in_use(tmp_path) == 1 and not list(tmp_path.rglob("*.tmp"))


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path):
    put(tmp_path, 1)
    left = tmp_path / ".0f.tmp"
    left.mkdir()
    (left / NAME).write_bytes(b"half")
    assert number_in_use(tmp_path) == 1
    put(tmp_path, 2)
    assert not left.exists() and number_in_use(tmp_path) == 2


@pytest.mark.parametrize("numbers", [[1] * 12, list(range(12))])
def test_many_at_once_leave_one_whole_version(tmp_path: Path, numbers: list[float]):
    put(tmp_path, 0)
    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(put, tmp_path, number) for number in numbers]
        while not all(one.done() for one in futures):
            number_in_use(tmp_path)  # a reader in between finds the old one or a new one, never half of one
        folders = {one.result() for one in futures}
    assert len(folders) == len(set(numbers)) and number_in_use(tmp_path) in numbers
    assert {folder.name for folder in folders} <= {one.name for one in tmp_path.iterdir()} and not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("text", ["[]", '"text"', "{}", '{"folder": 3, "sha256": {}}', '{"folder": "x", "sha256": "y"}', "{"])
def test_a_pointer_of_another_shape_is_named(tmp_path: Path, text: str):
    put(tmp_path, 1)
    (tmp_path / CURRENT).write_text(text)
    with pytest.raises(ArtifactError, match=r"current\.json"):
        current(tmp_path, NAME, "train")


def test_a_copied_window_is_not_taken_for_another(tmp_path: Path):
    publish(tmp_path / "2022-2024", "window.pt", {"vintages": []}, {"window": "2019-2021"})
    with pytest.raises(ArtifactError, match="holds the window 2019-2021, not 2022-2024: delete that folder"):
        WindowStore(tmp_path).files("2022-2024")
    assert read_json(tmp_path / "2022-2024" / CURRENT)["folder"]
