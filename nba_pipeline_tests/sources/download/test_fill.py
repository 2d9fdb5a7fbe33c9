"""The raw archive from a public one, over real HTTP: whole and checked, or not there at all."""

import hashlib
from pathlib import Path

import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.download import web
from nba_pipeline.sources.download.archive_index import NoIndexError
from nba_pipeline.sources.download.checksums import NAME as SUMS
from nba_pipeline.sources.download.outcome import WantedFile
from nba_pipeline.sources.download.web import AnswerError, UnreachableError
from nba_pipeline.sources.layout import PLAYS, SHOTS
from nba_pipeline_tests.sources.download.archive_server import (
    INDEX,
    PLAYS_2018,
    PLAYS_2019,
    SHOTS_2018,
    ArchiveServer,
    damaged,
    fetch,
    names,
    serving,
    sums,
    tar_of,
)

NAME = PLAYS_2018.name


def test_files_are_fetched_and_their_checksums_kept(server: ArchiveServer, tmp_path: Path) -> None:
    plays, shots = server.publish(PLAYS, 2018), server.publish(SHOTS, 2018)
    server.publish(PLAYS, 2019)
    outcomes = fetch(server, tmp_path / "new" / "raw", PLAYS_2018, SHOTS_2018)
    raw = tmp_path / "new" / "raw"
    assert [(one.file, one.status, one.bytes) for one in outcomes] == [
        (NAME, "fetched", len(plays)),
        (SHOTS_2018.name, "fetched", len(shots)),
    ]
    assert (raw / NAME).read_bytes() == plays and (raw / SHOTS_2018.name).read_bytes() == shots
    assert names(raw) == {NAME, SHOTS_2018.name, SUMS}
    assert (raw / SUMS).read_text() == sums(raw / NAME, raw / SHOTS_2018.name)
    assert RawArchive(raw).seasons("nbastats") == ("2018-19",)


def test_what_is_there_is_left_alone_and_no_server_is_asked(server: ArchiveServer, tmp_path: Path) -> None:
    server.publish(PLAYS, 2018)
    fetch(server, tmp_path)
    before, asked = (tmp_path / NAME).stat(), len(server.asked)
    (again,) = fetch(server, tmp_path)
    assert (again.status, again.message) == ("there", "")
    after = (tmp_path / NAME).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino) and len(server.asked) == asked


def test_a_published_checksum_is_compared(server: ArchiveServer, tmp_path: Path) -> None:
    content, other = server.publish(PLAYS, 2018), "0" * 64
    good = server.publish(SHOTS, 2018)
    server.files[SUMS] = f"{other}  datasets/{NAME}\n{hashlib.sha256(good).hexdigest().upper()} *{SHOTS_2018.name}\n".encode()
    refused, fetched = fetch(server, tmp_path, PLAYS_2018, SHOTS_2018)
    assert (refused.status, fetched.status) == ("failed", "fetched")
    assert other in refused.message and hashlib.sha256(content).hexdigest() in refused.message and "--index of a mirror" in refused.message
    assert names(tmp_path) == {SHOTS_2018.name, SUMS}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (tar_of(PLAYS)[:-5000], "truncated or damaged"),
        (damaged(tar_of(PLAYS)), "truncated or damaged"),
        (b"<html>sign in to this network</html>", "truncated or damaged"),
        (tar_of(PLAYS, without="PERIOD"), "column PERIOD is missing"),
        (tar_of(PLAYS, rows=0), "no rows"),
    ],
    ids=["cut short", "damaged", "no archive", "a column missing", "no rows"],
)
def test_what_is_not_whole_never_gets_its_name(server: ArchiveServer, tmp_path: Path, content: bytes, said: str) -> None:
    server.publish(PLAYS, 2018, content)
    (outcome,) = fetch(server, tmp_path)
    assert outcome.status == "failed" and said in outcome.message and f"{server.address}{NAME} was refused" in outcome.message
    assert names(tmp_path) == set()


def test_an_absent_file_does_not_keep_the_others_from_coming(server: ArchiveServer, tmp_path: Path) -> None:
    server.publish(PLAYS, 2018)
    server.publish(PLAYS, 2019)
    del server.files[NAME]
    absent, fetched = fetch(server, tmp_path, PLAYS_2018, PLAYS_2019)
    assert (absent.status, fetched.status) == ("failed", "fetched")
    assert f"{server.address}{NAME} answers 404" in absent.message and "data/README.md" in absent.message


def test_a_season_that_is_not_in_the_index_names_those_that_are(server: ArchiveServer, tmp_path: Path) -> None:
    for year in (1999, 2018, 2019, 2021):
        server.publish(PLAYS, year)
    (absent,) = fetch(server, tmp_path, WantedFile(PLAYS, "2029-30"))
    assert absent.status == "failed" and "has 1999-00,2018-19:2019-20,2021-22" in absent.message
    (none,) = fetch(server, tmp_path, SHOTS_2018)
    assert "has none of it" in none.message


def test_a_busy_server_is_asked_again(server: ArchiveServer, tmp_path: Path) -> None:
    server.publish(PLAYS, 2018)
    server.statuses = {INDEX: [503], NAME: [429, 502]}
    assert fetch(server, tmp_path)[0].status == "fetched"
    server.statuses = {INDEX: [503] * web.ATTEMPTS}
    with pytest.raises(AnswerError, match="503"):
        fetch(server, tmp_path, PLAYS_2019)


def test_lines_of_the_index_that_are_none_are_passed_over(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    garbage = f"\n  \n# a note\nnbastats_2019\nnbastats_po_2018={server.address}other\nnbastats_=x\n=\n\xff\x00\nnbastats_9999=y\n"
    server.files[INDEX] = garbage.encode("latin-1") + f"nbastats_2018 = {NAME}\r\n\n".encode()
    assert fetch(server, tmp_path)[0].status == "fetched" and (tmp_path / NAME).read_bytes() == content
    server.files[INDEX] = b"<html>\n</html>"
    with pytest.raises(NoIndexError, match="nbastats_2018=https"):
        fetch(server, tmp_path, PLAYS_2019)


def test_a_host_that_does_not_answer_is_named(server: ArchiveServer, tmp_path: Path) -> None:
    with serving() as gone:
        pass
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:\d+ cannot be reached \(.*refused.*\).*network.*--index.*data/README\.md"):
        fetch(gone, tmp_path)
    assert names(tmp_path) == set()


def test_force_that_fails_leaves_the_old_file(server: ArchiveServer, tmp_path: Path) -> None:
    content = server.publish(PLAYS, 2018)
    fetch(server, tmp_path)
    server.files[NAME] = b"broken"
    assert fetch(server, tmp_path, force=True)[0].status == "failed"
    assert (tmp_path / NAME).read_bytes() == content and fetch(server, tmp_path)[0].status == "there"
