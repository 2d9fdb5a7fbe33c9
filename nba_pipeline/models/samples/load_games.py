"""Feature tables become arrays of games (`game_arrays.py`).

What does not belong here: instants and samples.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.features.net_inputs.event_arrays import NODES, EventArrays
from nba_pipeline.features.net_inputs.player_nodes import NODE_FEATURES
from nba_pipeline.features.sequences import DEFAULT_SCORE_SD
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.warehouse.store import Warehouse

COMPLETED = pl.col("margin").is_not_null()
PROJECTED, REPORTED = "projected", "reported"


def table_of(feature: str, lineups: str) -> str:
    """The table that holds a feature for a knowledge of who plays."""
    return feature if lineups == PROJECTED else f"{feature}_{lineups}"


def load_games(warehouse: Warehouse, seasons: Sequence[Season], chosen: pl.Expr = COMPLETED, lineups: str = PROJECTED) -> GameArrays:
    """Reads games of `seasons` from the feature tables.

    Args:
        warehouse: where the tables are.
        seasons: which to read.
        chosen: which of their games, over the columns of `games`; the completed ones when not given.
        lineups: `projected`, or `reported` for what is known shortly before tip-off; the arrays then hold no lineups of the game itself.
    """
    outcome = warehouse.read("games", seasons).filter(chosen).select("game_id", "season", "game_date", "home_win", "margin", "total")
    context = warehouse.read(table_of("context_features", lineups), seasons, ["game_id", *CONTEXT_FEATURES, "rating_total"])
    sequences = warehouse.read("sequences", seasons).drop("season", "game_date")
    games = outcome.join(context, on="game_id").join(sequences, on="game_id", how="left").sort("game_date", "game_id")
    return games_from_frames(games, warehouse.read(table_of("lineup_graphs", lineups), seasons))


def games_from_frames(games: pl.DataFrame, graphs: pl.DataFrame) -> GameArrays:
    """From one row per game with context and event lists, and the `lineup_graphs` of these games."""
    counts = games["events_count"].fill_null(0).to_numpy().astype(np.int64)
    order = games.select("game_id").with_row_index("_game")
    graphs = order.join(graphs, on="game_id", how="left").sort("_game", "graph_index")
    graph_counts = np.bincount(graphs["_game"].to_numpy(), minlength=games.height)
    return GameArrays(
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
