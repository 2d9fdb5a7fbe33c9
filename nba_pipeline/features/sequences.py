"""Play-by-play as tokens: one row per game with arrays over all its events, and the tokenizer of a notebook.

A sequence is raw fact; what an instant may see of it is decided by `EventTokenizer.window`, which cuts at the instant.
What does not belong here: nets, and numbers of earlier games other than the spread that scales score differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.net_inputs.event_arrays import NODES, EventArrays, Token, share_left
from nba_pipeline.league.seasons import Season

if TYPE_CHECKING:
    from torch import Tensor

SEQUENCE_LENGTH = 50
DEFAULT_SCORE_SD = 11.0
"""Points; the spread of the score difference over a game, used until a game has been seen."""


@dataclass(frozen=True)
class TokenizedSequence:
    """What one instant sees of a game, as tensors of length `max_seq_len`.

    Attributes:
        events: int64 (length,), values of `Token`.
        times: float32 (length,), share of regulation left, in [0, 1].
        scores: float32 (length,), home minus away over its usual spread.
        lineups: float32 (length, 20), for each of the ten graph nodes: was on court, acted.
        mask: bool (length,), True where there is only padding.
    """

    events: Tensor
    times: Tensor
    scores: Tensor
    lineups: Tensor
    mask: Tensor


@dataclass(frozen=True)
class EventTokenizer:
    """Turns the plays before an instant into the last `max_seq_len` tokens.

    Args:
        max_seq_len: tokens a sequence holds.
        score_sd: spread of the score difference, points, known before the game.

    Example:
        >>> import polars as pl
        >>> home, away = (pl.Series([five] * 2, dtype=pl.Array(pl.Int64, 5)) for five in ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]))
        >>> plays = pl.DataFrame({
        ...     "play_index": [0, 1], "event_type": [12, 1], "elapsed_seconds": [0.0, 14.0], "home_score": [0, 2], "away_score": [0, 0],
        ...     "player1_id": [None, 3], "player2_id": [None, None], "player3_id": [None, None],
        ... }, schema_overrides={f"player{n}_id": pl.Int64 for n in (1, 2, 3)}).with_columns(home_lineup=home, away_lineup=away)
        >>> sequence = EventTokenizer(max_seq_len=50).tokenize_game(plays)
        >>> sequence.events[:3].tolist(), tuple(sequence.lineups.shape), int((~sequence.mask).sum())
        ([12, 1, 0], (50, 20), 2)
    """

    max_seq_len: int = SEQUENCE_LENGTH
    score_sd: float = DEFAULT_SCORE_SD

    def tokenize_game(self, plays_df: Any, play_index: int | None = None) -> TokenizedSequence:
        """The sequence of one game as of `play_index` (all plays when not given; 0 is before tip-off).

        Args:
            plays_df: rows of the `plays` table of one game (polars, or a pandas frame of the same columns).
            play_index: plays with a smaller index are known.
        """
        import torch

        plays = pl.DataFrame(plays_df).sort("play_index")
        if play_index is not None:
            plays = plays.filter(pl.col("play_index") < play_index)
        events = EventArrays.from_plays(plays)
        nodes = events.on_court[-1:] if len(events.tokens) else np.zeros((1, NODES), np.int32)
        parts = self.window(events, np.array([0]), np.array([len(events.tokens)]), nodes, np.array([self.score_sd]))
        return TokenizedSequence(*(torch.from_numpy(part[0]) for part in parts))

    def window(
        self, events: EventArrays, first: np.ndarray, end: np.ndarray, nodes: np.ndarray, score_sd: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The last tokens of many instants at once.

        Args:
            events: games end to end.
            first: (batch,) where each instant's game begins in `events`.
            end: (batch,) first event that the instant does not know; equal to `first` before tip-off.
            nodes: (batch, 10) players of the instant's graph.
            score_sd: (batch,) points.

        Returns:
            events (batch, length) int64, times, scores float32, lineups (batch, length, 20) float32, mask (True is padding).
        """
        start = np.maximum(first, end - self.max_seq_len)
        rows = start[:, None] + np.arange(self.max_seq_len)
        padding = rows >= end[:, None]
        rows = np.where(padding, 0, rows)
        if not len(events.tokens):
            return self._pregame(len(first))
        tokens = np.where(padding, Token.PAD, events.tokens[rows]).astype(np.int64)
        times = np.where(padding, 0, share_left(events.elapsed[rows])).astype(np.float32)
        scores = np.where(padding, 0, events.score_diff[rows] / score_sd[:, None]).astype(np.float32)
        is_player = nodes[:, None, :] > 0
        on_court = _members(events.on_court[rows], nodes) & is_player & ~padding[..., None]
        acted = _members(events.actors[rows], nodes) & is_player & ~padding[..., None]
        lineups = np.concatenate([on_court, acted], axis=2).astype(np.float32)
        before_tip = end == first
        tokens[before_tip, 0], times[before_tip, 0], padding[before_tip, 0] = Token.PREGAME, 1.0, False
        return tokens, times, scores, lineups, padding

    def _pregame(self, batch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        tokens = np.zeros((batch, self.max_seq_len), np.int64)
        times, scores = np.zeros((2, batch, self.max_seq_len), np.float32)
        padding = np.ones((batch, self.max_seq_len), bool)
        tokens[:, 0], times[:, 0], padding[:, 0] = Token.PREGAME, 1.0, False
        return tokens, times, scores, np.zeros((batch, self.max_seq_len, 2 * NODES), np.float32), padding


def _members(people: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """(batch, length, 10): whether each node is among the people (batch, length, k) of an event."""
    found = np.zeros((*people.shape[:2], NODES), bool)
    for column in range(people.shape[2]):
        found |= people[:, :, column, None] == nodes[:, None, :]
    return found


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per game: `score_sd` as of its date, and list columns over its events (see `EventArrays`), null where it has no plays."""
    schedule = history.schedule(seasons).select("game_id", "season", "game_date")
    plays = history.table("plays").filter(pl.col("game_id").is_in(schedule["game_id"].implode())).sort("game_id", "play_index")
    spread, rows = _score_sd(history, schedule), event_lists(plays)
    return schedule.join(spread, on="game_id", maintain_order="left").join(rows, on="game_id", how="left", maintain_order="left")


def event_lists(plays: pl.DataFrame) -> pl.DataFrame:
    """One row per game that has tokens: `game_id`, `events_count` and list columns over its events (see `EventArrays`).

    Args:
        plays: rows of the `plays` table, sorted by game and play index.
    """
    events = EventArrays.from_plays(plays)
    is_token = plays["event_type"].is_between(Token.MADE, Token.PERIOD_END)
    games = plays.filter(is_token)["game_id"].rle().struct.unnest().rename({"value": "game_id", "len": "events_count"})
    starts = np.cumsum(games["events_count"].to_numpy()) - games["events_count"].to_numpy()
    return games.with_columns(
        play_index=_lists(events.play_index, starts),
        tokens=_lists(events.tokens, starts),
        elapsed=_lists(events.elapsed, starts),
        score_diff=_lists(events.score_diff, starts),
        points=_lists(events.points, starts),
        on_court=_lists(events.on_court.reshape(-1), starts * NODES),
        actors=_lists(events.actors.reshape(-1), starts * 3),
    )


def _lists(values: np.ndarray, starts: np.ndarray) -> pl.Series:
    """Cuts one long array into a list column at `starts`."""
    import pyarrow as pa

    offsets = pa.array(np.append(starts, len(values)), pa.int32())
    return pl.Series(pl.from_arrow(pa.ListArray.from_arrays(offsets, pa.array(values))))


def _score_sd(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """Root mean square of the score difference over all plays of earlier games, by game."""
    squares = (
        history.dated("plays")
        .group_by("game_date")
        .agg(total=((pl.col("home_score") - pl.col("away_score")).cast(pl.Int64) ** 2).sum(), count=pl.len())
        .sort("game_date")
    )
    total, count, spreads = 0, 0, [schedule.clear().select("game_id", score_sd=pl.lit(DEFAULT_SCORE_SD))]
    for night in walk_dates(schedule, squares):
        total, count = total + int(night.news["total"].sum()), count + int(night.news["count"].sum())
        spreads.append(night.targets.select("game_id", score_sd=pl.lit((total / count) ** 0.5 if count else DEFAULT_SCORE_SD)))
    return pl.concat(spreads)


FEATURE = Feature(
    name="sequences",
    build=build,
    inputs=("games", "plays"),
    key=("game_id",),
    observed=("events_count", "play_index", "tokens", "elapsed", "score_diff", "points", "on_court", "actors"),
    about="every game's events as tokens with clock, score, the ten on court and who acted; cut at the instant when used",
)
