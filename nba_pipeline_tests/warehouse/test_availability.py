"""Reports of who is out: matched to games, the latest before tip-off counts, and none from after it."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from nba_pipeline.warehouse.availability import UnknownAbbreviationError, build_availability
from nba_pipeline.warehouse.schemas import violations

BOS, CLE = 1610612738, 1610612739
GAMES = pl.DataFrame(
    {
        "game_id": ["0022100001"], "season": ["2021-22"], "game_date": [date(2021, 10, 19)], "neutral_site": [False],
        "home_team_id": [BOS], "away_team_id": [CLE],
    }
)  # fmt: skip
REPORT = {
    "game_date": "2021-10-19", "team": "BOS", "player_id": 7, "player_name": "A Player", "status": "Out", "as_of": "2021-10-19T22:30:00Z",
}  # fmt: skip


def reports(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([REPORT | change for change in changes])


def test_a_report_is_keyed_like_its_game_and_kept_in_utc() -> None:
    row = build_availability(reports({"as_of": "2021-10-19 18:30:00-04:00"}), GAMES).row(0, named=True)
    assert (row["game_id"], row["season"], row["team_id"], row["player_id"], row["status"]) == ("0022100001", "2021-22", BOS, 7, "Out")
    assert row["as_of"] == datetime(2021, 10, 19, 22, 30, tzinfo=UTC)


def test_the_latest_report_counts_whatever_the_order_of_the_file() -> None:
    late = {"as_of": "2021-10-19T23:00:00Z", "status": "Available"}
    assert build_availability(reports(late, {}), GAMES)["status"].to_list() == ["Available"]


def test_a_team_may_be_an_id_and_games_that_are_not_known_are_left_out() -> None:
    assert build_availability(reports({"team": str(CLE)}), GAMES)["team_id"].to_list() == [CLE]
    assert build_availability(reports({"team": "MIA"}, {"game_date": "2021-10-20"}), GAMES).is_empty()


def test_an_unknown_abbreviation_says_where_names_are() -> None:
    with pytest.raises(UnknownAbbreviationError, match=r"'SEA'.*league/teams.py"):
        build_availability(reports({"team": "SEA"}), GAMES)


def status_before(late: str, day: date, neutral: bool = False) -> list[str]:
    """What is known of a player who was out the evening before and of whom another report came at `late`, Eastern."""
    games = GAMES.with_columns(game_date=day, neutral_site=neutral)
    early = {"game_date": str(day), "as_of": f"{day - timedelta(days=1)}T22:30:00Z"}
    last = {"game_date": str(day), "as_of": f"{day}T{late}:00{'-04:00' if day.month == 10 else '-05:00'}", "status": "Available"}
    table = build_availability(reports(early, last), games)
    assert violations("availability", table) == []
    return table["status"].to_list()


def test_a_report_after_the_first_evening_games_begin_is_not_known_and_the_one_before_counts() -> None:
    assert status_before("19:00", date(2021, 10, 19)) == ["Available"]
    assert status_before("19:01", date(2021, 10, 19)) == ["Out"]
    assert status_before("23:59", date(2021, 10, 19)) == ["Out"]
    assert build_availability(reports({"as_of": "2021-10-20T04:01:00Z"}), GAMES).is_empty()


@pytest.mark.parametrize(
    "day", [date(2021, 10, 23), date(2021, 10, 24), date(2024, 12, 25), date(2025, 1, 1), date(2023, 1, 16), date(2021, 11, 26)]
)
def test_where_games_begin_in_the_afternoon_reports_count_until_noon(day: date) -> None:
    assert status_before("12:00", day) == ["Available"] and status_before("12:01", day) == ["Out"]


def test_on_a_neutral_floor_reports_count_until_noon() -> None:
    paris = date(2023, 1, 19)
    assert status_before("14:00", paris, neutral=True) == ["Out"] and status_before("14:00", paris) == ["Available"]


def test_a_report_of_after_tip_off_breaks_the_schema() -> None:
    late = build_availability(reports({}), GAMES).with_columns(as_of=pl.col("as_of") + pl.duration(minutes=31))
    (message,) = violations("availability", late)
    assert "not of later than 19:00 Eastern" in message and "player_id 7" in message


def test_a_season_without_a_file_gives_an_empty_table_of_the_same_columns() -> None:
    empty = build_availability(reports({}).clear(), GAMES)
    assert empty.schema == build_availability(reports({}), GAMES).schema and violations("availability", empty) == []
