"""The ten on court as a graph: one row before tip-off and one per stint, with node features known before the date.

`LineupGraphBuilder` makes the PyG graph of any ten players; `build` makes the table that training reads. What does not
belong here: the net (`models/nets/gnn.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.net_inputs.event_arrays import lineup_ids
from nba_pipeline.features.net_inputs.player_nodes import NODE_FEATURES, PlayerFeatures, player_nodes, position_order
from nba_pipeline.league.seasons import Season

if TYPE_CHECKING:
    from torch_geometric.data import Data

PLAYERS_A_SIDE = 5


def edges(*, all_opponents: bool = False) -> np.ndarray:
    """Directed edges (2, E) of a ten-node graph: team-mates fully connected, then opponents.

    20 undirected team-mate edges (10 a side) and 5 undirected opponent edges, node i against node 5 + i; all 25 pairs
    if `all_opponents`. Every undirected edge is listed in both directions, sources sorted.
    """
    mates = [(a, b) for side in (0, PLAYERS_A_SIDE) for a in range(side, side + 5) for b in range(side, side + 5) if a != b]
    pairs = [(a, b) for a in range(5) for b in range(5, 10) if all_opponents or b == a + 5]
    opponents = sorted(pairs + [(b, a) for a, b in pairs])
    return np.array(mates + opponents, np.int64).T


def is_opponent(edge_index: np.ndarray) -> np.ndarray:
    """(E,) whether an edge joins the two sides."""
    return (edge_index[0] < PLAYERS_A_SIDE) != (edge_index[1] < PLAYERS_A_SIDE)


@dataclass
class LineupGraphBuilder:
    """Builds the graph of ten players.

    Args:
        player_features: one row per player with `player_id`, `position_rank` and the columns `NODE_FEATURES`, already scaled (see
            `player_nodes`); polars, or a pandas frame of the same columns.
        chemistry: minutes that two team-mates have shared, as of the game, by pair of player ids (smaller id first); optional.
        all_opponents: join all 25 pairs of opponents, not only the five of equal position.

    Example:
        >>> from nba_pipeline.features.net_inputs.player_nodes import blank_players
        >>> builder = LineupGraphBuilder(blank_players(range(1, 11)))
        >>> graph = builder.build_graph(home_lineup=[1, 2, 3, 4, 5], away_lineup=[6, 7, 8, 9, 10])
        >>> tuple(graph.x.shape), tuple(graph.edge_index.shape)
        ((10, 16), (2, 50))
    """

    player_features: Any
    chemistry: Mapping[tuple[int, int], float] | None = None
    all_opponents: bool = False

    def __post_init__(self) -> None:
        self._players = PlayerFeatures.from_frame(pl.DataFrame(self.player_features))

    def build_graph(self, home_lineup: Sequence[int], away_lineup: Sequence[int]) -> Data:
        """The graph of two lineups of at most five; a missing or unknown player is a masked node.

        Returns:
            PyG `Data` with x (10, 16), edge_index (2, E), edge_attr (E, 2: is opponent, shared minutes / 1000), node_mask (10,).

        Raises:
            ValueError: a lineup of more than five, or a player on both sides.
        """
        import torch
        from torch_geometric.data import Data

        nodes = np.concatenate([self._ordered(home_lineup), self._ordered(away_lineup)])
        if len(set(nodes[nodes > 0])) != (nodes > 0).sum():
            raise ValueError(f"a player stands twice in {list(nodes)}: give ten different players")
        x, known = self._players.lookup(nodes)
        edge_index = edges(all_opponents=self.all_opponents)
        edge_attr = np.stack([is_opponent(edge_index), self._shared_minutes(nodes, edge_index)], axis=1).astype(np.float32)
        return Data(
            x=torch.from_numpy(x),
            edge_index=torch.from_numpy(edge_index),
            edge_attr=torch.from_numpy(edge_attr),
            node_mask=torch.from_numpy(known),
        )

    def _ordered(self, lineup: Sequence[int]) -> np.ndarray:
        if len(lineup) > PLAYERS_A_SIDE:
            raise ValueError(f"a lineup of {len(lineup)}: {list(lineup)}; give at most five players")
        ids = np.zeros(PLAYERS_A_SIDE, np.int64)
        ids[: len(lineup)] = lineup
        return position_order(ids[None], self._players)[0]

    def _shared_minutes(self, nodes: np.ndarray, edge_index: np.ndarray) -> np.ndarray:
        shared = self.chemistry or {}
        return np.array([shared.get((min(a, b), max(a, b)), 0.0) / 1000 for a, b in nodes[edge_index].T])


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Rows (game_id, graph_index): 0 is before tip-off, k + 1 is stint k.

    `players` (10,) ids in position order, home first, 0 where unknown; `node_mask` (10,) True for a player with a
    history; `x` (160,) the (10, 16) node features, row by row. Stint rows also carry what happened in them.
    """
    schedule = history.schedule(seasons).select("game_id", "season", "game_date")
    fives = pl.concat([_pregame_fives(history, schedule), _stint_fives(history, schedule)], how="diagonal")
    fives = fives.sort("game_date", "game_id", "graph_index")
    nodes = player_nodes(history, seasons)
    known = {day: PlayerFeatures.from_frame(rows) for (day,), rows in nodes.partition_by("game_date", as_dict=True).items()}
    nobody = PlayerFeatures.from_frame(nodes.clear())
    nights = fives.partition_by("game_date", maintain_order=True)
    return pl.concat([with_nodes(fives.clear(), nobody), *(with_nodes(rows, known.get(rows["game_date"][0], nobody)) for rows in nights)])


def _pregame_fives(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """The five with the most expected minutes of each side; fewer where fewer are known."""
    games = history.schedule().select("game_id", "home_team_id")
    top = (
        history.table("rotation")
        .select("game_id", "team_id", "player_id", "expected_minutes")
        .join(games, on="game_id")
        .sort("game_id", "team_id", "expected_minutes", "player_id", descending=[False, False, True, False])
        .group_by("game_id", "team_id", "home_team_id", maintain_order=True)
        .agg(pl.col("player_id").head(PLAYERS_A_SIDE))
    )
    five = pl.col("player_id").list.concat(pl.lit([0] * PLAYERS_A_SIDE)).list.head(PLAYERS_A_SIDE).list.to_array(PLAYERS_A_SIDE)
    is_home = pl.col("team_id") == pl.col("home_team_id")
    home = top.filter(is_home).select("game_id", home_lineup=five)
    away = top.filter(~is_home).select("game_id", away_lineup=five)
    rows = schedule.join(home, on="game_id", how="left", maintain_order="left").join(away, on="game_id", how="left", maintain_order="left")
    return rows.with_columns(graph_index=pl.lit(0, pl.Int32), start_play_index=pl.lit(0, pl.Int32))


STINT_FACTS = ("home_points", "away_points", "home_possessions", "away_possessions", "seconds")


def _stint_fives(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    stints = history.table("stints").drop("season", strict=False).join(schedule, on="game_id")
    return stints.select(
        "game_id", "season", "game_date", "home_lineup", "away_lineup",
        graph_index=(pl.col("stint_index") + 1).cast(pl.Int32),
        start_play_index=pl.col("start_play_index").cast(pl.Int32),
        home_points=pl.col("home_points").cast(pl.Int32),
        away_points=pl.col("away_points").cast(pl.Int32),
        home_possessions=pl.col("home_possessions").cast(pl.Float32),
        away_possessions=pl.col("away_possessions").cast(pl.Float32),
        seconds=(pl.col("end_seconds") - pl.col("start_seconds")).cast(pl.Float32),
    )  # fmt: skip


def with_nodes(fives: pl.DataFrame, players: PlayerFeatures) -> pl.DataFrame:
    """Replaces the fives of one date by ordered players, masks and node features.

    Args:
        fives: rows with `home_lineup` and `away_lineup`.
        players: as they are known before that date.
    """
    sides = [position_order(lineup_ids(fives[f"{side}_lineup"]), players) for side in ("home", "away")]
    ids = np.concatenate(sides, axis=1)
    x, known = players.lookup(ids)
    return fives.drop("home_lineup", "away_lineup").with_columns(
        players=pl.Series(ids, dtype=pl.Array(pl.Int64, 10)),
        node_mask=pl.Series(known, dtype=pl.Array(pl.Boolean, 10)),
        x=pl.Series(x.reshape(fives.height, 10 * len(NODE_FEATURES)), dtype=pl.Array(pl.Float32, 10 * len(NODE_FEATURES))),
    )


FEATURE = Feature(
    name="lineup_graphs",
    build=build,
    inputs=("games", "stints", "players", "rotation", "player_rapm", "season_stats"),
    key=("game_id", "graph_index"),
    observed=STINT_FACTS,
    pregame=pl.col("graph_index") == 0,
    about="the expected five before tip-off and the ten of every stint, in position order, with 16 numbers a player",
)
