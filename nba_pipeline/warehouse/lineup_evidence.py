"""Plays and substitutions that contradict the lineups found, as flags.

Nothing is changed here: a contradiction is counted, shown by `reconcile`, and left.
"""

import numpy as np
import polars as pl

from nba_pipeline.league.clock import QUARTER_SECONDS
from nba_pipeline.warehouse.lineup_flags import Flag, Reason
from nba_pipeline.warehouse.lineups import Walk, state_of_rows
from nba_pipeline.warehouse.play_rows import AWAY, HOME


def contradictions(rows: pl.DataFrame, subs: pl.DataFrame, acts: pl.DataFrame, walked: Walk) -> list[Flag]:
    """One flag for each odd substitution, and for each play of a player who is on court at no moment of its second."""
    odd = subs[walked.odd].select("row", "team_period", detail=pl.format("{} for {}", "enters", "leaves"))
    absent = off_court(rows, subs, acts, walked).select("row", "team_period", detail=pl.format("player {}", "player_id"))
    return [*_flags(rows, odd, Reason.ODD_SUBSTITUTION), *_flags(rows, absent, Reason.ACTED_OFF_COURT)]


def off_court(rows: pl.DataFrame, subs: pl.DataFrame, acts: pl.DataFrame, walked: Walk) -> pl.DataFrame:
    """The rows of `acts` whose player is in no five that his team had within that second of the clock.

    A second is given grace because rows of one second are not always in order: the service files free throws before the
    substitutions that preceded the last of them. Acts while the five is unknown are no contradiction.
    """
    row, side, player = acts["row"].to_numpy(), acts["team_period"].to_numpy() % 2, acts["player_id"].to_numpy()
    absent = np.zeros(acts.height, dtype=bool)
    for team in (HOME, AWAY):
        state, ours = state_of_rows(rows, subs, team), np.flatnonzero(side == team)
        now = state[row[ours]]
        doubtful = ours[(walked.fives[now] != player[ours, None]).all(axis=1)]
        first, last = _states_of_second(rows, state, row[doubtful])
        pairs = zip(player[doubtful], first, last, strict=True)
        absent[doubtful] = [not _was_on(walked, who, low, high) for who, low, high in pairs]
    return acts.filter(pl.Series(absent))


def _states_of_second(rows: pl.DataFrame, state: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The states when the seconds of the rows `at` begin and when they end."""
    period, left = rows["period_code"].to_numpy().astype(np.int64), rows["clock_seconds"].to_numpy()
    time = period * QUARTER_SECONDS * 2 - left
    begin, end = np.searchsorted(time, time[at], side="left"), np.searchsorted(time, time[at], side="right") - 1
    before = np.maximum(begin - 1, np.searchsorted(period, period[at], side="left"))
    return state[before], state[end]


def _was_on(walked: Walk, player: int, low: int, high: int) -> bool:
    """Whether a player is in any of his team's states low .. high, or one of them is unknown."""
    return bool((walked.fives[low : high + 1] == player).any() or not walked.known[low : high + 1].all())


def _flags(rows: pl.DataFrame, found: pl.DataFrame, reason: Reason) -> list[Flag]:
    at = rows[found["row"]].select("game_id", "season", "period", "event_num", "home_team_id", "away_team_id")
    flags = []
    for (game_id, season, period, event, *teams), (_, team_period, detail) in zip(at.iter_rows(), found.iter_rows(), strict=True):
        flags.append(Flag(game_id, season, period, teams[team_period % 2], reason, f"event {event}: {detail}"))
    return flags
