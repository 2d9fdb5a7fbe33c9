from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.betting_lines import build_betting_lines
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.schema_parts import LINEUP
from nba_pipeline.warehouse.schemas import SCHEMAS, violations
from nba_pipeline.warehouse.shots import build_shots

SEASON = "2020-21"
HOME, AWAY = [1, 2, 3, 4, 5], [11, 12, 13, 14, 15]


def plays(**changes: object) -> pl.DataFrame:
    """Two plays of one game; a change is one value for both rows or a list of two."""
    columns = {
        "game_id": "0022100001", "play_index": [0, 1], "season": "2021-22", "event_num": [2, 4], "period": 1, "clock_seconds": [720, 700],
        "elapsed_seconds": [0, 20], "event_type": [12, 1], "event_action_type": 0, "team_id": [None, 1610612738],
        "player1_id": [None, 1], "player2_id": None, "player3_id": None, "home_score": [0, 2], "away_score": 0,
        "home_lineup": [HOME, HOME], "away_lineup": [AWAY, AWAY], "description": None,
    }  # fmt: skip
    filled = {name: value if isinstance(value, list) else [value] * 2 for name, value in (columns | changes).items()}
    ids = dict.fromkeys(("team_id", "player1_id", "player2_id", "player3_id"), pl.Int64)
    types = {"event_type": pl.Int8, "event_action_type": pl.Int16, "home_lineup": LINEUP, "away_lineup": LINEUP, "description": pl.String}
    return pl.DataFrame(filled, schema_overrides=ids | types)


@pytest.fixture(scope="module")
def tables(tiny_archive: Path) -> dict[str, pl.DataFrame]:
    archive = RawArchive(tiny_archive)
    games = build_games(archive.team_log(SEASON), archive.game_ids_with_plays(SEASON))
    return {
        "games": games,
        "player_game_stats": build_player_game_stats(archive.player_log(SEASON)),
        "players": build_players(archive.player_index()),
        "betting_lines": build_betting_lines(archive.betting_lines(SEASON), games),
        "shots": build_shots(archive.shots(SEASON), SEASON),
        "plays": plays(),
    }


@pytest.mark.parametrize("table", ["games", "player_game_stats", "players", "betting_lines", "shots", "plays"])
def test_good_tables_and_empty_ones_pass(tables: dict[str, pl.DataFrame], table: str) -> None:
    assert tables[table].height and violations(table, tables[table]) == []
    assert violations(table, tables[table].clear()) == []


@pytest.mark.parametrize("table", sorted(SCHEMAS))
def test_a_missing_column_is_named(tables: dict[str, pl.DataFrame], table: str) -> None:
    found = violations(table, tables.get(table, pl.DataFrame({"game_id": ["0022100001"]})).drop("season", "position", strict=False))
    lost = "position" if table == "players" else "season"
    assert any(f"'{lost}'" in message for message in found)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (pl.lit("22100001").alias("game_id"), ["games.game_id", "str_matches"]),
        (pl.lit(999, pl.Int32).alias("home_points"), ["games.home_points", "999"]),
        (pl.col("home_team_id").alias("away_team_id"), ["a team does not play itself"]),
        ((pl.col("margin") + 1).alias("margin"), ["margin is home_points - away_points"]),
        (pl.col("home_win").not_().alias("home_win"), ["home_win says who has more points"]),
        (pl.col("margin").cast(pl.Int64), ["games.margin", "Int32"]),
        (pl.lit(None, pl.Date).alias("game_date"), ["games.game_date", "not_nullable"]),
    ],
)
def test_each_broken_rule_is_named(tables: dict[str, pl.DataFrame], change: pl.Expr, names: list[str]) -> None:
    found = violations("games", tables["games"].with_columns(change))
    assert any(all(name in message for name in names) for message in found)


def test_offending_rows_are_named_and_counted(tables: dict[str, pl.DataFrame]) -> None:
    games = tables["games"].sort("game_id")
    bad = games.with_columns(pl.when(pl.int_range(pl.len()) < 7).then(-1).otherwise("overtimes").cast(pl.Int32).alias("overtimes"))
    (message,) = violations("games", bad)
    assert "fails in 7 rows" in message
    named = [game in message for game in games["game_id"].head(7)]
    assert named == [True] * 5 + [False] * 2


def test_a_repeated_key_is_named(tables: dict[str, pl.DataFrame]) -> None:
    games = tables["games"]
    (message,) = violations("games", pl.concat([games, games.tail(1)]))
    assert "repeated in 1 cases" in message and games["game_id"][-1] in message


def test_a_result_that_is_not_known_yet_is_no_violation(tables: dict[str, pl.DataFrame]) -> None:
    facts = ("home_points", "away_points", "home_win", "margin", "total", "overtimes")
    blank = tables["games"].with_columns(pl.lit(None, tables["games"].schema[column]).alias(column) for column in facts)
    assert violations("games", blank) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"event_type": [12, 14]}, ["plays.event_type", "play_index 1", "14"]),
        ({"period": 11}, ["plays.period", "less_than_or_equal_to"]),
        ({"clock_seconds": [720, 699]}, ["elapsed_seconds follows", "play_index 1"]),
        ({"clock_seconds": [700, 720], "elapsed_seconds": [20, 0]}, ["time does not run backwards", "play_index 1"]),
        ({"home_lineup": [HOME, [1, 2, 3, 5, 4]]}, ["home_lineup is five ids in ascending order", "play_index 1"]),
        ({"home_lineup": [HOME, [1, 2, 3, 3, 4]]}, ["home_lineup is five ids in ascending order", "play_index 1"]),
        ({"home_lineup": [HOME, [1, 2, 3, 4, 11]]}, ["nobody is in both lineups", "play_index 1"]),
        ({"team_id": [None, 5]}, ["plays.team_id", "play_index 1"]),
    ],
)
def test_broken_plays_are_named(changes: dict[str, object], names: list[str]) -> None:
    found = violations("plays", plays(**changes))
    assert any(all(name in message for name in names) for message in found)


def test_an_unknown_lineup_is_no_violation() -> None:
    assert violations("plays", plays(home_lineup=[None, HOME])) == []


def test_a_lineup_of_six_is_named() -> None:
    six = plays().with_columns(pl.lit([1, 2, 3, 4, 5, 6], dtype=pl.Array(pl.Int64, 6)).alias("home_lineup"))
    assert any("plays.home_lineup" in message for message in violations("plays", six))


def test_a_column_of_text_where_numbers_belong_is_named() -> None:
    assert any("plays.clock_seconds" in message for message in violations("plays", plays(clock_seconds=["12:00", "11:40"])))


@pytest.mark.parametrize("season", ["1973-74", "2021-22"])
def test_real_logs_hold(archive_dir: Path, season: str) -> None:
    assert violations("player_game_stats", build_player_game_stats(RawArchive(archive_dir).player_log(season))) == []
