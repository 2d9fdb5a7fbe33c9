"""Who is expected on a date: those who played lately, and at the start of a season those of the one before."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.candidates import LONGEST_GAP_DAYS, candidates

HOME, AWAY, STAYS, NEWCOMER, GONE, TRADED = 1, 2, 11, 12, 13, 14
LAST_SPRING, OPENING = date(2021, 4, 1), date(2021, 10, 20)


def line(day: date, player: int, team: int) -> dict:
    season = "2020-21" if day < OPENING else "2021-22"
    key = {"game_id": f"{season}-{day}", "season": season, "game_date": day, "player_id": player, "player_name": f"P{player}"}
    return key | {"team_id": team, "opponent_id": HOME + AWAY - team, "is_home": team == HOME}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Two teams that meet every third day of the autumn; one player has gone in the summer, one to the other team, one is new."""
    days = [OPENING + timedelta(days=3 * game) for game in range(20)]
    rows = [line(LAST_SPRING, *who) for who in ((STAYS, HOME), (GONE, HOME), (TRADED, HOME))]
    rows += [line(day, *who) for day in days for who in ((STAYS, HOME), (TRADED, AWAY), (NEWCOMER, AWAY))]
    lines, made = pl.DataFrame(rows), Warehouse(tmp_path, "simulated")
    for season in ("2020-21", "2021-22"):
        made.write("era_lines", lines.filter(pl.col("season") == season), season)
    return made


def who(warehouse: Warehouse, day: date) -> set[tuple[int, int]]:
    return set(candidates(warehouse, day).select("player_id", "team_id").rows())


def test_on_opening_night_all_of_last_season_are_expected_where_they_were(warehouse: Warehouse):
    assert who(warehouse, OPENING) == {(STAYS, HOME), (GONE, HOME), (TRADED, HOME)}


def test_who_has_gone_is_expected_for_the_first_days_of_the_season_and_then_no_more(warehouse: Warehouse):
    playing = {(STAYS, HOME), (TRADED, AWAY), (NEWCOMER, AWAY)}
    assert who(warehouse, OPENING + timedelta(days=LONGEST_GAP_DAYS)) == {*playing, (GONE, HOME)}
    assert who(warehouse, OPENING + timedelta(days=LONGEST_GAP_DAYS + 3)) == playing
