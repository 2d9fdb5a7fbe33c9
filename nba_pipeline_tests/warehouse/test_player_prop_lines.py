"""Lines of books on players, joined to games and people."""

from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.person_names import match_people, plain_name
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.player_prop_lines import build_player_prop_lines, consensus, known_people, unmatched_names
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.schemas import violations
from nba_pipeline_tests.tiny_league.tables import Frames

BOS, NYK = 1610612738, 1610612752
GAMES = pl.DataFrame(
    {"game_id": ["0022400061"], "season": "2024-25", "game_date": ["2024-10-22"], "home_team_id": BOS, "away_team_id": NYK}
).with_columns(pl.col("game_date").str.to_date())
PEOPLE = pl.DataFrame({"player_id": [1, 2, 3], "name": ["Jayson Tatum", "Luka Dončić", "Mikal Bridges"], "last_season": "2023-24"})


def offers(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Raw rows of player, book, side, line, on points of one game."""
    return pl.DataFrame(rows, schema=["player", "bookmaker", "side", "line"], orient="row").with_columns(
        market=pl.lit("player_points"), price=pl.lit("-110"), home_team=pl.lit("Boston Celtics"), away_team=pl.lit("New York Knicks"),
        game_date=pl.lit("2024-10-22"), line=pl.col("line").cast(pl.String),
    )  # fmt: skip


def both(player: str, book: str, line: float) -> list[tuple[str, str, str, float]]:
    return [(player, book, side, line) for side in ("Over", "Under")]


def test_a_line_per_book_and_their_median():
    raw = offers(*both("Jayson Tatum", "A", 28.5), *both("Jayson Tatum", "A", 29.5), *both("Jayson Tatum", "B", 27.5))
    lines = build_player_prop_lines(raw, GAMES, PEOPLE)
    assert lines.select("game_id", "player_id", "book", "line").rows() == [("0022400061", 1, "A", 29.0), ("0022400061", 1, "B", 27.5)]
    assert consensus(lines).rows() == [("0022400061", 1, 28.25)] and not violations("player_prop_lines", lines)


def test_what_is_offered_one_way_is_a_promotion():
    raw = offers(*both("Jayson Tatum", "A", 28.5), ("Jayson Tatum", "A", "Over", 0.5), ("Mikal Bridges", "A", "Over", 0.5))
    assert build_player_prop_lines(raw, GAMES, PEOPLE).select("player_id", "line").rows() == [(1, 28.5)]


def test_unknown_names_are_kept_and_listed():
    raw = offers(*both("Somebody New", "A", 8.5), *both("Somebody New", "B", 9.5), *both("Mikal Bridges", "A", 15.5))
    lines = build_player_prop_lines(raw, GAMES, PEOPLE)
    assert unmatched_names(lines).select("player_name", "lines").rows() == [("Somebody New", 2)]
    assert consensus(lines)["player_id"].to_list() == [3] and not violations("player_prop_lines", lines)


def test_lines_of_other_games_are_left_out():
    raw = offers(*both("Jayson Tatum", "A", 28.5)).with_columns(game_date=pl.lit("2024-10-23"))
    assert build_player_prop_lines(raw, GAMES, PEOPLE).is_empty()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Luka Dončić", "luka doncic"),
        ("P.J. Tucker", "pj tucker"),
        ("De'Aaron Fox", "deaaron fox"),
        ("Shai  Gilgeous-Alexander", "shai gilgeous alexander"),
    ],
)
def test_names_without_their_dress(written: str, plain: str):
    assert pl.select(plain_name(pl.lit(written))).item() == plain


def test_suffixes_and_namesakes():
    people = pl.DataFrame(
        {
            "player_id": [1, 2, 3, 4, 5, 6],
            "name": ["Gary Payton", "Gary Payton II", "Tim Hardaway Jr.", "Tim Hardaway", "Jaren Jackson Jr.", "Mike James"],
            "last_season": ["2006-07", "2024-25", "2024-25", "2002-03", "2024-25", "2020-21"],
        }
    )
    names = pl.Series(["Gary Payton II", "Tim Hardaway Jr", "Jaren Jackson", "Gary Payton", "Mike James", "Nobody"])
    found = dict(match_people(names, people).iter_rows())
    assert found["Gary Payton II"] == 2 and found["Tim Hardaway Jr"] == 3 and found["Jaren Jackson"] == 5
    assert found["Gary Payton"] == 1 and found["Mike James"] == 6 and found["Nobody"] is None
    twice = pl.concat([people, people.tail(1).with_columns(player_id=pl.lit(7, dtype=pl.Int64))])
    assert dict(match_people(names, twice).iter_rows())["Mike James"] is None


def test_every_line_of_the_invented_books_finds_its_player(tiny_tables: Frames):
    lines = tiny_tables["player_prop_lines"]
    assert lines.height > 1000 and unmatched_names(lines).is_empty() and not violations("player_prop_lines", lines)
    points = tiny_tables["player_game_stats"].select("game_id", "player_id", "pts")
    rows = consensus(lines).join(points, on=["game_id", "player_id"])
    assert (rows["line"] - rows["pts"]).abs().mean() < 6.0  # pyright: ignore[reportOperatorIssue]


def test_real_names_are_found(archive_dir: Path):
    archive = RawArchive(archive_dir)
    box = build_player_game_stats(archive.player_log("2024-25"))
    people = known_people(build_players(archive.player_index()), [box])
    lines = build_player_prop_lines(archive.prop_lines("2024-25"), build_games(archive.team_log("2024-25")), people)
    assert not violations("player_prop_lines", lines)
    assert lines["player_id"].null_count() < 0.02 * lines.height and "Moe Wagner" in unmatched_names(lines)["player_name"].to_list()
