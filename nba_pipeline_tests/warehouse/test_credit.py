"""Free throws among substitutions: who is credited by each convention, and when which one holds."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from nba_pipeline.league.events import Foul, FreeThrow
from nba_pipeline.warehouse.credit import CONVENTIONS, Convention, credited_row
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.possessions import with_context
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline_tests.warehouse.mini_game import GAMES, HOME, Play, box, foul, free_throw, made, play, quarter, raw, rebound, sub

AT = "8:00"
SECOND, FOUL, CHAIN = Convention.SECOND, Convention.FOUL, Convention.CHAIN
CHANGE = sub(1, AT, 15, 16)
SHOT = free_throw(1, AT, 11, FreeThrow.ONE_OF_ONE)


def _foul(action: int = Foul.SHOOTING) -> Play:
    return foul(1, AT, 21, 11, action=action)


def _timeout() -> Play:
    return play(9, 1, AT, HOME, text="Timeout")


def _violation() -> Play:
    return play(7, 1, AT, 21, action=1, text="Violation")


def credited_to_newcomer(*plays: Play, convention: Convention | None = None, day: date = date(2018, 10, 16)) -> bool:
    """Whether the home side's point counts for 16, who comes in for 15 in that second."""
    built = build_plays(raw(quarter(*plays)), GAMES, box()).plays
    stints = build_stints(built, GAMES.with_columns(game_date=pl.lit(day)), convention)
    (five,) = stints.filter(pl.col("home_points") > 0)["home_lineup"].to_list()
    return 16 in five


@pytest.mark.parametrize(
    ("plays", "newcomer"),
    [
        ([_foul(), CHANGE, SHOT], set()),
        ([CHANGE, _foul(), SHOT], {FOUL, CHAIN}),
        ([_timeout(), CHANGE, _foul(), SHOT], {SECOND, FOUL, CHAIN}),
        ([_foul(), _timeout(), CHANGE, SHOT], set()),
        ([CHANGE, _foul(Foul.PERSONAL_TAKE), SHOT], {SECOND, FOUL, CHAIN}),
        ([_timeout(), CHANGE, _foul(Foul.INBOUND), SHOT], {FOUL, CHAIN}),
        ([_foul(), foul(1, AT, 22, action=Foul.TECHNICAL), CHANGE, SHOT], {CHAIN}),
        ([_foul(), CHANGE, _violation(), SHOT], {CHAIN}),
        ([_foul(), rebound(1, AT, HOME, dead=True), CHANGE, SHOT], set()),
        ([foul(1, AT, 22, action=Foul.TECHNICAL), CHANGE, free_throw(1, AT, 11, FreeThrow.TECHNICAL)], {CHAIN}),
        ([CHANGE, made(1, AT, 11)], {FOUL, CHAIN}),
    ],
    ids=[
        "change after the foul", "change before the foul", "timeout and change before the foul", "timeout after the foul", "take foul",
        "inbound foul after a timeout", "technical foul in between", "violation in between", "dead ball in between", "technical free throw",
        "basket",
    ],
)  # fmt: skip
def test_who_is_credited(plays: list[Play], newcomer: set[Convention]) -> None:
    assert {one for one in Convention if credited_to_newcomer(*plays, convention=one)} == newcomer


def test_a_free_throw_of_a_later_second_belongs_to_its_own() -> None:
    """The foul was before the clock was corrected: nothing in this second says whose it was."""
    plays = [foul(1, "8:01", 21, 11), sub(1, "8:01", 15, 16), SHOT]
    assert all(credited_to_newcomer(*plays, convention=one) for one in Convention)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2005, 1, 1), FOUL), (date(2012, 12, 25), FOUL), (date(2013, 4, 1), SECOND), (date(2014, 10, 28), CHAIN),
        (date(2015, 4, 15), CHAIN), (date(2016, 1, 1), SECOND), (date(2017, 12, 25), FOUL), (date(2024, 1, 1), SECOND),
    ],
)  # fmt: skip
def test_the_date_decides(day: date, expected: Convention) -> None:
    telling = ([CHANGE, _foul(), SHOT], [_foul(), CHANGE, _violation(), SHOT])
    by_date = [credited_to_newcomer(*plays, day=day) for plays in telling]
    assert by_date == [credited_to_newcomer(*plays, convention=expected) for plays in telling]


def test_conventions_follow_each_other() -> None:
    assert [since for since, _ in CONVENTIONS] == sorted({since for since, _ in CONVENTIONS})
    assert all(one != other for (_, one), (_, other) in pairwise(CONVENTIONS))


@pytest.mark.parametrize("convention", [*Convention, None])
def test_nobody_looks_ahead(convention: Convention | None, tiny_tables: dict[str, pl.DataFrame]) -> None:
    teams = tiny_tables["games"].select("game_id", "game_date", "home_team_id", "away_team_id")
    context = with_context(tiny_tables["plays"].sort("game_id", "play_index").join(teams, on="game_id", how="left", maintain_order="left"))
    credited = credited_row(context, convention)
    assert (credited <= context["row"].cast(pl.Int64)).all() and credited.null_count() == 0
    of_period = context["period_row"].cast(pl.Int64)
    assert (credited >= of_period).all()
