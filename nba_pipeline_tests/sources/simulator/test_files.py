"""The files: names, columns, bytes, and what happens when a run is killed."""

import hashlib
from pathlib import Path

import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.compressed import read_compressed
from nba_pipeline.sources.layout import BETTING_LINES, PLAYER_INDEX, PLAYER_LOG, PLAYS, PROP_LINES, SHOTS, TEAM_LOG
from nba_pipeline.sources.simulator import ensure_season, files
from nba_pipeline.sources.simulator.season import SimulatedSeason, simulate_season

REAL = {PLAYS: 2018, SHOTS: 2017, TEAM_LOG: 2018, PLAYER_LOG: 2018, BETTING_LINES: 2018, PROP_LINES: 2024}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seasons of six teams, so that writing them takes a second."""
    monkeypatch.setattr(files, "simulate_season", lambda season, seed: simulate_season(season, seed, teams=6))


def digests(root: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.glob("*.xz"))}


def header(path: Path) -> str:
    content = read_compressed(path).decode()
    return content.partition("\n")[0].replace('"', "").strip()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, quick: None) -> None:
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        assert ensure_season(tmp_path / name, "2021-22", seed)
    assert digests(tmp_path / "first") == digests(tmp_path / "again")
    assert not digests(tmp_path / "first").items() & digests(tmp_path / "other").items()


def test_a_season_is_played_once(tmp_path: Path, quick: None) -> None:
    assert ensure_season(tmp_path, "2021-22", 1)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert not ensure_season(tmp_path, "2021-22", 1)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert ensure_season(tmp_path, "2020-21", 1)
    assert not ensure_season(tmp_path, "2021-22", 1)


def test_another_seed_or_a_lost_file_plays_it_anew(tmp_path: Path, quick: None) -> None:
    ensure_season(tmp_path, "2021-22", 1)
    assert ensure_season(tmp_path, "2021-22", 2)
    SHOTS.path(tmp_path, "2021-22").unlink()
    assert ensure_season(tmp_path, "2021-22", 2)


def test_a_run_that_dies_between_files_starts_the_season_anew(tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(files, "player_index", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ensure_season(tmp_path, "2021-22", 1)
    assert not (tmp_path / files.NOTE).exists()
    assert ensure_season(tmp_path, "2021-22", 1)


def test_the_reader_of_the_archive_takes_every_file(tmp_path: Path, small_season: SimulatedSeason) -> None:
    files.write_season(tmp_path, small_season)
    archive = RawArchive(tmp_path)
    assert archive.plays("2021-22").height == len(small_season.events)
    assert archive.shots("2021-22").height == (small_season.events.zone >= 0).sum()
    assert archive.team_log("2021-22").height == 120
    assert archive.betting_lines("2021-22").height == 60
    assert archive.player_index()["PERSON_ID"].is_unique().all()
    assert {game[0] for game in archive.game_ids_with_plays("2021-22")} == {"9"}


def test_columns_are_those_of_the_real_files(tmp_path: Path, small_season: SimulatedSeason, archive_dir: Path) -> None:
    files.write_season(tmp_path, small_season)
    for dataset, year in REAL.items():
        real = archive_dir / f"{dataset.name}_{year}{dataset.suffix}"
        own = header(dataset.path(tmp_path, "2021-22"))
        assert own == header(real), dataset.name
    assert header(PLAYER_INDEX.path(tmp_path, None)) == header(PLAYER_INDEX.path(archive_dir, None))
