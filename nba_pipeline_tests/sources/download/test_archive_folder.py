"""A folder that is filled: what is good in it, what is damaged, and who may fill it."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from nba_pipeline.sources.download.archive_folder import ArchiveFolder, BusyError, FolderError
from nba_pipeline.sources.download.checksums import NAME as SUMS
from nba_pipeline.sources.download.checksums import Checksums
from nba_pipeline.sources.layout import PLAYS
from nba_pipeline_tests.sources.download.archive_server import PLAYS_2018, PLAYS_2019, ArchiveServer, damaged, fetch, sums, tar_of

NAME = PLAYS_2018.name


def test_a_file_put_there_by_hand_is_read_kept_and_noted(server: ArchiveServer, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(tar_of(PLAYS, seed=7))
    (outcome,) = fetch(server, tmp_path)
    assert outcome.status == "there" and "noted in SHA256SUMS" in outcome.message
    assert (tmp_path / SUMS).read_text() == sums(tmp_path / NAME) and not server.asked


def test_damage_on_disk_is_named_and_left_for_force(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    fetch(server, tmp_path)
    (tmp_path / NAME).write_bytes(damaged(content))
    (tmp_path / PLAYS_2019.name).write_bytes(b"half a file")
    changed, unreadable = fetch(server, tmp_path, PLAYS_2018, PLAYS_2019)
    assert (changed.status, unreadable.status) == ("damaged", "damaged")
    assert hashlib.sha256(content).hexdigest() in changed.message and "--seasons 2018-19 --dataset nbastats --force" in changed.message
    assert "truncated or damaged" in unreadable.message
    assert (tmp_path / NAME).read_bytes() == damaged(content) and PLAYS_2019.name not in (tmp_path / SUMS).read_text()
    assert fetch(server, tmp_path, force=True)[0].status == "fetched"
    assert (tmp_path / NAME).read_bytes() == content and (tmp_path / SUMS).read_text() == sums(tmp_path / NAME)


def test_a_full_disk_says_so_and_the_next_try_goes_on(server: ArchiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = server.publish(PLAYS, 2018)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch, pytest.raises(FolderError, match=r"No space left on device.*free disk space"):
        patch.setattr(os, "fsync", full)
        fetch(server, tmp_path)
    assert not (tmp_path / NAME).exists() and not (tmp_path / ".download.lock").exists()
    assert fetch(server, tmp_path)[0].status == "fetched" and (tmp_path / NAME).read_bytes() == content


def test_a_folder_that_is_a_file_says_what_to_give(server: ArchiveServer, tmp_path: Path) -> None:
    (tmp_path / "raw").touch()
    with pytest.raises(FolderError, match="--into"):
        fetch(server, tmp_path / "raw")


def test_one_download_at_a_time_and_a_dead_one_does_not_count(server: ArchiveServer, tmp_path: Path) -> None:
    server.publish(PLAYS, 2018)
    with ArchiveFolder(tmp_path).alone(), pytest.raises(BusyError, match=rf"pid {os.getpid()}"):
        fetch(server, tmp_path)
    assert fetch(server, tmp_path)[0].status == "fetched"


def test_a_kill_between_a_file_and_its_record_is_no_damage(server: ArchiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.publish(PLAYS, 2018)
    fetch(server, tmp_path)
    server.files[NAME] = new = tar_of(PLAYS, seed=99)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Checksums, "record", killed)
        fetch(server, tmp_path, force=True)
    (outcome,) = fetch(server, tmp_path)
    assert outcome.status == "there" and (tmp_path / NAME).read_bytes() == new and (tmp_path / SUMS).read_text() == sums(tmp_path / NAME)


def test_records_of_other_files_and_other_spellings_are_kept(server: ArchiveServer, tmp_path: Path) -> None:
    server.publish(PLAYS, 2018)
    fetch(server, tmp_path)
    theirs, ours = f"{'a' * 64}  other.csv.xz", (tmp_path / SUMS).read_text().split()[0]
    (tmp_path / SUMS).write_text(f"# a note\n{theirs}\n{ours.upper()} *./{NAME}\n")
    assert fetch(server, tmp_path)[0].status == "there"
    assert fetch(server, tmp_path, force=True)[0].status == "fetched"
    assert (tmp_path / SUMS).read_text() == f"{sums(tmp_path / NAME)}{theirs}\n"
