"""What had to be inferred about who was on court: one row per inference or contradiction.

A flag is a record for people and checks; no rule of `lineups` depends on it.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from nba_pipeline.league.ids import GameId, TeamId


class Reason(StrEnum):
    """Why a flag was raised."""

    ACTED_BEFORE_ENTERING = "acted_before_entering"
    """Fewer than five seen in a period; who acted in it before the substitution that brings him in was added."""
    SILENT_PLAYER_BY_MINUTES = "silent_player_by_minutes"
    """Fewer than five seen in a period; the only players whose box minutes lack a whole period were added."""
    SILENT_PLAYER_BY_LAST_FIVE = "silent_player_by_last_five"
    """The minutes left a choice; who closed the previous period was preferred."""
    SILENT_PLAYER_GUESSED = "silent_player_guessed"
    """Nothing decided; the players with the most box minutes unaccounted for were added."""
    TOO_MANY_SEEN = "too_many_seen"
    """More than five seen; who had the fewest box minutes to spare was left out."""
    UNKNOWN_FIVE = "unknown_five"
    """No five can be named; the period's lineups are null until substitutions complete them."""
    ODD_SUBSTITUTION = "odd_substitution"
    """Somebody left who was not on court, or entered who was."""
    ACTED_OFF_COURT = "acted_off_court"
    """Somebody who is not on court by the substitutions did something that only players on court do."""


@dataclass(frozen=True)
class Flag:
    """One row of `lineup_flags`."""

    game_id: GameId
    season: str
    period: int
    team_id: TeamId
    reason: Reason
    detail: str


_SCHEMA = {
    "game_id": pl.String,
    "season": pl.String,
    "period": pl.Int32,
    "team_id": pl.Int64,
    "reason": pl.String,
    "detail": pl.String,
}


def flags_frame(flags: list[Flag]) -> pl.DataFrame:
    """The table of flags, sorted by game, period and team."""
    rows = [(flag.game_id, flag.season, flag.period, flag.team_id, str(flag.reason), flag.detail) for flag in flags]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("game_id", "period", "team_id", "reason", "detail")
