"""A transfer that was cut, killed or outdated goes on where it can and starts over where it must, over real HTTP."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nba_pipeline.sources.download import web
from nba_pipeline.sources.download.archive_folder import BusyError
from nba_pipeline.sources.download.checksums import NAME as SUMS
from nba_pipeline.sources.download.outcome import Watch
from nba_pipeline.sources.layout import PLAYS
from nba_pipeline_tests.sources.download.archive_server import PLAYS_2018, PLAYS_2019, ArchiveServer, fetch, names, serving, tar_of

NAME = PLAYS_2018.name
ROOT = Path(__file__).resolve().parents[2]


def test_a_cut_connection_is_taken_up_in_the_middle(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.cuts[NAME] = [len(content) // 2, len(content) // 4]
    (outcome,) = fetch(server, tmp_path)
    first, second, third = server.requests_of(NAME)
    assert first.range_start is None and first.encoding == "identity"
    assert 0 < (second.range_start or 0) <= len(content) // 2 < (third.range_start or 0) <= 3 * len(content) // 4
    assert second.if_range == f'"{hashlib.md5(content).hexdigest()}"'
    assert outcome.status == "fetched" and (tmp_path / NAME).read_bytes() == content


def test_a_connection_that_is_always_cut_fails_and_keeps_what_came(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.publish(PLAYS, 2019)
    server.cuts[NAME] = [40_000, *[100] * (web.ATTEMPTS - 1)]
    failed, fetched = fetch(server, tmp_path, PLAYS_2018, PLAYS_2019)
    assert (failed.status, fetched.status) == ("failed", "fetched")
    assert "was cut off" in failed.message and "run the same command to go on" in failed.message
    assert not (tmp_path / NAME).exists()
    kept = (tmp_path / ".download" / f"{NAME}.part").stat().st_size
    (outcome,) = fetch(server, tmp_path)
    assert server.requests_of(NAME)[-1].range_start == kept > 0
    assert outcome.status == "fetched" and (tmp_path / NAME).read_bytes() == content and not (tmp_path / ".download").exists()


def test_a_killed_command_is_taken_up_by_the_next_one(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.pause_after = len(content) // 2
    words = ["download", "--seasons", "2018-19", "--dataset", "nbastats", "--index", server.index, "--into", str(tmp_path)]
    command = [sys.executable, "-m", "nba_pipeline.cli", *words]
    part = tmp_path / ".download" / f"{NAME}.part"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as first:
        deadline = time.monotonic() + 20
        while (not part.exists() or part.stat().st_size == 0) and first.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        with pytest.raises(BusyError, match=rf"another download \(pid {first.pid}\) is at work"):
            fetch(server, tmp_path)
        os.kill(first.pid, signal.SIGKILL)
    kept, server.pause_after = part.stat().st_size, None
    server.go_on.set()
    assert kept > 0 and not (tmp_path / NAME).exists()
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stdout + second.stderr
    assert server.requests_of(NAME)[-1].range_start == kept
    assert (tmp_path / NAME).read_bytes() == content and names(tmp_path) == {NAME, SUMS}


def test_a_part_that_is_whole_is_not_fetched_again(server: ArchiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = server.publish(PLAYS, 2018)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        fetch(server, tmp_path)
    assert names(tmp_path) == {".download", f".download/{NAME}.part", f".download/{NAME}.part.json"}
    fetch(server, tmp_path)
    assert server.requests_of(NAME)[-1].range_start == len(content) - 1
    assert (tmp_path / NAME).read_bytes() == content


def test_a_server_that_ignores_ranges_starts_over(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.ranges, server.cuts[NAME] = False, [len(content) // 2]
    (outcome,) = fetch(server, tmp_path)
    assert [one.range_start is None for one in server.requests_of(NAME)] == [True, False]
    assert outcome.status == "fetched" and (tmp_path / NAME).read_bytes() == content


@pytest.mark.parametrize(
    "settings",
    [{}, {"heeds_if_range": False}, {"names_content": False}],
    ids=["the server says so", "the client finds out by its ETag", "the client finds out by its length"],
)
def test_a_file_that_changed_between_two_tries_starts_over(server: ArchiveServer, tmp_path: Path, settings: dict[str, bool]) -> None:
    old, padding = server.publish(PLAYS, 2018), b""
    server.cuts[NAME] = [len(old) // 2, *[1] * (web.ATTEMPTS - 1)]
    vars(server).update(settings)
    assert fetch(server, tmp_path)[0].status == "failed"
    new = tar_of(PLAYS, rows=390, seed=99)
    if server.names_content:
        padding = b"\xff" * (len(old) - len(new))  # what follows the end is not read: only the ETag tells the two apart
    server.files[NAME] = new + padding
    (outcome,) = fetch(server, tmp_path)
    assert server.requests_of(NAME)[-1].range_start is None or server.heeds_if_range
    assert outcome.status == "fetched" and (tmp_path / NAME).read_bytes() == new + padding


def test_a_part_longer_than_the_file_now_is_starts_over(server: ArchiveServer, tmp_path: Path) -> None:
    old, server.names_content = server.publish(PLAYS, 2018), False
    server.cuts[NAME] = [len(old) - 1000, *[1] * (web.ATTEMPTS - 1)]
    fetch(server, tmp_path)
    server.files[NAME] = new = tar_of(PLAYS, rows=50, seed=99)
    (outcome,) = fetch(server, tmp_path)
    assert outcome.status == "fetched" and (tmp_path / NAME).read_bytes() == new


def test_progress_counts_what_an_earlier_try_left(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.cuts[NAME] = [len(content) // 2]
    moves: list[tuple[int, int | None]] = []

    class Listening(Watch):
        def moved(self, file: str, done_bytes: int, total_bytes: int | None) -> None:
            moves.append((done_bytes, total_bytes))

    fetch(server, tmp_path, watch=Listening())
    assert {total for _, total in moves} == {len(content)} and moves[0][0] == 0 and moves[-1][0] == len(content)
    assert [done for done, _ in moves] == sorted(done for done, _ in moves)


def test_a_server_that_sends_less_than_was_asked_is_asked_for_the_rest(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.cuts[NAME], server.range_bytes = [len(content) // 2], len(content) // 3
    assert fetch(server, tmp_path)[0].status == "fetched" and (tmp_path / NAME).read_bytes() == content


def test_a_part_from_another_address_is_not_taken_up(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    server.cuts[NAME] = [len(content) // 2, *[1] * (web.ATTEMPTS - 1)]
    fetch(server, tmp_path)
    with serving() as mirror:
        mirror.publish(PLAYS, 2018, content)
        assert fetch(mirror, tmp_path)[0].status == "fetched" and mirror.requests_of(NAME)[0].range_start is None
