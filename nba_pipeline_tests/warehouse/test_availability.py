"""Reports of who is out: matched to games, the latest counts, and none from after the game's day."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from nba_pipeline.warehouse.availability import UnknownAbbreviationError, build_availability
from nba_pipeline.warehouse.schemas import violations

BOS, CLE = 1610612738, 1610612739
GAMES = pl.DataFrame(
    {"game_id": ["0022100001"], "season": ["2021-22"], "game_date": [date(2021, 10, 19)], "home_team_id": [BOS], "away_team_id": [CLE]}
)
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


def test_a_report_of_a_later_day_breaks_the_schema() -> None:
    assert violations("availability", build_availability(reports({"as_of": "2021-10-20T03:59:00Z"}), GAMES)) == []  # 23:59 Eastern
    (message,) = violations("availability", build_availability(reports({"as_of": "2021-10-20T04:01:00Z"}), GAMES))
    assert "not of a later day" in message and "player_id 7" in message


def test_a_season_without_a_file_gives_an_empty_table_of_the_same_columns() -> None:
    empty = build_availability(reports({}).clear(), GAMES)
    assert empty.schema == build_availability(reports({}), GAMES).schema and violations("availability", empty) == []
