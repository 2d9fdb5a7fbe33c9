"""Events of play-by-play as arrays: the vocabulary, and the columns that every sequence is made of.

What does not belong here: windows and padding (`sequences.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl

from nba_pipeline.league.clock import REGULATION_SECONDS
from nba_pipeline.league.events import EventType

NODES = 10
"""Players on court: five home, five away."""


class Token(IntEnum):
    """The vocabulary of 15. Values 1-13 are the event codes of play-by-play v2; instant replays are not tokens."""

    PAD = 0
    MADE = EventType.MADE_SHOT
    MISS = EventType.MISSED_SHOT
    FREE_THROW = EventType.FREE_THROW
    REBOUND = EventType.REBOUND
    TURNOVER = EventType.TURNOVER
    FOUL = EventType.FOUL
    VIOLATION = EventType.VIOLATION
    SUBSTITUTION = EventType.SUBSTITUTION
    TIMEOUT = EventType.TIMEOUT
    JUMP_BALL = EventType.JUMP_BALL
    EJECTION = EventType.EJECTION
    PERIOD_START = EventType.PERIOD_START
    PERIOD_END = EventType.PERIOD_END
    PREGAME = 14


@dataclass(frozen=True)
class EventArrays:
    """Events of many games, end to end.

    Attributes:
        play_index: (events,) position among the game's plays.
        tokens: (events,) values of `Token`.
        elapsed: (events,) seconds since tip-off.
        score_diff: (events,) home minus away after the event, points.
        points: (events,) both teams' points after the event.
        on_court: (events, 10) player ids, home five first; 0 where unknown.
        actors: (events, 3) player ids; 0 where there is none.
    """

    play_index: np.ndarray
    tokens: np.ndarray
    elapsed: np.ndarray
    score_diff: np.ndarray
    points: np.ndarray
    on_court: np.ndarray
    actors: np.ndarray

    @classmethod
    def from_plays(cls, plays: pl.DataFrame) -> EventArrays:
        """Tokens of `plays` in the order given; rows that are not tokens are left out."""
        plays = plays.filter(pl.col("event_type").is_between(Token.MADE, Token.PERIOD_END))
        five = [lineup_ids(plays[f"{side}_lineup"]) for side in ("home", "away")]
        actors = plays.select(pl.col(f"player{n}_id").fill_null(0).cast(pl.Int32) for n in (1, 2, 3)).to_numpy()
        home, away = (plays[f"{side}_score"].cast(pl.Int16).to_numpy() for side in ("home", "away"))
        return cls(
            play_index=plays["play_index"].cast(pl.Int16).to_numpy(),
            tokens=plays["event_type"].cast(pl.Int8).to_numpy(),
            elapsed=plays["elapsed_seconds"].cast(pl.Float32).to_numpy(),
            score_diff=home - away,
            points=home + away,
            on_court=np.concatenate(five, axis=1).astype(np.int32),
            actors=actors,
        )


def lineup_ids(column: pl.Series) -> np.ndarray:
    """(rows, 5) int64 player ids of a column of fives; 0 for a five that is unknown."""
    ids = np.zeros((len(column), 5), np.int64)
    known = column.is_not_null().to_numpy()
    if known.any():
        ids[known] = column.drop_nulls().cast(pl.Array(pl.Int64, 5)).to_numpy()
    return ids


def share_left(elapsed_seconds: np.ndarray) -> np.ndarray:
    """Share of regulation still to play, in [0, 1]; 0 in overtime."""
    return np.clip(1 - elapsed_seconds / REGULATION_SECONDS, 0, 1)
