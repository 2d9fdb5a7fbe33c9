"""`nba download` at the command line: what it says, where it writes, and how it exits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli import main
from nba_pipeline.settings import get_settings
from nba_pipeline.sources.download import web
from nba_pipeline.sources.layout import PLAYS, SHOTS
from nba_pipeline_tests.sources.download.archive_server import PLAYS_2018, SHOTS_2018, ArchiveServer, serving

SEASON = ("--seasons", "2018-19")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveServer]:
    """One season of plays and shots, and a data folder of its own."""
    monkeypatch.setattr(web, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    for name in ("NBA_ARCHIVE_DIR", "NBA_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    get_settings.cache_clear()
    with serving() as archive:
        archive.publish(PLAYS, 2018)
        archive.publish(SHOTS, 2018)
        yield archive
    get_settings.cache_clear()


def nba_download(*words: str) -> Result:
    return CliRunner().invoke(main, ("download", *words))


def test_it_fills_the_real_archive_and_says_what_is_still_missing(server: ArchiveServer, tmp_path: Path) -> None:
    answer = nba_download(*SEASON, "--index", server.index)
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in (tmp_path / "data" / "raw").iterdir()) == ["SHA256SUMS", PLAYS_2018.name, SHOTS_2018.name]
    first, second, summary, missing = answer.stdout.splitlines()
    assert first.startswith(f"  fetched  {PLAYS_2018.name}  0.") and second.startswith(f"  fetched  {SHOTS_2018.name}")
    assert "2 files: 2 fetched" in summary and "Game logs and the player index are not in this archive" in missing
    again = nba_download(*SEASON, "--index", server.index)
    assert again.exit_code == 0 and "2 files: 2 there" in again.output


def test_it_fills_the_archive_that_the_settings_name(server: ArchiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBA_SOURCE", "archive")
    monkeypatch.setenv("NBA_ARCHIVE_DIR", str(tmp_path / "elsewhere"))
    get_settings.cache_clear()
    assert nba_download(*SEASON, "--dataset", "shotdetail", "--index", server.index).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["SHA256SUMS", SHOTS_2018.name]


def test_json_is_all_there_is_on_standard_output(server: ArchiveServer, tmp_path: Path) -> None:
    answer = nba_download(
        "--seasons", "2018-19:2019-20", "--dataset", "nbastats", "--index", server.index, "--into", str(tmp_path), "--json"
    )
    assert answer.exit_code == 1
    said = json.loads(answer.stdout)
    assert said["folder"] == str(tmp_path)
    assert [(one["file"], one["status"]) for one in said["files"]] == [(PLAYS_2018.name, "fetched"), ("nbastats_2019.tar.xz", "failed")]
    assert len(said["files"][0]["sha256"]) == 64 and "has 2018-19" in said["files"][1]["message"]


def test_a_missing_file_exits_with_one_and_keeps_the_other(server: ArchiveServer, tmp_path: Path) -> None:
    del server.files[PLAYS_2018.name]
    answer = nba_download(*SEASON, "--index", server.index, "--into", str(tmp_path))
    assert answer.exit_code == 1
    assert f"failed   {PLAYS_2018.name}" in answer.output and "404" in answer.output and "1 fetched, 1 failed" in answer.output
    assert "Game logs" not in answer.output and (tmp_path / SHOTS_2018.name).exists()


def test_force_fetches_anew(server: ArchiveServer, tmp_path: Path) -> None:
    words = (*SEASON, "--index", server.index, "--into", str(tmp_path))
    nba_download(*words)
    answer = nba_download(*words, "--force")
    assert answer.exit_code == 0 and "2 fetched" in answer.output
    assert len(server.requests_of(PLAYS_2018.name)) == 2


def test_an_index_that_cannot_be_reached_is_one_line(server: ArchiveServer, tmp_path: Path) -> None:
    with serving() as gone:
        pass
    answer = nba_download(*SEASON, "--index", gone.index, "--into", str(tmp_path))
    assert answer.exit_code == 1 and answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1 and "check the network" in answer.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--seasons"),
        (("--seasons", "2018"), "'2018' is not a season"),
        ((*SEASON, "--dataset", "pbpstats"), "nbastats"),
        ((*SEASON, "--index", "list_data.txt"), "write https://"),
    ],
    ids=["no seasons", "no season", "no dataset", "no address"],
)
def test_wrong_usage_exits_with_two(words: tuple[str, ...], said: str) -> None:
    answer = nba_download(*words)
    assert answer.exit_code == 2 and said in answer.output


def test_help_teaches_with_examples_on_lines_of_their_own() -> None:
    lines = [line.strip() for line in nba_download("--help").output.splitlines()]
    assert "Examples:" in lines and "nba download --seasons 2018-19:2022-23" in lines
    assert any(line.startswith("Exit codes: 0 all files are there; 1") for line in lines)
