"""What the nets read of many games, in memory and end to end, and the cut at an instant.

This is the only place where a running game is cut: an instant is (game, number of known events), and everything a sample
holds comes from events before it, the last stint known by then, and rows as of the game's date. What does not belong
here: choosing instants (`dataset.py`), tensors (`collate.py`).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.features.net_inputs.event_arrays import EventArrays, Token, share_left
from nba_pipeline.features.sequences import EventTokenizer
from nba_pipeline.league.clock import OVERTIME_SECONDS, QUARTER_SECONDS, REGULATION_SECONDS
from nba_pipeline.models.samples.sample import GameSample


@dataclass(frozen=True)
class GameArrays:
    """Completed games in time order.

    Attributes:
        games: one row per game: game_id, season, game_date, home_win, margin, total.
        outcome: (games, 3) float32: home win (0 or 1), margin, total (points).
        context: (games, 32) float32.
        expected_total: (games,) float32, what the rating expected before tip-off, points.
        score_sd: (games,) points, as of the game's date.
        events: all games' events end to end.
        event_first: (games + 1,) where each game's events begin.
        graph_first: (games + 1,) where each game's graphs begin; the first graph is the one before tip-off.
        graph_start: (graphs,) first play of the stint.
        players: (graphs, 10) ids; node_mask: (graphs, 10) known; x: (graphs, 10, 16).
        stint_points, stint_possessions: (graphs, 2) what happened in the stint, home and away; 0 for the graph before tip-off.
    """

    games: pl.DataFrame
    outcome: np.ndarray
    context: np.ndarray
    expected_total: np.ndarray
    score_sd: np.ndarray
    events: EventArrays
    event_first: np.ndarray
    graph_first: np.ndarray
    graph_start: np.ndarray
    players: np.ndarray
    node_mask: np.ndarray
    x: np.ndarray
    stint_points: np.ndarray
    stint_possessions: np.ndarray

    def __len__(self) -> int:
        return self.games.height

    def select(self, wanted: pl.Series) -> np.ndarray:
        """Rows (positions) of the games whose id is in `wanted`, in time order."""
        return np.flatnonzero(self.games["game_id"].is_in(wanted.implode()).to_numpy())

    def event_counts(self) -> np.ndarray:
        """(games,) events of each game; 0 for a game without plays."""
        return np.diff(self.event_first)

    def known_at_second(self, game: np.ndarray, second: np.ndarray) -> np.ndarray:
        """How many events each instant knows: those at or before a second since tip-off; none at 0, which is before tip-off."""
        first, last = self.event_first[game], self.event_first[game + 1]
        known = [np.searchsorted(self.events.elapsed[a:b], s, side="right") for a, b, s in zip(first, last, second, strict=True)]
        return np.where(second > 0, np.array(known, np.int64), 0)

    def known_after_quarter(self, quarter: int) -> np.ndarray:
        """(games,) events up to and including the last period-end row at the quarter's end by the clock; -1 for a game without one."""
        is_end = (self.events.tokens == Token.PERIOD_END) & (self.events.elapsed == quarter * QUARTER_SECONDS)
        ends = np.flatnonzero(is_end)
        game = np.searchsorted(self.event_first, ends, side="right") - 1
        known = np.full(len(self), -1, np.int64)
        np.maximum.at(known, game, ends + 1 - self.event_first[game])
        return known

    def play_index(self, game: np.ndarray, known: np.ndarray) -> np.ndarray:
        """The instant's play index: one past the last known event; 0 before tip-off."""
        last = self.event_first[game] + known - 1
        return (
            np.where(known > 0, self.events.play_index[np.maximum(last, 0)].astype(np.int64) + 1, 0) if len(self.events.tokens) else known
        )

    def elapsed(self, game: np.ndarray, known: np.ndarray) -> np.ndarray:
        """(instants,) seconds since tip-off of the last known event; 0 before tip-off."""
        if not len(self.events.tokens):
            return np.zeros(len(game), np.float32)
        return np.where(known > 0, self.events.elapsed[np.maximum(self.event_first[game] + known - 1, 0)], 0).astype(np.float32)

    def state(self, game: np.ndarray, known: np.ndarray) -> np.ndarray:
        """(instants, 4) float32: score difference, points so far, share of regulation left, seconds of overtime left / 300."""
        state = np.zeros((len(game), 4), np.float32)
        state[:, 2] = 1.0
        begun = known > 0
        last = (self.event_first[game] + known - 1)[begun]
        elapsed = self.elapsed(game, known)[begun]
        into_overtime = np.maximum(elapsed - REGULATION_SECONDS, 0)
        state[begun, 0] = self.events.score_diff[last]
        state[begun, 1] = self.events.points[last]
        state[begun, 2] = share_left(elapsed)
        state[begun, 3] = (-into_overtime % OVERTIME_SECONDS) / OVERTIME_SECONDS
        return state

    def graph(self, game: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Row of the graph of each instant: the ten after the last known play, or the expected five before tip-off."""
        first = self.graph_first[game]
        if not len(self.events.tokens):
            return first
        last_play = self.events.play_index[np.maximum(self.event_first[game] + known - 1, 0)].astype(np.int64)
        span = int(self.graph_start.max()) + 1
        keys = np.repeat(np.arange(len(self)), np.diff(self.graph_first)) * span + self.graph_start
        row = np.searchsorted(keys, game * span + np.minimum(last_play, span - 1), side="right") - 1
        return np.where(known > 0, np.maximum(row, first), first)

    def samples(self, game: np.ndarray, known: np.ndarray, tokenizer: EventTokenizer) -> GameSample:
        """Many instants at once, stacked.

        Args:
            game: (batch,) positions in `games`.
            known: (batch,) events that each instant knows.
            tokenizer: cuts the sequences.
        """
        graph, first = self.graph(game, known), self.event_first[game]
        events, times, scores, lineups, mask = tokenizer.window(self.events, first, first + known, self.players[graph], self.score_sd[game])
        outcome = self.outcome[game]
        return GameSample(
            events=events,
            times=times,
            scores=scores,
            lineups=lineups,
            mask=mask,
            x=self.x[graph],
            node_mask=self.node_mask[graph],
            context=self.context[game],
            state=self.state(game, known),
            home_win=outcome[:, 0],
            margin=outcome[:, 1],
            total=outcome[:, 2],
            expected_total=self.expected_total[game],
        )
