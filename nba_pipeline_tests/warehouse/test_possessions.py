from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.possessions import possession_ends, with_context
from nba_pipeline_tests.warehouse.mini_game import (
    AWAY,
    GAMES,
    HOME,
    Play,
    box,
    foul,
    free_throw,
    made,
    missed,
    play,
    quarter,
    raw,
    rebound,
    turnover,
)

Ends = list[tuple[int, int]]


def with_teams(plays: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    teams = games.select("game_id", "home_team_id", "away_team_id")
    return plays.join(teams, on="game_id", maintain_order="left")


def ends(*plays: Play, until: str | None = None) -> Ends:
    """Clock and team of every possession that ends, of a first quarter with these plays."""
    rows = quarter(*plays)
    rows = rows if until is None else [*rows[:-1], rows[-1] | {"PCTIMESTRING": until}]
    plays_table = build_plays(raw(rows), GAMES, box()).plays
    found = possession_ends(with_context(with_teams(plays_table, GAMES))).drop_nulls("possession_of")
    return list(zip(found["clock_seconds"], found["possession_of"], strict=True))


def before_the_end(*plays: Play) -> Ends:
    """The same without the possession that the end of the period ends."""
    return [end for end in ends(*plays) if end[0] > 0]


def test_a_basket_ends_the_shooters_possession() -> None:
    assert before_the_end(made(1, "11:40", 11), made(1, "11:20", 21)) == [(700, HOME), (680, AWAY)]


def test_a_basket_with_its_free_throw_is_one_possession() -> None:
    three_point_play = [made(1, "11:40", 11), foul(1, "11:40", 21, 11), free_throw(1, "11:40", 11, 10)]
    assert before_the_end(*three_point_play) == [(700, HOME)]


def test_a_missed_extra_free_throw_leaves_it_to_the_rebound() -> None:
    missed_extra = [made(1, "11:40", 11), foul(1, "11:40", 21, 11), free_throw(1, "11:40", 11, 10, goes_in=False)]
    assert before_the_end(*missed_extra, rebound(1, "11:38", 22)) == [(698, HOME)]
    assert before_the_end(*missed_extra, rebound(1, "11:38", 12), made(1, "11:30", 12)) == [(690, HOME)]


def test_only_the_last_free_throw_of_a_trip_ends_it() -> None:
    trip = [foul(1, "11:40", 21, 11), free_throw(1, "11:40", 11, 13), free_throw(1, "11:40", 11, 14), free_throw(1, "11:40", 11, 15)]
    assert before_the_end(*trip) == [(700, HOME)]
    first_missed = [free_throw(1, "11:40", 11, 11, goes_in=False), rebound(1, "11:40", HOME, dead=True), free_throw(1, "11:40", 11, 12)]
    assert before_the_end(*first_missed) == [(700, HOME)]


def test_a_missed_last_free_throw_leaves_it_to_the_rebound() -> None:
    assert before_the_end(free_throw(1, "11:40", 11, 12, goes_in=False), rebound(1, "11:39", 22)) == [(699, HOME)]


@pytest.mark.parametrize(("first", "last"), [(18, 19), (25, 26), (21, 22)], ids=["flagrant", "clear path", "technical"])
def test_free_throws_that_keep_the_ball_end_nothing(first: int, last: int) -> None:
    shots = [free_throw(1, "11:40", 11, first), free_throw(1, "11:40", 11, last)]
    assert before_the_end(*shots) == []
    assert before_the_end(*shots, made(1, "11:30", 12)) == [(690, HOME)]


def test_a_technical_free_throw_ends_nothing() -> None:
    assert before_the_end(free_throw(1, "11:40", 11, 16), rebound(1, "11:40", AWAY, dead=True)) == []


def test_a_free_throw_away_from_the_play_keeps_the_ball() -> None:
    away_from_play = [foul(1, "11:40", 21, 12, action=6), free_throw(1, "11:40", 11, 10)]
    assert before_the_end(*away_from_play, made(1, "11:30", 12)) == [(690, HOME)]


def test_a_flagrant_foul_on_a_basket_gives_the_ball_back() -> None:
    plays = [made(1, "11:40", 11), foul(1, "11:40", 21, 11, action=14), free_throw(1, "11:40", 11, 20), made(1, "11:30", 12)]
    assert before_the_end(*plays) == [(690, HOME)]


def test_a_rebound_ends_it_for_the_other_side_only() -> None:
    assert before_the_end(missed(1, "11:40", 11), rebound(1, "11:38", 22)) == [(698, HOME)]
    assert before_the_end(missed(1, "11:40", 11), rebound(1, "11:38", AWAY)) == [(698, HOME)]
    assert before_the_end(missed(1, "11:40", 11), rebound(1, "11:38", 12)) == []


def test_a_missed_technical_between_miss_and_rebound_changes_nothing() -> None:
    technical = [free_throw(1, "11:39", 21, 16, goes_in=False), rebound(1, "11:39", HOME, dead=True)]
    assert before_the_end(missed(1, "11:40", 11), *technical, rebound(1, "11:38", 22)) == [(698, HOME)]


def test_a_tip_in_filed_before_its_own_rebound_is_followed() -> None:
    plays = [missed(1, "11:40", 11), missed(1, "11:38", 12), rebound(1, "11:38", 12), rebound(1, "11:37", 22)]
    assert before_the_end(*plays) == [(697, HOME)]


def test_turnovers_of_players_and_teams_end_it() -> None:
    assert before_the_end(turnover(1, "11:40", 11, 21), turnover(1, "11:20", AWAY)) == [(700, HOME), (680, AWAY)]
    assert before_the_end(play(5, 1, "11:40", action=0)) == []


def test_a_jump_ball_counts_when_the_ball_changes_hands() -> None:
    home_ball = made(1, "11:40", 21)
    tip = {"home": play(10, 1, "11:20", 11, 21, 12), "away": play(10, 1, "11:20", 11, 21, 22)}
    assert before_the_end(home_ball, tip["away"]) == [(700, AWAY), (680, HOME)]
    assert before_the_end(home_ball, tip["home"]) == [(700, AWAY)]
    assert before_the_end(home_ball, tip["away"], turnover(1, "11:20", 11, 22)) == [(700, AWAY), (680, HOME)]
    assert before_the_end(play(10, 1, "12:00", 11, 21, 22)) == []


def test_the_end_of_a_period_ends_the_possession_of_who_has_the_ball() -> None:
    assert ends(made(1, "0:20", 11)) == [(20, HOME), (0, AWAY)]


def test_a_ball_got_in_the_last_seconds_counts_only_with_a_heave() -> None:
    assert ends(made(1, "0:02", 11)) == [(2, HOME)]
    assert ends(made(1, "0:02", 11), missed(1, "0:00", 21)) == [(2, HOME), (0, AWAY)]


def test_a_rebound_at_the_buzzer_is_not_counted_twice() -> None:
    assert ends(made(1, "0:20", 11), missed(1, "0:00", 21), rebound(1, "0:00", HOME)) == [(20, HOME), (0, AWAY)]


def test_a_period_without_a_possession_has_no_end() -> None:
    assert ends() == []


def out_of_turn(plays: pl.DataFrame, games: pl.DataFrame) -> float:
    """Share of possessions that end for the same side as the one before them in the period."""
    found = possession_ends(with_context(with_teams(plays, games))).drop_nulls("possession_of")
    same = [pl.col(name) == pl.col(name).shift() for name in ("possession_of", "period_row")]
    assert found.height > 1000
    return found.filter(pl.all_horizontal(same)).height / found.height


def test_sides_lose_the_ball_in_turn_in_the_invented_league(tiny_tables: dict[str, pl.DataFrame]) -> None:
    assert out_of_turn(tiny_tables["plays"].sort("game_id", "play_index"), tiny_tables["games"]) < 0.001


def test_sides_lose_the_ball_in_turn_in_a_real_season(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    raw_plays = archive.plays("2021-22")
    games = build_games(archive.team_log("2021-22")).sort("game_id").head(100)
    raw_plays = raw_plays.join(games, left_on="GAME_ID", right_on="game_id", how="semi")
    plays = build_plays(raw_plays, games, build_player_game_stats(archive.player_log("2021-22"))).plays
    assert out_of_turn(plays, games) < 0.001
