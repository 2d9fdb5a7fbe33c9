"""Who is a candidate, on a schedule small enough to see."""

from datetime import date, timedelta

import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.playing_time.candidates import FEATURES, MAX_MISSED, candidates

TRADED, LOYAL, GONE, NEWCOMER = 1, 2, 3, 4


def _history(lines: list[tuple[int, int, int]], nights: int = 6, seasons: tuple[str, ...] = ("2021-22",)) -> History:
    """Clubs 10 and 20 meet every night, and 10 wins by the night's number + 1; lines are (night, club, player), through all seasons."""
    games = [
        {"game_id": f"{night:010d}", "season": season, "game_date": date(int(season[:4]), 11, 1) + timedelta(offset), "home_team_id": 10,
         "away_team_id": 20, "neutral_site": False, "home_points": 101 + offset, "away_points": 100, "margin": 1 + offset, "overtimes": 0}
        for number, season in enumerate(seasons)
        for offset in range(nights)
        for night in [number * nights + offset]
    ]  # fmt: skip
    log = [{"game_id": f"{night:010d}", "team_id": club, "player_id": player, "min": 20 + night} for night, club, player in lines]
    return History.from_frames({"games": pl.DataFrame(games), "player_game_stats": pl.DataFrame(log)})


def _of(rows: pl.DataFrame, night: int, club: int) -> list[int]:
    return rows.filter((pl.col("game_id") == f"{night:010d}") & (pl.col("team_id") == club))["player_id"].to_list()


def test_a_player_belongs_to_the_club_of_his_latest_earlier_game():
    rows = candidates(_history([(0, 10, TRADED), (0, 10, LOYAL), (3, 20, TRADED)]), ["2021-22"])
    assert _of(rows, 0, 10) == []
    assert _of(rows, 1, 10) == _of(rows, 3, 10) == [TRADED, LOYAL]
    assert _of(rows, 3, 20) == []
    assert (_of(rows, 4, 10), _of(rows, 4, 20)) == ([LOYAL], [TRADED])


def test_last_season_counts_and_the_one_before_does_not():
    history = _history([(0, 10, GONE), (6, 10, LOYAL), (12, 10, NEWCOMER)], seasons=("2019-20", "2020-21", "2021-22"))
    rows = candidates(history, ["2021-22"])
    assert _of(rows, 12, 10) == [LOYAL]
    assert _of(rows, 13, 10) == [LOYAL, NEWCOMER]


def test_whoever_missed_too_many_games_of_the_season_is_out():
    nights = MAX_MISSED + 4
    rows = candidates(_history([(0, 10, LOYAL)], nights=nights), ["2021-22"])
    assert _of(rows, MAX_MISSED + 1, 10) == [LOYAL]
    assert _of(rows, MAX_MISSED + 2, 10) == []


def test_numbers_describe_earlier_games_only():
    history = _history([(0, 10, LOYAL), (1, 10, LOYAL), (4, 10, LOYAL), (4, 10, TRADED)])
    row = candidates(history, ["2021-22"]).filter((pl.col("game_id") == f"{4:010d}") & (pl.col("player_id") == LOYAL)).row(0, named=True)
    assert (row["missed"], row["last_minutes"], row["days_since"], row["player_games"]) == (2, 21.0, 3, 2)
    assert row["played_3"] == pytest.approx(1 / 3)
    assert row["season_minutes"] == pytest.approx(20.5)
    assert row["minutes_ewm_2"] == pytest.approx((21 + 0.5**0.5 * 20) / (1 + 0.5**0.5))


def test_every_feature_is_a_number():
    rows = candidates(_history([(0, 10, LOYAL), (1, 20, TRADED)]), ["2021-22"])
    assert rows.height
    assert rows.select(FEATURES).null_count().sum_horizontal().item() == 0


def _row(history: History, night: int, player: int) -> dict:
    rows = candidates(history, ["2021-22"]).filter((pl.col("game_id") == f"{night:010d}") & (pl.col("player_id") == player))
    return rows.row(0, named=True)


def test_a_streak_starts_after_the_last_absence():
    row = _row(_history([(0, 10, LOYAL), (3, 10, LOYAL), (4, 10, LOYAL)]), 5, LOYAL)
    assert (row["streak"], row["last_gap"]) == (2, 2)
    assert (row["last_minutes"], row["minutes_2_ago"], row["minutes_3_ago"]) == (24.0, 23.0, 20.0)


def test_second_nights_are_counted_where_the_night_before_was_played():
    lines = [(0, 10, LOYAL), (1, 10, LOYAL), (2, 10, LOYAL), (0, 10, TRADED), (1, 10, NEWCOMER), (2, 10, TRADED)]
    rows = _history(lines)
    assert _row(rows, 3, LOYAL)["second_nights"] == 1.0
    assert _row(rows, 3, TRADED)["second_nights"] == 0.0
    assert _row(rows, 1, TRADED)["second_nights"] == 1.0


def test_the_team_is_known_by_its_earlier_games_of_the_season():
    row = _row(_history([(0, 10, LOYAL), (0, 20, TRADED)]), 1, LOYAL)
    assert row["win_share"] == pytest.approx(6 / 11)
    assert (row["form"], row["opponent_form"], row["last_margin"]) == (1.0, -1.0, 1.0)
    fresh = _row(_history([(5, 10, LOYAL)], seasons=("2020-21", "2021-22")), 6, LOYAL)
    assert (fresh["win_share"], fresh["form"], fresh["two_game_rest"]) == (0.5, 0.0, 9)


def test_a_new_man_is_told_from_an_old_one():
    history = _history([(0, 10, LOYAL), (1, 10, TRADED), (3, 20, TRADED), (6, 10, LOYAL)], seasons=("2020-21", "2021-22"))
    traded = (
        candidates(history, ["2020-21"]).filter((pl.col("player_id") == TRADED) & (pl.col("game_id") == f"{5:010d}")).row(0, named=True)
    )
    assert (traded["tenure"], traded["season_games"]) == (2, 2)
    opener, later = _row(history, 6, LOYAL), _row(history, 7, LOYAL)
    assert (opener["season_games"], later["season_games"]) == (0, 1)
    assert (opener["tenure"], later["tenure"]) == (365, 366)


def test_the_better_side_is_expected_to_win_and_how_uneven_the_game_is_has_no_side():
    history = _history([(0, 10, LOYAL), (0, 20, TRADED)])
    strong, weak = _row(history, 5, LOYAL), _row(history, 5, TRADED)
    assert strong["elo_margin"] > _row(history, 1, LOYAL)["elo_margin"]
    assert strong["elo_gap"] == weak["elo_gap"] == abs(strong["elo_margin"])
    assert weak["elo_margin"] == -strong["elo_margin"]
