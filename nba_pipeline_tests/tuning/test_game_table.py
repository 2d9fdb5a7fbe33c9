"""Tables of other people become tables of games, or are refused with what to do."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.tuning.game_table import GameTableError, dated_rows, game_rows, read_games

TWO = {"date": ["2024-02-01", "2024-01-31"], "home": ["a", "b"], "away": ["b", "a"], "home_score": [3, 1], "away_score": [2, 4]}


def test_rows_are_in_time_order_with_a_winner():
    rows = dated_rows(pl.DataFrame(TWO))
    assert rows["game_date"].to_list() == [date(2024, 1, 31), date(2024, 2, 1)]
    assert rows["home_win"].to_list() == [0, 1]
    assert game_rows(rows)["margin"].to_list() == [-3.0, 1.0]


def test_a_csv_of_another_league_is_read(tmp_path: Path):
    file = tmp_path / "results.csv"
    file.write_text("Date,HomeTeam,AwayTeam,home_goals,away_goals\n31/01/2024,a,b,3,1\n01/02/2024,b,a,0,2\n")
    assert read_games(file, "%d/%m/%Y")["home_win"].to_list() == [1, 0]
    with pytest.raises(GameTableError, match=r"row 0 \('31/01/2024'\).*--date-format"):
        read_games(file)


def test_a_game_to_come_has_no_winner():
    rows = dated_rows(pl.DataFrame(TWO | {"home_score": [None, 1], "away_score": [None, 4]}))
    assert rows["home_win"].to_list() == [0, None]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": None}, "a table without dates is refused"),
        ({"date": ["2024-02-01", None]}, "1 rows have no date"),
        ({"date": [1, 2]}, "not dates"),
        ({"home_score": [2, 1]}, "1 games are drawn, the first on 2024-02-01"),
        ({"home_score": None}, "neither scores nor `home_win`"),
    ],
)
def test_what_is_no_table_of_games_is_refused(change: dict, said: str):
    written = {name: values for name, values in (TWO | change).items() if values is not None}
    with pytest.raises(GameTableError, match=said):
        dated_rows(pl.DataFrame(written))


def test_a_game_twice_and_a_game_of_nobody_are_refused():
    rows = pl.DataFrame(TWO)
    with pytest.raises(GameTableError, match="2 rows are there twice, the first on 2024-02-01"):
        dated_rows(pl.concat([rows, rows.head(1)]))
    with pytest.raises(GameTableError, match="1 games name no team"):
        game_rows(dated_rows(pl.DataFrame(TWO | {"home": [None, "b"]})))
    with pytest.raises(GameTableError, match="home_team or home_team_id"):
        game_rows(dated_rows(rows.drop("home")))


def test_a_long_break_starts_a_season_where_none_is_named():
    days = [date(2023, 3, 1), date(2023, 4, 29), date(2023, 10, 1)]
    rows = pl.DataFrame({"game_date": days, "home": ["a"] * 3, "away": ["b"] * 3, "home_score": [1, 2, 3], "away_score": [0, 0, 0]})
    assert game_rows(dated_rows(rows))["season"].to_list() == ["0", "0", "1"]
