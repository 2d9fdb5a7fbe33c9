"""The tiny league must look like the real files and agree with itself, or tests on it prove nothing."""

import io
import lzma
import tarfile
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline_tests.tiny_league import write_archive

YEARS = (2019, 2020, 2021)


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


@pytest.mark.parametrize("year", YEARS)
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
    logs = pl.concat([read(tiny_archive / f"leaguegamelog_teams_{year}.csv.xz") for year in YEARS])
    games = logs.group_by("GAME_ID").agg(pl.col("MIN").cast(int).max(), pl.col("GAME_DATE").first())
    assert games.height == 180 and games["GAME_DATE"].n_unique() == 126, "on some nights there is more than one game"
    assert games.filter(pl.col("MIN") > 255).height >= 1, "no overtime game"


def test_in_the_last_season_somebody_is_traded_after_its_middle(tiny_archive: Path) -> None:
    log = read(tiny_archive / "leaguegamelog_players_2021.csv.xz")
    days = log["GAME_DATE"].unique().sort()
    first_games = log.group_by("PLAYER_ID", "TEAM_ID").agg(pl.col("GAME_DATE").min())
    second_club = first_games.group_by("PLAYER_ID").agg(pl.len(), pl.col("GAME_DATE").max()).filter(pl.col("len") > 1)
    assert second_club.height and (second_club["GAME_DATE"] > days[len(days) // 2]).all()


def test_what_real_files_get_wrong_is_planted(tiny_archive: Path) -> None:
    plays, teams, lines = (
        [read(tiny_archive / f"{name}_{year}{suffix}") for year in YEARS]
        for name, suffix in (("nbastats", ".tar.xz"), ("leaguegamelog_teams", ".csv.xz"), ("betting_lines", ".csv.xz"))
    )
    assert all(rows.is_duplicated().any() for rows in plays)
    assert [rows["PERSON1TYPE"].str.ends_with(".0").all() for rows in plays] == [True, False, False]
    assert [rows["GAME_ID"].n_unique() for rows in plays] == [60, 60, 59]
    assert [(tiny_archive / f"shotdetail_{year}.tar.xz").exists() for year in YEARS] == [True, True, False]
    assert all({"239", "240", "241"} <= set(rows["MIN"]) and rows["PLUS_MINUS"].str.ends_with(".0").all() for rows in teams)
    assert [rows["spread"].null_count() for rows in lines] == [0, 1, 0]
    assert all(rows["playoffs"].to_list() == ["FALSE"] * 60 + ["TRUE"] for rows in lines)


def test_somebody_who_plays_has_no_height_and_weight(tiny_archive: Path) -> None:
    unknown = read(tiny_archive / "playerindex.csv.xz").filter(pl.col("HEIGHT").is_null() | pl.col("WEIGHT").is_null())
    assert unknown.select("HEIGHT", "WEIGHT").rows() == [(None, None)]
    assert all(unknown["PERSON_ID"][0] in read(tiny_archive / f"leaguegamelog_players_{year}.csv.xz")["PLAYER_ID"] for year in YEARS)


def test_shots_are_the_attempts_of_the_box(tiny_archive: Path) -> None:
    shots = read(tiny_archive / "shotdetail_2020.tar.xz").group_by("GAME_ID", "PLAYER_ID").len("shots")
    box = read(tiny_archive / "leaguegamelog_players_2020.csv.xz").with_columns(pl.col("FGA").cast(int)).filter(pl.col("FGA") > 0)
    both = box.join(shots, on=["GAME_ID", "PLAYER_ID"], how="full")
    assert (both["FGA"] == both["shots"]).all() and both.height == box.height
