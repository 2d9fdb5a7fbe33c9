"""What a player's own games say, on lines few enough to count by hand."""

from datetime import date, timedelta

import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.playing_time.lines import player_lines, with_loads

CLUB, OTHER, PLAYER = 10, 20, 1
START = date(2021, 11, 1)


def _lines(minutes: dict[int, int], margins: dict[int, int] | None = None, overtimes: dict[int, int] | None = None) -> pl.DataFrame:
    """Lines of one player of a club that plays every day for ten days; minutes, margins and overtimes by day."""
    margins, overtimes = margins or {}, overtimes or {}
    games = pl.DataFrame(
        {"game_id": f"{day:010d}", "season": "2021-22", "game_date": START + timedelta(day), "home_team_id": CLUB, "away_team_id": OTHER,
         "home_points": 100 + margins.get(day, 0), "away_points": 100, "margin": margins.get(day, 0), "overtimes": overtimes.get(day, 0)}
        for day in range(10)
    )  # fmt: skip
    log = pl.DataFrame({"game_id": f"{day:010d}", "team_id": CLUB, "player_id": PLAYER, "min": played} for day, played in minutes.items())
    schedule = games.select("game_id", team_id=pl.lit(CLUB, dtype=pl.Int64), number=pl.int_range(1, 11, dtype=pl.Int64))
    return player_lines(History.from_frames({"games": games, "player_game_stats": log}), schedule)


def test_overtime_does_not_make_a_player_more_used():
    row = _lines({0: 30, 1: 53}, overtimes={1: 1}).row(1, named=True)
    assert row["minutes_ewm_2"] == pytest.approx((48 + 0.5**0.5 * 30) / (1 + 0.5**0.5))
    assert row["last_minutes"] == 53


def test_minutes_of_blowouts_say_little_of_close_games():
    close, blowout = _lines({0: 36, 1: 20}, margins={1: 1}), _lines({0: 36, 1: 20}, margins={1: 40})
    assert close["close_minutes"][1] < 28 < 33 < blowout["close_minutes"][1] < 36
    assert blowout["last_game_margin"].to_list() == [0.0, 40.0]


def test_gaps_are_counted_by_how_often_and_how_long():
    rows = _lines({0: 20, 1: 20, 3: 20, 7: 20})
    assert rows["last_gap"].to_list() == [0, 0, 1, 3]
    assert rows["gaps"][1] == rows["single_gaps"][1] == 0 < rows["gaps"][2] == rows["single_gaps"][2]
    assert rows["single_gaps"][3] < rows["gaps"][3]
    assert 1.8 < rows["mean_gap"][3] < 2.1


def test_load_is_what_was_played_in_the_days_before():
    lines = _lines({0: 40, 3: 30, 5: 20, 6: 10})
    asked = pl.DataFrame({"player_id": PLAYER, "game_date": START + timedelta(7), "career_minutes": 100.0})
    row = with_loads(asked, lines, (1, 2, 4, 7)).row(0, named=True)
    assert [row[f"load_{days}"] for days in (1, 2, 4, 7)] == [10, 30, 60, 100]
