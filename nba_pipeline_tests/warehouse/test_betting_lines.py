from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.betting_lines import UnknownSportsbookNameError, build_betting_lines
from nba_pipeline.warehouse.games import build_games

SAS, GSW = 1610612759, 1610612744
GAMES = pl.DataFrame(
    {"game_id": ["0021800001"], "season": ["2018-19"], "game_date": [date(2018, 10, 16)], "home_team_id": [SAS], "away_team_id": [GSW]}
)


def line(**columns: str | None) -> pl.DataFrame:
    game = {
        "date": "2018-10-16", "regular": "TRUE", "away": "gs", "home": "sa", "whos_favored": "home", "spread": "7.5", "total": "210.5",
        "moneyline_away": "260", "moneyline_home": "-310",
    }  # fmt: skip
    return pl.DataFrame([game | columns], schema=dict.fromkeys(game, pl.String))


def test_a_favourite_at_home_has_a_negative_spread() -> None:
    row = build_betting_lines(line(), GAMES).row(0, named=True)
    assert (row["game_id"], row["season"], row["game_date"]) == ("0021800001", "2018-19", date(2018, 10, 16))
    assert (row["home_spread"], row["total_line"], row["home_moneyline"], row["away_moneyline"]) == (-7.5, 210.5, -310, 260)
    assert build_betting_lines(line(whos_favored="away"), GAMES)["home_spread"].to_list() == [7.5]


def test_a_pick_em_is_plain_zero() -> None:
    assert str(build_betting_lines(line(spread="0"), GAMES)["home_spread"][0]) == "0.0"


def test_missing_and_impossible_numbers_are_null() -> None:
    row = build_betting_lines(line(spread=None, moneyline_home=None, moneyline_away="8"), GAMES).row(0, named=True)
    assert row["home_spread"] is row["home_moneyline"] is row["away_moneyline"] is None
    assert row["total_line"] == 210.5


def test_playoffs_and_games_that_were_not_played_are_left_out() -> None:
    assert build_betting_lines(line(regular="FALSE"), GAMES).is_empty()
    assert build_betting_lines(line(date="2018-10-17"), GAMES).is_empty()
    assert build_betting_lines(line(home="gs", away="sa"), GAMES).is_empty()


def test_a_season_without_a_file_gives_an_empty_table() -> None:
    assert build_betting_lines(line().clear(), GAMES).schema == build_betting_lines(line(), GAMES).schema


def test_an_unknown_name_says_where_to_add_it() -> None:
    with pytest.raises(UnknownSportsbookNameError, match=r"'sea'.*league/teams.py"):
        build_betting_lines(line(home="sea"), GAMES)


@pytest.mark.parametrize(("season", "lines", "without_spread", "without_moneyline"), [("2019-20", 1059, 1, 0), ("2022-23", 1230, 0, 566)])
def test_every_real_game_has_its_line(archive_dir: Path, season: str, lines: int, without_spread: int, without_moneyline: int) -> None:
    archive = RawArchive(archive_dir)
    games = build_games(archive.team_log(season))
    table = build_betting_lines(archive.betting_lines(season), games)
    assert table.height == games.height == lines
    assert (table["home_spread"].null_count(), table["home_moneyline"].null_count()) == (without_spread, without_moneyline)
    error = table.join(games, on="game_id").select((pl.col("margin") + pl.col("home_spread")).abs().mean()).item()
    assert 9 < error < 11
