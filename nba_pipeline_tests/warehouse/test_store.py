"""Tables on disk: whole files only, one source per root, views for SQL."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.warehouse.store import StoreError, Warehouse, connect

TABLE = pl.DataFrame({"game_id": ["0022100001"], "home_points": [127]})


def test_seasons_come_back_in_time_order(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    for season in ("2000-01", "1999-00"):
        warehouse.write("games", TABLE.with_columns(season=pl.lit(season)), season)
    assert warehouse.seasons("games") == ("1999-00", "2000-01")
    assert warehouse.read("games")["season"].to_list() == ["1999-00", "2000-01"]
    assert warehouse.read("games", ["2000-01"], ["home_points"]).to_dicts() == [{"home_points": 127}]


def test_a_table_of_dates_comes_back_in_time_order_and_has_no_seasons(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    for day in (date(2022, 1, 9), date(2021, 12, 31)):
        warehouse.write("game_predictions", TABLE.with_columns(game_date=pl.lit(day)), day)
    assert warehouse.dates("game_predictions") == (date(2021, 12, 31), date(2022, 1, 9)) and warehouse.seasons("game_predictions") == ()
    assert warehouse.read("game_predictions")["game_date"].is_sorted()
    assert warehouse.read("game_predictions", [date(2022, 1, 9)]).height == 1
    warehouse.refresh_views()
    with connect(tmp_path / "nba.duckdb") as connection:
        assert connection.sql("SELECT count(*) FROM game_predictions").fetchall() == [(2,)]


def test_equal_tables_have_equal_hashes_and_no_temporary_file_stays(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    first, second = (warehouse.write("games", TABLE, "2021-22") for _ in range(2))
    assert first.sha256 == second.sha256 and first.rows == 1
    assert [file.name for file in first.path.parent.iterdir()] == ["season=2021-22.parquet"]


def test_a_missing_season_names_the_table_and_the_remedy(tmp_path: Path):
    Warehouse(tmp_path).write("games", TABLE, "2021-22")
    with pytest.raises(StoreError, match=r"games.*2022-23.*make run"):
        Warehouse(tmp_path).read("games", ["2021-22", "2022-23"])


def test_a_root_of_another_source_is_neither_read_nor_written(tmp_path: Path):
    Warehouse(tmp_path, "archive").write("games", TABLE, "2021-22")
    for touch in (lambda w: w.read("games"), lambda w: w.write("games", TABLE, "2021-22")):
        with pytest.raises(StoreError, match="holds data of source 'archive'"):
            touch(Warehouse(tmp_path, "simulated"))


def test_a_table_that_cannot_be_written_says_so(tmp_path: Path):
    (tmp_path / "warehouse").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="could not be written"):
        Warehouse(tmp_path).write("games", TABLE, "2021-22")


def test_every_table_is_a_view_that_follows_its_files(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    warehouse.write("games", TABLE, "2021-22")
    warehouse.refresh_views()
    warehouse.write("games", TABLE, "2022-23")
    with connect(tmp_path / "nba.duckdb") as connection:
        assert connection.sql("SELECT count(*) FROM games").fetchall() == [(2,)]


def test_a_folder_without_a_file_has_no_view_and_keeps_none_from_the_others(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    warehouse.write("games", TABLE, "2021-22")
    warehouse.path("plays").parent.mkdir()
    warehouse.refresh_views()
    with connect(tmp_path / "nba.duckdb") as connection:
        assert connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == [("games",)]


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(("name", "remedy"), [("none/nba.duckdb", "its folder is missing"), ("nba.duckdb", "no DuckDB database.*move it")])
def test_a_database_that_nobody_holds_is_not_waited_for(tmp_path: Path, name: str, remedy: str, write: bool):
    (tmp_path / "nba.duckdb").write_text("a page of text, not a database\n" * 1000)
    before = time.monotonic()
    with pytest.raises(StoreError, match=remedy), connect(tmp_path / name, write=write):
        pass
    assert time.monotonic() - before < 5


def test_a_database_that_is_not_there_yet_names_the_command_that_writes_it(tmp_path: Path):
    with pytest.raises(StoreError, match="does not exist yet: make run"), connect(tmp_path / "nba.duckdb"):
        pass


def test_a_file_that_another_process_holds_is_waited_for_and_then_named(tmp_path: Path):
    path = tmp_path / "nba.duckdb"
    hold = f"import duckdb; held = duckdb.connect({str(path)!r}); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match=rf"held by another process.*{holder.pid}"), connect(path, patience_seconds=0.2):
            pass
    finally:
        holder.communicate(b"\n")
    with connect(path, patience_seconds=5) as connection:
        assert connection.sql("SELECT 1").fetchall() == [(1,)]
