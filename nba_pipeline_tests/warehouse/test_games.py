from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import GameLogError, build_games, build_games_from_player_log, unplayed_games

BOS, IND, MIN_TEAM = 1610612738, 1610612754, 1610612750
IDS = {"BOS": BOS, "IND": IND, "MIN": MIN_TEAM}


def row(team: str, matchup: str, points: int | None, minutes: int | None = 240, game: str = "0022100001", day: str = "2021-10-19") -> dict:
    return {
        "SEASON_ID": "22021",
        "TEAM_ID": IDS[team],
        "TEAM_ABBREVIATION": team,
        "GAME_ID": game,
        "GAME_DATE": day,
        "MATCHUP": matchup,
        "MIN": minutes,
        "PTS": points,
    }


def log(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"MIN": pl.Int64, "PTS": pl.Int64}).with_columns(pl.col("MIN", "PTS").cast(pl.String))


ORDINARY = (row("IND", "IND @ BOS", 101), row("BOS", "BOS vs. IND", 111))


def test_a_game_from_its_two_rows() -> None:
    game = build_games(log(*ORDINARY), {"0022100001"}).row(0, named=True)
    assert game == {
        "game_id": "0022100001", "season": "2021-22", "game_date": date(2021, 10, 19), "home_team_id": BOS, "away_team_id": IND,
        "home_points": 111, "away_points": 101, "home_win": True, "margin": 10, "total": 212, "overtimes": 0,
        "neutral_site": False, "has_plays": True,
    }  # fmt: skip


def test_order_of_rows_does_not_matter_and_repeats_collapse() -> None:
    once = build_games(log(*ORDINARY))
    assert build_games(log(*ORDINARY[::-1], ORDINARY[0])).equals(once)
    assert once["has_plays"].to_list() == [False]


@pytest.mark.parametrize(
    ("ind", "bos", "home"),
    [
        ("IND @ BOS", "IND @ BOS", BOS),
        ("BOS @ IND", "BOS @ IND", IND),
        ("IND vs. BOS", "BOS vs. IND", BOS),
        ("IND @ BOS", "BOS @ IND", BOS),
    ],
)
def test_a_neutral_floor_has_a_designated_home_side(ind: str, bos: str, home: int) -> None:
    game = build_games(log(row("IND", ind, 101), row("BOS", bos, 111))).row(0, named=True)
    assert game["neutral_site"] and game["home_team_id"] == home
    assert game["home_win"] is (home == BOS)


def test_games_that_the_schedule_sent_elsewhere_are_neutral() -> None:
    mexico = [row("MIN", "MIN vs. BOS", 99, day="2014-11-12"), row("BOS", "BOS @ MIN", 98, day="2014-11-12")]
    restart = [
        row("IND", "IND vs. BOS", 99, game="0021901300", day="2020-08-01"),
        row("BOS", "BOS @ IND", 98, game="0021901300", day="2020-08-01"),
    ]
    assert build_games(log(*mexico, *restart))["neutral_site"].to_list() == [True, True]


def test_a_simulated_league_is_not_sent_to_floors_of_the_real_schedule() -> None:
    day = "2014-11-12"
    rows = [row("MIN", "MIN vs. BOS", 99, game="9021400101", day=day), row("BOS", "BOS @ MIN", 98, game="9021400101", day=day)]
    assert build_games(log(*rows))["neutral_site"].to_list() == [False]


@pytest.mark.parametrize(
    ("minutes", "overtimes"), [((239, 242), 0), ((265, 266), 1), ((290, 288), 2), ((314, 317), 3), ((None, 240), None)]
)
def test_overtimes_come_from_team_minutes(minutes: tuple, overtimes: int | None) -> None:
    played = build_games(log(row("IND", "IND @ BOS", 101, minutes[0]), row("BOS", "BOS vs. IND", 111, minutes[1])))
    assert played["overtimes"].to_list() == [overtimes]


@pytest.mark.parametrize("points", [0, None])
def test_a_game_without_a_result_is_left_out_and_listed(points: int | None) -> None:
    cancelled = [row(t, m, points, 0, game="0021201214", day="2013-04-16") for t, m in (("IND", "IND @ BOS"), ("BOS", "BOS vs. IND"))]
    rows = log(*ORDINARY, *cancelled)
    assert build_games(rows)["game_id"].to_list() == ["0022100001"]
    assert unplayed_games(rows)["game_id"].to_list() == ["0021201214"]


@pytest.mark.parametrize("rows", [ORDINARY[:1], (*ORDINARY, row("MIN", "MIN @ BOS", 90))], ids=["one team", "three teams"])
def test_a_game_of_one_or_three_teams_is_refused(rows: tuple) -> None:
    with pytest.raises(GameLogError, match="0022100001"):
        build_games(log(*rows))


def test_an_empty_log_gives_an_empty_table_of_the_same_shape() -> None:
    assert build_games(log(*ORDINARY).clear()).schema == build_games(log(*ORDINARY)).schema


def test_a_game_finished_months_later_counts_from_that_day() -> None:
    players = log(
        row("IND", "IND @ BOS", 40, 120, day="1978-11-08"), row("IND", "IND @ BOS", 50, 120, day="1979-03-23"),
        row("BOS", "BOS vs. IND", 99, 240, day="1979-03-23"),
    )  # fmt: skip
    game = build_games_from_player_log(players).row(0, named=True)
    assert (game["game_date"], game["home_points"], game["away_points"]) == (date(1979, 3, 23), 99, 90)


def test_player_logs_and_team_logs_agree(tiny_archive: Path) -> None:
    archive = RawArchive(tiny_archive)
    from_teams, from_players = build_games(archive.team_log("2020-21")), build_games_from_player_log(archive.player_log("2020-21"))
    assert from_teams.height > 20 and from_players.equals(from_teams)


@pytest.mark.parametrize(
    ("season", "games", "with_plays", "neutral"), [("2012-13", 1229, 1229, 1), ("2019-20", 1059, 971, 91), ("2020-21", 1080, 0, 0)]
)
def test_real_seasons(archive_dir: Path, season: str, games: int, with_plays: int, neutral: int) -> None:
    archive = RawArchive(archive_dir)
    table = build_games(archive.team_log(season), archive.game_ids_with_plays(season))
    assert (table.height, table["has_plays"].sum(), table["neutral_site"].sum()) == (games, with_plays, neutral)
    assert table["game_id"].n_unique() == games and table["home_team_id"].n_unique() == 30
    assert not table.select("home_points", "away_points", "overtimes").null_count().sum_horizontal().item()


def test_the_real_cancelled_game(archive_dir: Path) -> None:
    assert unplayed_games(RawArchive(archive_dir).team_log("2012-13"))["game_id"].to_list() == ["0021201214"]


def test_real_team_and_player_logs_agree(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    from_teams, from_players = build_games(archive.team_log("2021-22")), build_games_from_player_log(archive.player_log("2021-22"))
    assert from_teams.height == 1230 and from_players.equals(from_teams)


def test_a_real_season_of_the_forties_has_no_minutes(archive_dir: Path) -> None:
    table = build_games_from_player_log(RawArchive(archive_dir).player_log("1946-47"))
    assert table.height == 331 and table["overtimes"].null_count() == 331
