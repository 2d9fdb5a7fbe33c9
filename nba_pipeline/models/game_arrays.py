"""What the nets read of many games, in memory and end to end, and the cut at an instant.

This is the only place where a running game is cut: an instant is (game, number of known events), and everything a sample
holds comes from events before it, the last stint known by then, and rows as of the game's date. What does not belong
here: choosing instants (`dataset.py`), tensors (`collate.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.features.event_arrays import NODES, EventArrays, Token, share_left
from nba_pipeline.features.player_nodes import NODE_FEATURES
from nba_pipeline.features.sequences import DEFAULT_SCORE_SD, EventTokenizer
from nba_pipeline.league.clock import OVERTIME_SECONDS, REGULATION_SECONDS
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.sample import GameSample
from nba_pipeline.warehouse.store import Warehouse

PERIODS_OF_REGULATION = 4


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

    @classmethod
    def load(cls, warehouse: Warehouse, seasons: Sequence[Season]) -> "GameArrays":
        """Reads the completed games of `seasons` from the feature tables."""
        outcome = warehouse.read("games", seasons, ["game_id", "season", "game_date", "home_win", "margin", "total"])
        context = warehouse.read("context_features", seasons, ["game_id", *CONTEXT_FEATURES, "rating_total"])
        sequences = warehouse.read("sequences", seasons).drop("season", "game_date")
        games = (
            outcome.filter(pl.col("margin").is_not_null())
            .join(context, on="game_id")
            .join(sequences, on="game_id", how="left")
            .sort("game_date", "game_id")
        )
        return cls.from_frames(games, warehouse.read("lineup_graphs", seasons))

    @classmethod
    def from_frames(cls, games: pl.DataFrame, graphs: pl.DataFrame) -> "GameArrays":
        """From one row per game with context and event lists, and the `lineup_graphs` of these games."""
        counts = games["events_count"].fill_null(0).to_numpy().astype(np.int64)
        order = games.select("game_id").with_row_index("_game")
        graphs = order.join(graphs, on="game_id", how="left").sort("_game", "graph_index")
        graph_counts = np.bincount(graphs["_game"].to_numpy(), minlength=games.height)
        return cls(
            games=games.select("game_id", "season", "game_date", "home_win", "margin", "total"),
            outcome=games.select("home_win", "margin", "total").cast(pl.Float32).to_numpy(),
            context=games.select(CONTEXT_FEATURES).cast(pl.Float32).to_numpy(),
            expected_total=games["rating_total"].cast(pl.Float32).to_numpy(),
            score_sd=games["score_sd"].fill_null(DEFAULT_SCORE_SD).to_numpy(),
            events=_event_arrays(games),
            event_first=_starts(counts),
            graph_first=_starts(graph_counts),
            graph_start=graphs["start_play_index"].fill_null(0).to_numpy().astype(np.int64),
            players=_rows(graphs["players"], (NODES,), np.int64),
            node_mask=_rows(graphs["node_mask"], (NODES,), np.bool_),
            x=_rows(graphs["x"], (NODES, len(NODE_FEATURES)), np.float32),
            stint_points=_sides(graphs, "points"),
            stint_possessions=_sides(graphs, "possessions"),
        )

    def select(self, wanted: pl.Series) -> np.ndarray:
        """Rows (positions) of the games whose id is in `wanted`, in time order."""
        return np.flatnonzero(self.games["game_id"].is_in(wanted.implode()).to_numpy())

    def event_counts(self) -> np.ndarray:
        """(games,) events of each game; 0 for a game without plays."""
        return np.diff(self.event_first)

    def known_at_play(self, game: np.ndarray, play_index: np.ndarray) -> np.ndarray:
        """How many events of each game have a smaller play index than the instant's."""
        first, last = self.event_first[game], self.event_first[game + 1]
        return np.array(
            [np.searchsorted(self.events.play_index[a:b], p) for a, b, p in zip(first, last, play_index, strict=True)], np.int64
        )

    def known_after_quarter(self, quarter: int) -> np.ndarray:
        """(games,) events up to and including the `quarter`-th period-end row; -1 for a game without it."""
        ends = np.flatnonzero(self.events.tokens == Token.PERIOD_END)
        game = np.searchsorted(self.event_first, ends, side="right") - 1
        nth = np.arange(len(ends)) - np.searchsorted(game, game)
        known = np.full(len(self), -1, np.int64)
        chosen = nth == quarter - 1
        known[game[chosen]] = ends[chosen] + 1 - self.event_first[game[chosen]]
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


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)])


def _rows(column: pl.Series, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """(rows, *shape) values of an Array column; zeros where null."""
    values = np.zeros((len(column), *shape), dtype)
    present = column.is_not_null().to_numpy()
    if present.any():
        values[present] = column.drop_nulls().to_numpy().reshape(-1, *shape)
    return values


def _sides(graphs: pl.DataFrame, fact: str) -> np.ndarray:
    return graphs.select(pl.col(f"{side}_{fact}").fill_null(0).cast(pl.Float32) for side in ("home", "away")).to_numpy()


def _event_arrays(games: pl.DataFrame) -> EventArrays:
    def flat(name: str, width: int | None = None) -> np.ndarray:
        values = games[name].drop_nulls().explode(empty_as_null=False).to_numpy()
        return values.reshape(-1, width) if width else values

    return EventArrays(
        flat("play_index"), flat("tokens"), flat("elapsed"), flat("score_diff"), flat("points"), flat("on_court", NODES), flat("actors", 3)
    )
