"""Batches of stints for pre-training the graph net: the ten on court, and what came of it.

What does not belong here: samples of games (`dataset.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch

from nba_pipeline.models.samples.batch import StintBatch
from nba_pipeline.models.samples.collate import graph_batch
from nba_pipeline.models.samples.game_arrays import GameArrays

MIN_POSSESSIONS = 1.0
"""A stint in which one side never had the ball says nothing about points per possession."""


@dataclass
class StintLoader:
    """Batches of the stints of some games, in an order that depends on (seed, epoch) alone.

    Args:
        arrays: the games.
        rows: positions of the games to use.
        batch_size: stints a batch.
        shuffle: a new order every epoch; otherwise time order.
        seed: of the order.
        per_epoch: stints of a shuffled epoch, drawn anew each time; all when not given.
    """

    arrays: GameArrays
    rows: np.ndarray
    batch_size: int = 256
    shuffle: bool = True
    seed: int = 0
    per_epoch: int | None = None
    _epoch: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        game = np.repeat(np.arange(len(self.arrays)), np.diff(self.arrays.graph_first))
        played = self.arrays.stint_possessions.min(axis=1) >= MIN_POSSESSIONS
        self.stints = np.flatnonzero(np.isin(game, self.rows) & played)

    def set_epoch(self, epoch: int) -> None:
        """Fixes the order of an epoch."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-len(self._order()) // self.batch_size)

    def __iter__(self) -> Iterator[StintBatch]:
        order = self._order()
        for start in range(0, len(order), self.batch_size):
            yield self._batch(order[start : start + self.batch_size])

    def _order(self) -> np.ndarray:
        if not self.shuffle:
            return self.stints
        return np.random.default_rng([self.seed, self._epoch]).permutation(self.stints)[: self.per_epoch]

    def _batch(self, stints: np.ndarray) -> StintBatch:
        arrays = self.arrays
        points, possessions = arrays.stint_points[stints], arrays.stint_possessions[stints]
        per_100 = 100 * points / possessions
        return StintBatch(
            graph=graph_batch(arrays.x[stints], arrays.node_mask[stints]),
            margin_per_100=torch.from_numpy(per_100[:, 0] - per_100[:, 1]),
            possessions=torch.from_numpy(possessions.mean(axis=1)),
        )
