from pathlib import Path

import polars as pl

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.player_game_stats import COUNTS, build_player_game_stats


def test_counts_are_typed_and_dates_are_dates(tiny_archive: Path) -> None:
    raw = RawArchive(tiny_archive).player_log("2020-21")
    table = build_player_game_stats(raw)
    assert table.height == raw.height and table["season"].unique().to_list() == ["2020-21"]
    assert {table.schema[column] for column in ("min", *COUNTS)} == {pl.Int32}
    assert table.schema["game_date"] == pl.Date and table.schema["plus_minus"] == pl.Float64
    assert table["pts"].sum() == raw["PTS"].cast(pl.Int32).sum()


def test_what_was_not_recorded_is_null_and_not_zero(tiny_archive: Path) -> None:
    raw = RawArchive(tiny_archive).player_log("2020-21").head(3)
    raw = raw.with_columns(REB=pl.Series([None, "0", "7"]), DREB=pl.Series([None, "-1", "7.0"]), PLUS_MINUS=pl.Series([None, "-3", "4.0"]))
    table = build_player_game_stats(raw).sort("reb", nulls_last=False)
    assert table["reb"].to_list() == [None, 0, 7]
    assert table["dreb"].to_list() == [None, None, 7]
    assert table["plus_minus"].to_list() == [None, -3.0, 4.0]


def test_repeated_lines_collapse_and_order_does_not_matter(tiny_archive: Path) -> None:
    raw = RawArchive(tiny_archive).player_log("2020-21")
    table = build_player_game_stats(raw)
    assert build_player_game_stats(pl.concat([raw.reverse(), raw.head(2)])).equals(table)


def test_points_add_up_to_the_score(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    table = build_player_game_stats(archive.player_log("2021-22"))
    teams = archive.team_log("2021-22").select(game_id="GAME_ID", team_id="TEAM_ID", points=pl.col("PTS").cast(pl.Int32))
    summed = table.group_by("game_id", "team_id").agg(pl.col("pts").sum()).join(teams, on=["game_id", "team_id"])
    assert summed.height == 2460 and (summed["pts"] == summed["points"]).all()


def test_real_seasons_before_threes_and_steals(archive_dir: Path) -> None:
    table = build_player_game_stats(RawArchive(archive_dir).player_log("1971-72"))
    assert table["fg3a"].null_count() == table["stl"].null_count() == table.height
    assert table["pts"].null_count() == 0
