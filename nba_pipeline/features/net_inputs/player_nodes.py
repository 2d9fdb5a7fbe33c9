"""The 16 numbers of a graph node: one player as he is known before a date.

Every number is put on a fixed physical scale (a constant centre and spread), so nothing has to be fitted and nothing can
leak through a normaliser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.league.seasons import Season

POSITIONS = ("point_guard", "shooting_guard", "small_forward", "power_forward", "center")

SCALES: dict[str, tuple[float, float]] = {
    "orapm": (0.0, 2.0),
    "drapm": (0.0, 2.0),
    "rapm": (0.0, 3.0),
    "height_inches": (78.5, 3.5),
    "weight_pounds": (217.0, 24.0),
    "fg_pct": (0.46, 0.06),
    "fg3_pct": (0.35, 0.05),
    "ft_pct": (0.76, 0.08),
    "minutes_per_game": (21.0, 9.0),
    "usage_rate": (0.20, 0.05),
    "games_share": (0.70, 0.25),
}
"""Centre and spread in the number's own unit, roughly those of an NBA rotation player."""

NODE_FEATURES: tuple[str, ...] = (
    "orapm", "drapm", "rapm", "height_inches", "weight_pounds", *POSITIONS,
    "fg_pct", "fg3_pct", "ft_pct", "minutes_per_game", "usage_rate", "games_share",
)  # fmt: skip

POSITION_SHARES: dict[str, tuple[float, float, float, float, float]] = {
    "G": (0.5, 0.5, 0.0, 0.0, 0.0),
    "G-F": (0.0, 0.5, 0.5, 0.0, 0.0),
    "F-G": (0.0, 0.5, 0.5, 0.0, 0.0),
    "F": (0.0, 0.0, 0.5, 0.5, 0.0),
    "F-C": (0.0, 0.0, 0.0, 0.5, 0.5),
    "C-F": (0.0, 0.0, 0.0, 0.5, 0.5),
    "C": (0.0, 0.0, 0.0, 0.0, 1.0),
}
"""The player index knows guard, forward and center; each is spread over the five positions it covers."""

UNKNOWN_POSITION = (0.2, 0.2, 0.2, 0.2, 0.2)


@dataclass(frozen=True)
class PlayerFeatures:
    """Node features of many players, found by id.

    Attributes:
        ids: (players,) sorted.
        x: (players, 16) float32, scaled.
        rank: (players,) position from 0 (point guard) to 4 (center), with height as the fine order.
    """

    ids: np.ndarray
    x: np.ndarray
    rank: np.ndarray

    @classmethod
    def from_frame(cls, frame: pl.DataFrame) -> PlayerFeatures:
        """From rows with `player_id`, `position_rank` and the columns `NODE_FEATURES`."""
        frame = frame.sort("player_id")
        x = frame.select(pl.col(NODE_FEATURES).cast(pl.Float32)).to_numpy()
        return cls(frame["player_id"].to_numpy(), np.ascontiguousarray(x), frame["position_rank"].to_numpy())

    def _find(self, players: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not len(self.ids):
            return np.zeros(players.shape, np.int64), np.zeros(players.shape, bool)
        row = np.minimum(np.searchsorted(self.ids, players), len(self.ids) - 1)
        return row, (self.ids[row] == players) & (players > 0)

    def lookup(self, players: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features (…, 16), zero where unknown, and whether each player is known (…)."""
        row, known = self._find(players)
        if not len(self.ids):
            return np.zeros((*players.shape, len(NODE_FEATURES)), np.float32), known
        return np.where(known[..., None], self.x[row], np.float32(0)), known

    def ranks(self, players: np.ndarray) -> np.ndarray:
        """Position rank of each player; unknown ones in the middle, absent ones (id 0) last."""
        row, known = self._find(players)
        ranks = np.where(known, self.rank[row], 2.0) if len(self.ids) else np.full(players.shape, 2.0)
        return np.where(players > 0, ranks, np.inf)


def position_order(lineups: np.ndarray, players: PlayerFeatures) -> np.ndarray:
    """Lineups (rows, 5) reordered from point guard to center; ties by player id."""
    by_id = np.sort(lineups, axis=1)
    order = np.argsort(players.ranks(by_id), axis=1, kind="stable")
    return np.take_along_axis(by_id, order, axis=1)


def player_nodes(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Rows (game_date, player_id) of everyone with a history before that date: `position_rank` and scaled `NODE_FEATURES`."""
    stats = history.table("season_stats").filter(pl.col("season").is_in(list(seasons)))
    rapm = history.table("player_rapm").select("game_date", "player_id", "orapm", "drapm", "rapm")
    raw = (
        stats.select("game_date", "player_id", "fg_pct", "fg3_pct", "ft_pct", "minutes_per_game", "usage_rate", "games_share")
        .join(rapm, on=["game_date", "player_id"], how="left", maintain_order="left")
        .join(bios(history), on="player_id", how="left", maintain_order="left")
    )
    scaled = [((pl.col(name) - centre) / spread).fill_null(0.0).cast(pl.Float32).alias(name) for name, (centre, spread) in SCALES.items()]
    share = [pl.col(name).fill_null(0.2).cast(pl.Float32) for name in POSITIONS]
    return raw.select("game_date", "player_id", pl.col("position_rank").fill_null(2.0), *scaled, *share)


def bios(history: History) -> pl.DataFrame:
    """Height, weight, position shares and rank by player; facts that do not change with the season."""
    players = history.table("players").select("player_id", "position", "height_inches", "weight_pounds")
    shares = np.array([POSITION_SHARES.get(position or "", UNKNOWN_POSITION) for position in players["position"]])
    height = players["height_inches"].fill_null(SCALES["height_inches"][0]).to_numpy()
    rank = shares @ np.arange(len(POSITIONS)) + 0.01 * (height - SCALES["height_inches"][0])
    return players.with_columns(
        *(pl.Series(name, shares[:, i]) for i, name in enumerate(POSITIONS)), pl.Series("position_rank", rank)
    ).drop("position")


def blank_players(ids: Iterable[int]) -> pl.DataFrame:
    """Average players with the given ids, for trying things out."""
    ids = list(ids)
    zeros = {name: np.zeros(len(ids), np.float32) for name in NODE_FEATURES}
    return pl.DataFrame({"player_id": ids, "position_rank": np.full(len(ids), 2.0), **zeros})
