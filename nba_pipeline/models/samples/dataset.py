"""Games as samples: which instants an epoch looks at.

A training epoch draws, for every game, a fixed number of instants before tip-off and a fixed number of random ones within
the game, anew each epoch and the same for the same (seed, epoch). What does not belong here: what a sample holds
(`game_arrays.py`), batches (`collate.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nba_pipeline.features.sequences import SEQUENCE_LENGTH, EventTokenizer
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.samples.batch import GameBatch
from nba_pipeline.models.samples.collate import nba_collate_fn
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import load_games
from nba_pipeline.models.samples.sample import GameSample
from nba_pipeline.warehouse.store import Warehouse


@dataclass
class NBADataset:
    """A map-style dataset of (game, instant) samples; works with `torch.utils.data.DataLoader`.

    Args:
        arrays: the games.
        rows: positions of the games to use; all when not given.
        pregame: samples before tip-off per game and epoch.
        in_game: samples within a game per game and epoch; games without plays give none.
        stratified: spread a game's instants over equal shares of its events, instead of drawing each from all of them.
        seed: of the draw.
        max_seq_len: tokens a sequence holds.
    """

    arrays: GameArrays
    rows: np.ndarray | None = None
    pregame: int = 1
    in_game: int = 3
    stratified: bool = True
    seed: int = 0
    max_seq_len: int = SEQUENCE_LENGTH
    tokenizer: EventTokenizer = field(init=False)

    def __post_init__(self) -> None:
        self.tokenizer = EventTokenizer(self.max_seq_len)
        self.set_epoch(0)

    @classmethod
    def from_season(cls, season: Season, store: Warehouse | None = None, **options: int | bool) -> NBADataset:
        """The completed games of one season, from the warehouse of the settings when no `store` is given."""
        if store is None:
            from nba_pipeline.settings import get_settings

            store = Warehouse(get_settings().source_dir, get_settings().source)
        return cls(load_games(store, [season]), **options)  # pyright: ignore[reportArgumentType]

    def set_epoch(self, epoch: int) -> None:
        """Draws the instants of an epoch."""
        rng = np.random.default_rng([self.seed, epoch])
        rows = np.arange(len(self.arrays)) if self.rows is None else self.rows
        counts = self.arrays.event_counts()[rows]
        played = rows[counts > 1]
        share = rng.random((len(played), self.in_game))
        if self.stratified and self.in_game:
            share = (np.arange(self.in_game) + share) / self.in_game
        known = 1 + (share * (counts[counts > 1] - 1)[:, None]).astype(np.int64)
        self.game = np.concatenate([np.repeat(rows, self.pregame), np.repeat(played, self.in_game)])
        self.known = np.concatenate([np.zeros(len(rows) * self.pregame, np.int64), known.ravel()])

    def __len__(self) -> int:
        return len(self.game)

    def __getitem__(self, index: int) -> GameSample:
        return self.__getitems__([index]).row(0)

    def __getitems__(self, indices: Sequence[int] | np.ndarray) -> GameSample:
        """Many samples at once, stacked; `DataLoader` calls this for a whole batch."""
        chosen = np.asarray(indices)
        return self.arrays.samples(self.game[chosen], self.known[chosen], self.tokenizer)


@dataclass
class GameLoader:
    """Batches of a dataset, in an order that depends on (seed, epoch) alone, so that a resumed fit sees the same ones.

    Args:
        dataset: what to draw from.
        batch_size: samples a batch.
        shuffle: a new order and new instants every epoch; otherwise the same ones in time order.
        seed: of the order.
    """

    dataset: NBADataset
    batch_size: int = 32
    shuffle: bool = True
    seed: int = 0
    _epoch: int = field(default=0, init=False)

    def set_epoch(self, epoch: int) -> None:
        """Fixes instants and order for an epoch; an evaluation loader never changes."""
        if self.shuffle:
            self._epoch = epoch
            self.dataset.set_epoch(epoch)

    def __len__(self) -> int:
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self) -> Iterator[GameBatch]:
        order = np.arange(len(self.dataset))
        if self.shuffle:
            order = np.random.default_rng([self.seed, self._epoch, 1]).permutation(order)
        for start in range(0, len(order), self.batch_size):
            yield nba_collate_fn(self.dataset.__getitems__(order[start : start + self.batch_size]))
