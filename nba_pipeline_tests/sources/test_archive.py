import io
import lzma
import tarfile
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import ArchiveError, RawArchive
from nba_pipeline.sources.layout import AVAILABILITY, DATASETS, PLAYS, PROP_LINES, SHOTS, TEAM_LOG, Dataset

SEASON = "2021-22"


def put(root: Path, dataset: Dataset, rows: list[dict[str, str]], without: str = "", extra: str = "") -> RawArchive:
    """Writes a file of the archive whose columns are all the required ones, filled with 1."""
    columns = [column for column in (*dataset.required, extra) if column and column != without]
    content = "\n".join([",".join(columns), *(",".join(row.get(column, "1") for column in columns) for row in rows)]).encode() + b"\n"
    path = dataset.path(root, SEASON)
    if dataset.suffix == ".csv.xz":
        path.write_bytes(lzma.compress(content))
        return RawArchive(root)
    member = tarfile.TarInfo("inside.csv")
    member.size = len(content)
    with tarfile.open(path, "w:xz") as archive:
        archive.addfile(member, io.BytesIO(content))
    return RawArchive(root)


@pytest.mark.parametrize("game_id", ["21800001", "0021800001", "21800001.0"])
def test_game_ids_have_ten_digits_and_ids_are_integers(tmp_path: Path, game_id: str) -> None:
    archive = put(tmp_path, PLAYS, [{"GAME_ID": game_id, "PLAYER1_TEAM_ID": "1610612738.0", "PLAYER2_TEAM_ID": ""}])
    row = archive.plays(SEASON).row(0, named=True)
    assert row["GAME_ID"] == "0021800001"
    assert (row["PLAYER1_TEAM_ID"], row["PLAYER2_TEAM_ID"]) == (1610612738, None)
    assert archive.game_ids_with_plays(SEASON) == {"0021800001"}


def test_columns_that_are_not_used_are_not_read(tmp_path: Path) -> None:
    plays = put(tmp_path, PLAYS, [{}], extra="WCTIMESTRING").plays(SEASON)
    assert tuple(plays.columns) == PLAYS.required
    assert "COLOUR" in put(tmp_path, TEAM_LOG, [{}], extra="COLOUR").team_log(SEASON).columns


@pytest.mark.parametrize("dataset", [PLAYS, SHOTS, TEAM_LOG], ids=lambda dataset: dataset.name)
def test_a_missing_column_is_named_with_its_file(tmp_path: Path, dataset: Dataset) -> None:
    column = dataset.required[-1]
    put(tmp_path, dataset, [{}], without=column)
    with pytest.raises(ArchiveError, match=rf"{dataset.name}_2021.*column {column} is missing"):
        RawArchive(tmp_path)._read(dataset, SEASON)


@pytest.mark.parametrize(("column", "value"), [("GAME_ID", "abc"), ("GAME_ID", ""), ("PLAYER1_ID", "LeBron"), ("PERIOD", "1.5")])
def test_what_is_no_id_is_named_with_its_line(tmp_path: Path, column: str, value: str) -> None:
    archive = put(tmp_path, PLAYS, [{}, {column: value}])
    with pytest.raises(ArchiveError, match=rf"column {column} .* in line 3"):
        archive.plays(SEASON)


REPORT = {
    "game_date": "2021-10-19", "team": "BOS", "player_id": "1", "player_name": "A", "status": "Out", "as_of": "2021-10-19T22:30:00Z",
}  # fmt: skip


def test_an_availability_file_is_read(tmp_path: Path) -> None:
    reports = put(tmp_path, AVAILABILITY, [REPORT, REPORT | {"team": "1610612738", "status": "Questionable"}]).availability(SEASON)
    assert reports["status"].to_list() == ["Out", "Questionable"] and reports["player_id"].to_list() == [1, 1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "Injured"),
        ("status", ""),
        ("team", "Celtics"),
        ("player_id", ""),
        ("game_date", "10/19/2021"),
        ("as_of", "2021-10-19T22:30:00"),
    ],
)
def test_a_malformed_report_is_refused_with_its_line_and_the_remedy(tmp_path: Path, column: str, value: str) -> None:
    archive = put(tmp_path, AVAILABILITY, [REPORT, REPORT | {column: value}])
    with pytest.raises(ArchiveError, match=rf"availability_2021.csv.xz: column {column} .* in line 3; correct the row .*data/README.md"):
        archive.availability(SEASON)


def test_a_file_without_rows_and_a_ragged_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no rows"):
        put(tmp_path, TEAM_LOG, []).team_log(SEASON)
    with pytest.raises(ArchiveError, match="not a readable CSV"):
        put(tmp_path, TEAM_LOG, [{"WL": "W,W,W"}]).team_log(SEASON)


@pytest.mark.parametrize("dataset", [dataset for dataset in DATASETS.values() if dataset.optional], ids=lambda dataset: dataset.name)
def test_an_optional_file_may_have_no_rows_yet(tmp_path: Path, dataset: Dataset) -> None:
    archive = put(tmp_path, dataset, [])
    rows = {AVAILABILITY.name: archive.availability, PROP_LINES.name: archive.prop_lines}[dataset.name](SEASON)
    assert rows.is_empty() and set(dataset.required) <= set(rows.columns)


def test_absent_seasons(tmp_path: Path) -> None:
    archive = put(tmp_path, TEAM_LOG, [{}])
    assert archive.has("leaguegamelog_teams", SEASON) and not archive.has("nbastats", SEASON)
    assert archive.seasons("leaguegamelog_teams") == (SEASON,) and archive.seasons("nbastats") == ()
    assert archive.game_ids_with_plays(SEASON) == frozenset()
    with pytest.raises(ArchiveError, match="nbastats_2021"):
        archive.plays(SEASON)


def test_files_change_their_hash_with_their_content(tmp_path: Path) -> None:
    before = put(tmp_path, TEAM_LOG, [{}]).files(SEASON)
    after = put(tmp_path, TEAM_LOG, [{}, {}]).files(SEASON)
    assert [file.path.name for file in before] == ["leaguegamelog_teams_2021.csv.xz"]
    assert after[0].bytes == after[0].path.stat().st_size
    assert before[0].sha256 != after[0].sha256
    assert RawArchive(tmp_path).files(None) == []


def test_the_invented_league_is_readable(tiny_archive: Path) -> None:
    archive = RawArchive(tiny_archive)
    assert archive.seasons("nbastats") == ("2019-20", "2020-21", "2021-22")
    for read in (archive.plays, archive.team_log, archive.player_log, archive.betting_lines):
        assert read("2019-20").height > 0
    assert archive.player_index().schema["PERSON_ID"] == pl.Int64
    assert archive.shots("2019-20").schema["LOC_X"] == pl.Int64


def test_what_is_in_the_real_archive(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    assert len(archive.seasons("nbastats")) == 11 and not archive.has("nbastats", "2020-21")
    assert not archive.has("shotdetail", "2018-19") and not archive.has("shotdetail", "2021-22")
    assert len(archive.seasons("leaguegamelog_players")) == 79
    assert {file.path.name.split("_2021")[0] for file in archive.files("2021-22")} == DATASETS.keys() - {
        "shotdetail", "playerindex", "availability", "player_prop_lines",
    }  # fmt: skip
    assert [file.path.name for file in archive.files(None)] == ["playerindex.csv.xz"]


def test_a_real_season_of_plays(archive_dir: Path) -> None:
    plays = RawArchive(archive_dir).plays("2021-22")
    assert plays.height == 569_446 and plays["GAME_ID"].n_unique() == 1_228
    assert not {"0022100717", "0022101171"} & set(plays["GAME_ID"])
    assert plays.schema["PLAYER1_TEAM_ID"] == pl.Int64 and plays["PLAYER1_TEAM_ID"].drop_nulls().min() > 1_610_000_000
