"""Rest, back-to-backs and miles on schedules one can check on a calendar and a map."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.features import fatigue
from nba_pipeline.features.asof import History

BOS, GSW, LAL, MIA = 1610612738, 1610612744, 1610612747, 1610612748


def schedule(*games: tuple[str, str, int, int], neutral: bool = False) -> History:
    rows = [
        {
            "game_id": f"{number:010d}", "season": season, "game_date": date.fromisoformat(day),
            "home_team_id": home, "away_team_id": away, "neutral_site": neutral, "home_points": 100, "away_points": 90,
        }
        for number, (season, day, home, away) in enumerate(games)
    ]  # fmt: skip
    return History.from_frames({"games": pl.DataFrame(rows)})


def of_team(rows: pl.DataFrame, team: int, column: str) -> list:
    return rows.filter(pl.col("team_id") == team).sort("game_date")[column].to_list()


ROAD_TRIP = (
    ("2021-22", "2021-11-01", LAL, BOS),
    ("2021-22", "2021-11-02", GSW, BOS),
    ("2021-22", "2021-11-05", BOS, LAL),
    ("2021-22", "2021-11-30", BOS, MIA),
)


def test_days_off_and_back_to_backs():
    rows = fatigue.build(schedule(*ROAD_TRIP), ("2021-22",))
    assert of_team(rows, BOS, "rest_days") == [7, 0, 2, 7]
    assert of_team(rows, BOS, "back_to_back") == [0, 1, 0, 0]
    assert of_team(rows, LAL, "rest_days") == [7, 3]
    assert rows.schema["back_to_back"] == pl.Int8


def test_miles_from_arena_to_arena():
    miles = of_team(fatigue.build(schedule(*ROAD_TRIP), ("2021-22",)), BOS, "travel_miles")
    assert miles[0] == pytest.approx(2_600, abs=30)
    assert miles[1] == pytest.approx(347, abs=15)
    assert miles[2] == pytest.approx(2_700, abs=30)
    assert miles[3] == 0


def test_an_opener_is_reached_from_home_and_rested():
    rows = fatigue.build(schedule(*ROAD_TRIP, ("2022-23", "2022-10-18", BOS, LAL)), ("2022-23",))
    assert of_team(rows, BOS, "travel_miles") == [0]
    assert of_team(rows, LAL, "travel_miles")[0] == pytest.approx(2_600, abs=30)
    assert rows["rest_days"].to_list() == [7, 7]


def test_two_rows_a_game_home_first_and_only_the_asked_season():
    rows = fatigue.build(schedule(*ROAD_TRIP, ("2022-23", "2022-10-18", BOS, LAL)), ("2021-22",))
    assert rows["is_home"].to_list() == [True, False] * 4
    assert rows["team_id"].to_list()[:2] == [LAL, BOS]


def test_a_neutral_floor_counts_as_the_home_teams():
    neutral = fatigue.build(schedule(*ROAD_TRIP, neutral=True), ("2021-22",))
    assert neutral.equals(fatigue.build(schedule(*ROAD_TRIP), ("2021-22",)))


def test_a_club_without_an_arena_travels_nowhere():
    rows = fatigue.build(schedule(("1948-49", "1948-11-01", BOS, 1610610023)), ("1948-49",))
    assert rows["travel_miles"].to_list() == [0, 0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True))
def test_rest_stays_between_a_back_to_back_and_a_week(days):
    start = date(2021, 10, 19)
    games = [("2021-22", str(start + timedelta(days=day)), BOS, LAL) for day in sorted(days)]
    rows = fatigue.build(schedule(*games), ("2021-22",))
    assert rows["rest_days"].is_between(0, 7).all()
    assert (rows["back_to_back"].cast(pl.Boolean) == (rows["rest_days"] == 0)).all()
