"""The rules of possession, one function each: which plays end one, and whose it was.

A possession ends with a made field goal, the made last free throw of a trip, a defensive rebound, a turnover, a jump ball that the
other side wins, or the end of a period. Rules are expressions over plays that `with_context` has prepared; counting per stint is
in `stints`. Followed through four seasons, the sides lose the ball in turn but for one possession in 5,000.
"""

import polars as pl

from nba_pipeline.league.events import (
    FREE_THROW_CLEAR_PATH,
    FREE_THROW_FLAGRANT,
    FREE_THROW_LIVE_LAST,
    FREE_THROW_TECHNICAL,
    EventType,
    FreeThrow,
    Rebound,
)
from nba_pipeline.warehouse.play_rows import is_made_free_throw

HEAVE_SECONDS = 2
"""A ball got this shortly before a period ends, without an attempt after it, is no possession: there is no time to play one."""

_KIND, _ACTION = pl.col("event_type"), pl.col("event_action_type")
_IS_FREE_THROW = _KIND == EventType.FREE_THROW


def with_context(plays: pl.DataFrame) -> pl.DataFrame:
    """Adds what the rules look at.

    Adds `row` (position), `period_row` and `moment_row` (position of the first play of the period, and of this second of it),
    `opponent_id` (null without an acting team), `is_made_free_throw`, `and_one` (the acting team has a basket and a one-of-one free
    throw in this second), `keeps_ball` (it has a flagrant or clear-path free throw in it), `live_miss_by` (whose missed shot
    is in the air, if one is) and `tip_winner_id`.

    Args:
        plays: the `plays` table with `home_team_id` and `away_team_id`, sorted by game and play_index.
    """
    new_game, new_period = _changes("game_id"), _changes("period")
    framed = plays.with_row_index("row").with_columns(
        period_row=_first_row(new_game | new_period),
        moment_row=_first_row(new_game | new_period | _changes("clock_seconds")),
        opponent_id=_opponent_of("team_id"),
        is_made_free_throw=is_made_free_throw(),
        tip_winner_id=_tip_winner(),
    )
    is_home = (pl.col("team_id") == pl.col("home_team_id")).fill_null(False)
    framed = framed.with_columns(_team_moment=2 * pl.col("moment_row").cast(pl.Int64) + is_home)
    one_of_one = _IS_FREE_THROW & (_ACTION == FreeThrow.ONE_OF_ONE)
    keeps = _IS_FREE_THROW & _ACTION.is_in(list(FREE_THROW_FLAGRANT | FREE_THROW_CLEAR_PATH))
    framed = framed.with_columns(
        and_one=_any_with_same("_team_moment", one_of_one) & _any_with_same("_team_moment", _KIND == EventType.MADE_SHOT),
        keeps_ball=_any_with_same("_team_moment", keeps),
    )
    return framed.with_columns(live_miss_by=_live_miss_by()).drop("_team_moment")


def is_last_of_live_trip() -> pl.Expr:
    """The last free throw of a trip after which the ball is live or changes hands.

    Technical, flagrant and clear-path free throws keep the ball; so does a one-of-one that follows no basket of the same second
    (away from the play, transition take).
    """
    return _IS_FREE_THROW & _ACTION.is_in(list(FREE_THROW_LIVE_LAST)) & ((_ACTION != FreeThrow.ONE_OF_ONE) | pl.col("and_one"))


def made_field_goal() -> pl.Expr:
    """A basket that is not followed by its own free throw, nor by one that keeps the ball."""
    return (_KIND == EventType.MADE_SHOT) & ~pl.col("and_one") & ~pl.col("keeps_ball")


def last_free_throw_made() -> pl.Expr:
    """The made last free throw of a trip that gives the ball away."""
    return is_last_of_live_trip() & pl.col("is_made_free_throw")


def defensive_rebound() -> pl.Expr:
    """A rebound, by a player or a team, of the other side's live miss; not the team rebound that stands for a dead ball."""
    return (_KIND == EventType.REBOUND) & (_ACTION == Rebound.LIVE) & (pl.col("live_miss_by") == pl.col("opponent_id"))


def offensive_rebound() -> pl.Expr:
    """A rebound, by a player or a team, of the own side's live miss: the possession goes on."""
    return (_KIND == EventType.REBOUND) & (_ACTION == Rebound.LIVE) & (pl.col("live_miss_by") == pl.col("team_id"))


def turnover() -> pl.Expr:
    """A turnover of a known team."""
    return (_KIND == EventType.TURNOVER) & pl.col("team_id").is_not_null()


def lost_by() -> pl.Expr:
    """Whose possession a play ends whatever came before, null if none; the two rules below need to know who had the ball."""
    by_actor = made_field_goal() | last_free_throw_made() | turnover()
    return pl.when(defensive_rebound()).then("opponent_id").when(by_actor).then("team_id")


def jump_ball_lost() -> pl.Expr:
    """A jump ball won by the side that did not have the ball, unless a turnover of that second already says so.

    A jump ball after a miss that nobody has rebounded is left to the rebound that follows.
    """
    told = _any_with_same("moment_row", _KIND == EventType.TURNOVER)
    return (_KIND == EventType.JUMP_BALL) & (pl.col("tip_winner_id") != pl.col("holder_id")) & pl.col("live_miss_by").is_null() & ~told


def period_runs_out() -> pl.Expr:
    """The end of a period while a side has had the ball for longer than a heave takes, or has shot."""
    used = (pl.col("seconds_held") > HEAVE_SECONDS) | pl.col("has_shot")
    return (_KIND == EventType.PERIOD_END) & pl.col("holder_id").is_not_null() & used


def possession_ends(context: pl.DataFrame) -> pl.DataFrame:
    """Adds `possession_of`, the team whose possession each play ends, null where it ends none, to plays of `with_context`."""
    framed = context.with_columns(lost_by=lost_by())
    lost_before = _latest_row(pl.col("lost_by").is_not_null(), before=True)
    shot_before = _latest_row(_KIND.is_in([EventType.MISSED_SHOT, EventType.FREE_THROW]), before=True)
    framed = framed.with_columns(_lost_row=lost_before, _shot_row=shot_before)
    framed = framed.with_columns(_loser=pl.col("lost_by").gather("_lost_row")).with_columns(
        holder_id=_opponent_of("_loser"),
        seconds_held=pl.col("elapsed_seconds") - pl.col("elapsed_seconds").gather("_lost_row"),
        has_shot=(pl.col("_shot_row") > pl.col("_lost_row")).fill_null(False),
    )
    held = pl.when(jump_ball_lost() | period_runs_out()).then("holder_id")
    return framed.with_columns(possession_of=pl.coalesce("lost_by", held)).drop("_lost_row", "_shot_row", "_loser")


def _changes(name: str) -> pl.Expr:
    return (pl.col(name) != pl.col(name).shift()).fill_null(True)


def _first_row(starts: pl.Expr) -> pl.Expr:
    return pl.when(starts).then("row").forward_fill()


def _latest_row(where: pl.Expr, *, before: bool = False) -> pl.Expr:
    """Position of the latest play of the period up to here (or before here) that fulfils a condition."""
    row = pl.when(where).then("row").forward_fill()
    row = row.shift() if before else row
    return pl.when(row >= pl.col("period_row")).then(row)


def _any_with_same(key: str, condition: pl.Expr) -> pl.Expr:
    """Whether any play with the same key fulfils a condition."""
    return pl.col(key).is_in(pl.col(key).filter(condition).implode())


def _opponent_of(team: str) -> pl.Expr:
    return pl.when(pl.col(team) == pl.col("home_team_id")).then("away_team_id").when(pl.col(team).is_not_null()).then("home_team_id")


def _live_miss_by() -> pl.Expr:
    """The shooter's side while the latest attempt of the period is a miss that can be rebounded; technical free throws change nothing.

    A rebound does not reset it: the service files a tip-in before the offensive rebound it was.
    """
    is_technical = _IS_FREE_THROW & _ACTION.is_in(list(FREE_THROW_TECHNICAL))
    is_attempt = _KIND.is_in([EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW]) & ~is_technical
    is_live_miss = (_KIND == EventType.MISSED_SHOT) | (is_last_of_live_trip() & ~pl.col("is_made_free_throw"))
    latest = _latest_row(is_attempt)
    return pl.when(is_live_miss.gather(latest)).then(pl.col("team_id").gather(latest))


def _tip_winner() -> pl.Expr:
    """The side that got a jump ball, from the player it was tipped to."""
    home = pl.col("home_lineup").arr.contains(pl.col("player3_id"))
    away = pl.col("away_lineup").arr.contains(pl.col("player3_id"))
    winner = pl.when(home).then("home_team_id").when(away).then("away_team_id")
    return pl.when(_KIND == EventType.JUMP_BALL).then(winner)
