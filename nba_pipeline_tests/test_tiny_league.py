"""The invented league must look like the real files and agree with itself, or tests on it prove nothing."""

import io
import lzma
import tarfile
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline_tests.tiny_league import write_archive


def read(path: Path) -> pl.DataFrame:
    if path.name.endswith(".csv.xz"):
        return pl.read_csv(io.BytesIO(lzma.decompress(path.read_bytes())), infer_schema=False)
    with tarfile.open(path) as archive:
        member = archive.extractfile(archive.getmembers()[0])
        assert member is not None
        return pl.read_csv(io.BytesIO(member.read()), infer_schema=False)


def columns(path: Path) -> list[str]:
    if path.name.endswith(".csv.xz"):
        with lzma.open(path, "rt") as lines:
            return lines.readline().strip().split(",")
    with tarfile.open(path) as archive:
        member = archive.extractfile(archive.next())
        assert member is not None
        return member.readline().decode().strip().split(",")


@pytest.mark.parametrize(
    "name",
    [
        "nbastats_2019.tar.xz",
        "shotdetail_2019.tar.xz",
        "leaguegamelog_teams_2021.csv.xz",
        "leaguegamelog_players_2021.csv.xz",
        "playerindex.csv.xz",
        "betting_lines_2021.csv.xz",
    ],
)
def test_columns_are_those_of_the_real_files(name: str, tiny_archive: Path, archive_dir: Path) -> None:
    assert columns(tiny_archive / name) == columns(archive_dir / name)


def test_same_seed_same_bytes(tiny_archive: Path, tmp_path: Path) -> None:
    write_archive(tmp_path)
    for file in tiny_archive.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_scores_of_plays_box_and_log_agree(year: int, tiny_archive: Path) -> None:
    plays = read(tiny_archive / f"nbastats_{year}.tar.xz").unique(maintain_order=True)
    final = plays.drop_nulls("SCORE").group_by("GAME_ID").last().select("GAME_ID", pl.col("SCORE").str.split(" - ").cast(pl.List(pl.Int64)))
    teams = read(tiny_archive / f"leaguegamelog_teams_{year}.csv.xz").with_columns(pl.col("PTS").cast(int))
    players = read(tiny_archive / f"leaguegamelog_players_{year}.csv.xz").with_columns(pl.col("PTS", "PLUS_MINUS").cast(int))
    home = pl.col("MATCHUP").str.contains("vs.")
    log = teams.group_by("GAME_ID").agg(pl.col("PTS").filter(~home).first().alias("away"), pl.col("PTS").filter(home).first().alias("home"))
    checked = final.join(log, on="GAME_ID").filter(pl.concat_list("away", "home") == pl.col("SCORE"))
    assert checked.height == final.height == log.height - (year == 2021)
    sums = players.group_by("GAME_ID", "TEAM_ID").agg(pl.col("PTS").sum(), pl.col("PLUS_MINUS").sum() / 5)
    both = teams.join(sums, on=["GAME_ID", "TEAM_ID"])
    assert both["PTS"].to_list() == both["PTS_right"].to_list()
    assert both["PLUS_MINUS"].cast(float).to_list() == both["PLUS_MINUS_right"].to_list()


def test_what_the_league_promises(tiny_archive: Path) -> None:
    logs = pl.concat([read(tiny_archive / f"leaguegamelog_teams_{year}.csv.xz") for year in (2019, 2020, 2021)])
    games = logs.group_by("GAME_ID").agg(pl.col("MIN").cast(int).max(), pl.col("GAME_DATE").first())
    assert games.height == 156 and games["GAME_DATE"].n_unique() == 78
    assert games.filter(pl.col("MIN") > 255).height >= 1, "no overtime game"
    assert not (tiny_archive / "shotdetail_2021.tar.xz").exists()
    plays = read(tiny_archive / "nbastats_2021.tar.xz")
    assert plays["GAME_ID"].n_unique() == 51
    assert plays.is_duplicated().any()


def test_shots_are_the_attempts_of_the_box(tiny_archive: Path) -> None:
    shots = read(tiny_archive / "shotdetail_2020.tar.xz").group_by("GAME_ID", "PLAYER_ID").len("shots")
    box = read(tiny_archive / "leaguegamelog_players_2020.csv.xz").with_columns(pl.col("FGA").cast(int)).filter(pl.col("FGA") > 0)
    both = box.join(shots, on=["GAME_ID", "PLAYER_ID"], how="full")
    assert (both["FGA"] == both["shots"]).all() and both.height == box.height
