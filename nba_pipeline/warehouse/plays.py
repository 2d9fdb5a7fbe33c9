"""The `plays` table: every event of a season in clock order, with the score after it and the ten on court during it.

Wiring only: rows are read in `play_rows`, lineups found in `lineups`, what they leave open settled in `lineup_repair`.
"""

from dataclasses import dataclass

import polars as pl

from nba_pipeline.warehouse.lineup_evidence import contradictions
from nba_pipeline.warehouse.lineup_flags import flags_frame
from nba_pipeline.warehouse.lineup_repair import settle
from nba_pipeline.warehouse.lineups import proofs, seen_starters, substitutions, walk, with_lineups, with_team_periods
from nba_pipeline.warehouse.play_rows import play_rows

COLUMNS = (
    "game_id", "play_index", "season", "event_num", "period", "clock_seconds", "elapsed_seconds", "event_type", "event_action_type",
    "team_id", "player1_id", "player2_id", "player3_id", "home_score", "away_score", "home_lineup", "away_lineup", "description",
)  # fmt: skip
"""Columns of `plays`, in order."""


@dataclass(frozen=True)
class PlaysBuild:
    """What one season's raw plays give.

    Attributes:
        plays: the `plays` table.
        flags: the `lineup_flags` table.
    """

    plays: pl.DataFrame
    flags: pl.DataFrame


def build_plays(raw_plays: pl.DataFrame, games: pl.DataFrame, player_game_stats: pl.DataFrame) -> PlaysBuild:
    """Builds `plays` and `lineup_flags` of whole games.

    Args:
        raw_plays: rows of `nbastats_{Y}` with the service's column names, as `RawArchive.plays` gives them.
        games: the `games` table of the same season.
        player_game_stats: the box lines of the same season; minutes settle who played a period without leaving a trace.

    Returns:
        Plays in the order of game id, period and clock, with `play_index` 0, 1, … in each game; a substitution row shows the
        lineup after it, and a lineup is null where no five can be named. Flags say what was inferred.

    Raises:
        PlaysError: a row is unreadable, or its game is not in `games`.
    """
    return plays_from_rows(play_rows(raw_plays, games), player_game_stats)


def plays_from_rows(rows: pl.DataFrame, player_game_stats: pl.DataFrame) -> PlaysBuild:
    """The same from rows that `play_rows` has read already, or from the first of them, as far as a game has come.

    Args:
        rows: of `play_rows`, of whole games or of their beginnings.
        player_game_stats: the box lines; none of a game that is still being played.
    """
    rows = with_team_periods(rows)
    subs, acts = substitutions(rows), proofs(rows)
    seen = seen_starters(subs, acts, team_periods=2 * rows["period_code"].n_unique())
    starters, flags = settle(rows, subs, acts, seen, player_game_stats)
    walked = walk(starters, subs)
    flags += contradictions(rows, subs, acts, walked)
    plays = with_lineups(rows, subs, walked).with_columns(play_index=pl.int_range(pl.len(), dtype=pl.Int32).over("game_id"))
    return PlaysBuild(plays.select(COLUMNS), flags_frame(flags))
