import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.warehouse.plays import PlaysBuild, build_plays
from nba_pipeline_tests.warehouse.mini_game import (
    AWAY_FIVE,
    GAMES,
    HOME,
    HOME_FIVE,
    Play,
    box,
    end,
    foul,
    free_throw,
    made,
    missed,
    play,
    quarter,
    raw,
    rebound,
    seen,
    start,
    sub,
)


def build(*plays: Play | list[Play], minutes: dict[int, int] | None = None) -> PlaysBuild:
    return build_plays(raw(*plays), GAMES, box(minutes))


def home_at(built: PlaysBuild, period: int, clock: int) -> list[int] | None:
    """The home five at the last play of a second."""
    rows = built.plays.filter((pl.col("period") == period) & (pl.col("clock_seconds") == clock))
    return rows["home_lineup"].to_list()[-1]


def reasons(built: PlaysBuild) -> list[str]:
    return built.flags["reason"].to_list()


def test_who_acts_or_goes_out_first_started_and_who_comes_in_first_did_not() -> None:
    built = build(
        start(), seen(1, "11:50", [11, 12, 13, 14]), seen(1, "11:50", AWAY_FIVE), sub(1, "8:00", 15, 16), made(1, "7:00", 16), end()
    )
    assert home_at(built, 1, 720) == HOME_FIVE
    assert home_at(built, 1, 420) == [11, 12, 13, 14, 16]
    assert reasons(built) == []


def test_a_substitution_row_shows_the_five_after_it() -> None:
    built = build(quarter(sub(1, "8:00", 15, 16), sub(1, "8:00", 14, 17)))
    rows = built.plays.filter(pl.col("event_type") == 8)["home_lineup"].to_list()
    assert rows == [[11, 12, 13, 14, 16], [11, 12, 13, 16, 17]]


def test_a_player_may_come_back_and_then_leave_for_good() -> None:
    built = build(quarter(sub(1, "8:00", 15, 16), sub(1, "6:00", 16, 15), sub(1, "3:00", 15, 17)))
    assert [home_at(built, 1, clock) for clock in (480, 360, 180)] == [[11, 12, 13, 14, 16], HOME_FIVE, [11, 12, 13, 14, 17]]


def test_technical_fouls_ejections_and_technical_free_throws_prove_nothing() -> None:
    bench = [foul(1, "9:00", 19, action=11), play(11, 1, "9:00", 19, action=4, text="Ejection"), free_throw(1, "8:00", 18, 16)]
    built = build(quarter(*bench))
    assert home_at(built, 1, 540) == HOME_FIVE
    assert reasons(built) == []


def test_each_period_has_its_own_starters() -> None:
    built = build(quarter(sub(1, "1:00", 15, 16)), quarter(period=2, home=[12, 13, 14, 15, 17]))
    assert home_at(built, 1, 0) == [11, 12, 13, 14, 16]
    assert home_at(built, 2, 720) == [12, 13, 14, 15, 17]


def test_a_period_without_a_trace_is_settled_by_box_minutes() -> None:
    minutes = dict.fromkeys(AWAY_FIVE, 24) | dict.fromkeys([11, 12, 13, 14], 24) | {15: 12, 16: 12}
    built = build(quarter(), quarter(period=2, home=[11, 12, 13, 14]), minutes=minutes)
    assert home_at(built, 2, 719) == [11, 12, 13, 14, 16]
    assert reasons(built) == ["silent_player_by_minutes"]
    assert built.flags["period"].to_list() == [2] and built.flags["team_id"].to_list() == [HOME]


def test_a_silent_overtime_is_settled_by_five_minutes_to_spare() -> None:
    minutes = dict.fromkeys([*HOME_FIVE, *AWAY_FIVE], 53) | {15: 48, 16: 5}
    built = build(*(quarter(period=period) for period in range(1, 5)), quarter(period=5, home=[11, 12, 13, 14]), minutes=minutes)
    assert home_at(built, 5, 299) == [11, 12, 13, 14, 16]


def test_when_minutes_leave_a_choice_the_last_five_decides() -> None:
    minutes = dict.fromkeys([*HOME_FIVE, *AWAY_FIVE], 24) | {16: 12}
    built = build(quarter(), quarter(period=2, home=[11, 12, 13, 14]), minutes=minutes)
    assert home_at(built, 2, 719) == HOME_FIVE
    assert reasons(built) == ["silent_player_by_last_five"]


def test_who_acted_before_he_came_in_started_when_somebody_is_missing() -> None:
    unfiled_exit = [sub(1, "9:00", 14, 17), sub(1, "8:00", 14, 15)]
    built = build(quarter(*unfiled_exit), minutes={})
    assert home_at(built, 1, 719) == HOME_FIVE
    assert reasons(built) == ["acted_before_entering", "odd_substitution"]


def test_of_six_seen_the_one_who_is_not_in_the_box_is_left_out() -> None:
    built = build(quarter(home=[*HOME_FIVE, 19]))
    assert home_at(built, 1, 719) == HOME_FIVE
    assert reasons(built) == ["acted_off_court", "too_many_seen"]


def test_of_six_in_the_box_the_one_without_minutes_is_left_out() -> None:
    minutes = dict.fromkeys([*HOME_FIVE, *AWAY_FIVE], 12) | {19: 0}
    assert home_at(build(quarter(home=[*HOME_FIVE, 19]), minutes=minutes), 1, 719) == HOME_FIVE


def test_a_five_that_nobody_can_name_is_null_and_flagged() -> None:
    built = build(quarter(home=[11, 12, 13, 14]), minutes=dict.fromkeys([11, 12, 13, 14], 12))
    assert home_at(built, 1, 719) is None
    assert built.plays["away_lineup"].to_list()[0] == AWAY_FIVE
    assert reasons(built) == ["unknown_five"]


def test_a_substitution_of_somebody_who_is_not_on_court_is_flagged() -> None:
    built = build(quarter(sub(1, "8:00", 15, 16), sub(1, "6:00", 15, 17)))
    assert reasons(built) == ["odd_substitution"]
    assert home_at(built, 1, 360) is None


def test_rows_of_one_second_out_of_order_are_no_contradiction() -> None:
    early_act = [foul(1, "8:00", 21, 16), sub(1, "8:00", 15, 16), free_throw(1, "8:00", 16, 12)]
    built = build(quarter(*early_act))
    assert home_at(built, 1, 720) == HOME_FIVE
    assert reasons(built) == []


def test_acting_long_after_going_out_is_flagged() -> None:
    built = build(quarter(sub(1, "8:00", 15, 16), missed(1, "4:00", 15), rebound(1, "3:58", 21)))
    assert reasons(built) == ["acted_off_court"]
    assert "player 15" in built.flags["detail"][0]


@st.composite
def substituted_quarter(draw: st.DrawFn) -> tuple[list[Play], list[list[int]]]:
    """A quarter with random substitutions, everybody seen at once, and the true home five after each."""
    on, off = list(HOME_FIVE), [16, 17, 18, 19]
    plays, truth = [], []
    for minute in range(10, 10 - draw(st.integers(0, 8)), -1):
        leaves, enters = draw(st.sampled_from(on)), draw(st.sampled_from(off))
        on, off = sorted({*on, enters} - {leaves}), [*(player for player in off if player != enters), leaves]
        plays.append(sub(1, f"{minute}:00", leaves, enters))
        truth.append(on)
    return plays, truth


@settings(max_examples=25, deadline=None)
@given(substituted_quarter())
def test_random_substitutions_are_followed(case: tuple[list[Play], list[list[int]]]) -> None:
    plays, truth = case
    built = build(quarter(*plays))
    assert built.plays.filter(pl.col("event_type") == 8)["home_lineup"].to_list() == truth
    assert reasons(built) == []


def test_everybody_who_acts_in_the_invented_league_is_on_court(tiny_tables: dict[str, pl.DataFrame]) -> None:
    plays = tiny_tables["plays"]
    assert plays.select(pl.col("home_lineup", "away_lineup").null_count()).sum_horizontal().item() == 0
    shots = plays.filter(pl.col("event_type").is_in([1, 2]))
    on_court = pl.col("home_lineup").arr.contains(pl.col("player1_id")) | pl.col("away_lineup").arr.contains(pl.col("player1_id"))
    assert shots.filter(~on_court).is_empty()
