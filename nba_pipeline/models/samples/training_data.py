"""The games of a training run: arrays, the split by date, what the ratings said, and a digest that names all of it.

What does not belong here: training (`training/runs.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import sha256_bytes, sha256_file
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.instants import InstantTable, instant_table, named_instants
from nba_pipeline.models.samples.load_games import PROJECTED, load_games, table_of
from nba_pipeline.models.samples.splits import Split, SplitOf, split_games
from nba_pipeline.warehouse.store import StoreError, Warehouse

TABLES = ("games", "sequences", "lineup_graphs", "context_features")


class NothingToTrainOnError(RuntimeError):
    """The tables or games that training needs are not there."""


@dataclass(frozen=True)
class TrainingData:
    """What a run trains on.

    Attributes:
        arrays: completed games of the chosen seasons.
        split: ids by part; train, validation, test: positions of the games.
        priors: per game what the ratings said before tip-off (`instants.PRIORS`).
        digest: hash over the content of all tables read, and how they are split.
        source: where the raw archive came from.
    """

    arrays: GameArrays
    split: Split
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    priors: pl.DataFrame
    digest: str
    source: str

    @classmethod
    def load(cls, warehouse: Warehouse, seasons: Sequence[Season], split_of: SplitOf = split_games) -> TrainingData:
        """Reads the feature tables of `seasons`.

        Args:
            warehouse: where they are.
            seasons: which to read.
            split_of: the split of the games, given rows with game_id, season, game_date and has_plays.

        Raises:
            NothingToTrainOnError: a table is missing (with the remedy), or a part of the split has no game.
        """
        require_tables(warehouse, seasons)
        try:
            arrays = load_games(warehouse, seasons)
            priors = read_priors(warehouse, seasons)
        except StoreError as error:
            raise NothingToTrainOnError(str(error)) from error
        split = split_of(arrays.games.with_columns(has_plays=pl.Series(arrays.event_counts() > 0)))
        train, validation, test = (arrays.select(part) for part in (split.train, split.validation, split.test))
        if not len(train) or not len(validation):
            raise NothingToTrainOnError(f"{len(arrays)} completed games in {', '.join(seasons)}: choose seasons with more games")
        tables = [sha256_file(warehouse.path(table, season)) for table in TABLES for season in seasons]
        digest = sha256_bytes("".join([*tables, split.validation_label, split.test_label]).encode())
        return cls(arrays, split, train, validation, test, priors, digest, warehouse.source)

    def periods(self) -> dict[str, dict[str, Any]]:
        """First and last date and number of games of each part that has games."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        dates = {part: self.arrays.games["game_date"][rows.tolist()] for part, rows in parts.items() if len(rows)}
        return {part: {"first": str(days.min()), "last": str(days.max()), "games": len(days)} for part, days in dates.items()}

    def named_instants(self, rows: np.ndarray) -> InstantTable:
        """Before tip-off and the end of each quarter of the games at `rows`."""
        return named_instants(self.arrays, rows, self.priors)

    def instants(self, name: np.ndarray, game: np.ndarray, known: np.ndarray) -> InstantTable:
        """Any instants, with labels."""
        return instant_table(self.arrays, name, game, known, self.priors)


def require_tables(warehouse: Warehouse, seasons: Sequence[Season]) -> None:
    """Do all tables of `seasons` that training reads lie on disk?

    Raises:
        NothingToTrainOnError: one does not; with the remedy.
    """
    missing = [f"{table} {season}" for table in TABLES for season in seasons if not warehouse.path(table, season).exists()]
    if missing:
        raise NothingToTrainOnError(
            f"{len(missing)} tables are missing under {warehouse.root}, the first is {missing[0]}: materialise the features of "
            "these seasons first (make run builds everything; nothing upstream is built silently)"
        )


def read_priors(warehouse: Warehouse, seasons: Sequence[Season], lineups: str = PROJECTED) -> pl.DataFrame:
    """What the ratings said before each game: game_id and `instants.PRIORS`."""
    columns = ["game_id", "elo_margin", "rating_margin", "rating_total", "p_home_win_elo", "p_home_win_rating"]
    return warehouse.read(table_of("context_features", lineups), seasons, columns).rename(
        {"p_home_win_elo": "elo_p_home_win", "p_home_win_rating": "rating_p_home_win"}
    )
