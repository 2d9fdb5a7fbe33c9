from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.reconcile import Check, plus_minus, reconcile
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline_tests.warehouse.mini_game import AWAY_FIVE, GAMES, foul, free_throw, quarter, raw, sub
from nba_pipeline_tests.warehouse.mini_game import box as mini_box

NAMES = [
    "missing_games", "final_score", "points", "rebounds", "assists", "threes", "five_on_court", "stint_minutes", "plus_minus",
    "possessions",
]  # fmt: skip
Tables = dict[str, pl.DataFrame]


def checks(tables: Tables) -> dict[str, Check]:
    found = reconcile(*(tables[name] for name in ("games", "plays", "stints", "player_game_stats")))
    return {check.name: check for check in found}


def failed(tables: Tables) -> set[str]:
    return {name for name, check in checks(tables).items() if not check.passed}


@pytest.fixture
def tables(tiny_tables: Tables) -> Tables:
    """The invented league's seasons that have plays."""
    season = tiny_tables["plays"]["season"].max()
    return {name: frame.filter(pl.col("season") == season) for name, frame in tiny_tables.items() if "season" in frame.columns}


def test_the_invented_league_agrees_with_itself(tables: Tables) -> None:
    found = checks(tables)
    assert list(found) == NAMES
    assert [name for name in NAMES if not found[name].passed] == ["missing_games"]
    assert all(check.metrics["compared"] > 0 for check in found.values())


def test_a_wrong_final_score_is_named(tables: Tables) -> None:
    game = tables["games"]["game_id"][0]
    tables["games"] = tables["games"].with_columns(home_points=pl.col("home_points") + (pl.col("game_id") == game))
    check = checks(tables)["final_score"]
    assert not check.passed and check.severity == "ERROR"
    assert check.rows["game_id"].to_list() == [game]


@pytest.mark.parametrize(("column", "name"), [("pts", "points"), ("reb", "rebounds"), ("ast", "assists"), ("fg3m", "threes")])
def test_a_box_that_counts_differently_fails_that_check_alone(tables: Tables, column: str, name: str) -> None:
    before = failed(tables)
    tables["player_game_stats"] = tables["player_game_stats"].with_columns(pl.col(column) + 1)
    assert failed(tables) - before == {name}


def test_a_player_of_the_plays_who_is_not_in_the_box_is_an_offender(tables: Tables) -> None:
    box = tables["player_game_stats"]
    best = box.sort("pts", descending=True).row(0, named=True)
    tables["player_game_stats"] = box.filter((pl.col("player_id") != best["player_id"]) | (pl.col("game_id") != best["game_id"]))
    assert checks(tables)["points"].rows.select("game_id", "player_id").rows() == [(best["game_id"], best["player_id"])]


def test_missing_games_are_listed_and_only_warned_about(tables: Tables) -> None:
    game = tables["plays"]["game_id"][0]
    tables["plays"] = tables["plays"].filter(pl.col("game_id") != game)
    check = checks(tables)["missing_games"]
    assert not check.passed and check.severity == "WARN"
    assert game in check.rows["game_id"].to_list()


def test_seasons_without_plays_miss_no_game(tables: Tables) -> None:
    before = checks(tables)["missing_games"].metrics
    without_plays = tables["games"].with_columns(season=pl.lit("1999-00"), game_id=pl.lit("x") + pl.col("game_id"))
    tables["games"] = pl.concat([tables["games"], without_plays])
    assert checks(tables)["missing_games"].metrics == before


def test_unknown_lineups_fail(tables: Tables) -> None:
    lineup = pl.when(pl.col("play_index") > 50).then("home_lineup")
    tables["plays"] = tables["plays"].with_columns(home_lineup=lineup)
    assert not checks(tables)["five_on_court"].passed


def test_minutes_more_than_a_minute_apart_fail(tables: Tables) -> None:
    tables["player_game_stats"] = tables["player_game_stats"].with_columns(pl.col("min") + 2)
    assert not checks(tables)["stint_minutes"].passed


def test_possessions_counted_twice_fail(tables: Tables) -> None:
    twice = pl.col("home_possessions", "away_possessions") * 2
    tables["stints"] = tables["stints"].with_columns(twice)
    check = checks(tables)["possessions"]
    assert not check.passed
    assert not check.rows.is_empty()


def test_a_margin_given_to_the_wrong_players_fails(tables: Tables) -> None:
    games, plays, stints, box = (tables[name] for name in ("games", "plays", "stints", "player_game_stats"))
    box = box.join(plays, on="game_id", how="semi")
    right = plus_minus(games, plays, stints, box)
    assert right.metrics["compared"] > 0 and right.passed
    swapped = stints.with_columns(home_points="away_points", away_points="home_points")
    assert not plus_minus(games, plays, swapped, box).passed


def test_a_game_counted_by_another_convention_is_named() -> None:
    """Its free throw follows a technical foul: the official count has it with who came in, the stints of its date with who went out."""
    rows = [foul(1, "8:00", 21, 11), foul(1, "8:00", 22, action=11), sub(1, "8:00", 15, 16), free_throw(1, "8:00", 11, 10)]
    plays = build_plays(raw(quarter(*rows)), GAMES, mini_box()).plays
    five = {**dict.fromkeys([11, 12, 13, 14, 16], 1.0), 15: 0.0, **dict.fromkeys(AWAY_FIVE, -1.0)}
    lines = mini_box(dict.fromkeys(five, 12)).with_columns(plus_minus=pl.Series(list(five.values())))
    games = GAMES.with_columns(margin=pl.lit(1))
    check = plus_minus(games, plays, build_stints(plays, games), lines)
    assert check.metrics["share_equal"] == pytest.approx(9 / 11) and check.metrics["share_equal_by_game"] == 1.0
    assert check.rows.select("player_id", "agrees_best").rows() == [(15, "chain"), (16, "chain")]


def test_nothing_to_compare_passes_and_says_so(tables: Tables) -> None:
    found = checks({name: frame.clear() for name, frame in tables.items()})
    assert all(check.passed and check.metrics["compared"] == 0 for check in found.values())


def test_a_real_season_agrees(archive_dir: Path) -> None:
    """Two games of 2021-22 have no plays; everything else of the first 200 that have some agrees."""
    archive = RawArchive(archive_dir)
    raw = archive.plays("2021-22")
    games = build_games(archive.team_log("2021-22"), frozenset(raw["GAME_ID"].unique()))
    games = games.sort("game_id").head(200)
    box = build_player_game_stats(archive.player_log("2021-22")).join(games, on="game_id", how="semi")
    built = build_plays(raw.join(games, left_on="GAME_ID", right_on="game_id", how="semi"), games, box)
    stints = build_stints(built.plays, games)
    found = reconcile(games, built.plays, stints, box)
    assert [check.name for check in found if not check.passed] == []
    differ = {check.name: check.rows.height for check in found}
    assert differ.pop("plus_minus") / box.height < 0.005
    assert not any(differ.values())
    counted = found[-1].metrics
    assert counted["mean_absolute_difference_to_formula"] <= 1.5 and abs(counted["pace_minus_formula"]) <= 1.0
    assert counted["share_of_games_with_even_sides"] >= 0.995
    assert set(built.flags["reason"]) == {"silent_player_by_minutes"}
