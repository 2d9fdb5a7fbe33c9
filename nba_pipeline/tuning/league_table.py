"""The pipeline's own tables as a table of games to train on. What does not belong here: other people's files (`game_table.py`)."""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse

GAMES, CONTEXT = "games", "context_features"


def league_table(warehouse: Warehouse, features: bool, seasons: Sequence[Season] = ()) -> pl.DataFrame:
    """Games of the warehouse, as `game_table.dated_rows` takes them.

    Args:
        warehouse: of one source.
        features: join the context features, and leave out games that have none.
        seasons: which; every one on disk when not given.

    Raises:
        StoreError: a season of a table is not on disk; names it and the remedy.
    """
    chosen = tuple(seasons) or warehouse.seasons(CONTEXT if features else GAMES)
    games = warehouse.read(GAMES, chosen)
    if not features:
        return games
    return games.join(warehouse.read(CONTEXT, chosen).drop("season", "game_date"), on="game_id", maintain_order="left")
