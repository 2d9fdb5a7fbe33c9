"""The steps of a walk-forward backtest: stretches of dates that one training forecasts.

A block is known by its first date, which is also the name of its file. What does not belong here: training and forecasting
(`walk_forward.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse

Retrain = Literal["season", "monthly", "weekly"]
RETRAINS: tuple[Retrain, ...] = get_args(Retrain)


@dataclass(frozen=True, order=True)
class Block:
    """Games of a season from `first` to `last`, both included: forecast by models that know dates before `first` only."""

    first: date
    last: date
    season: Season

    def __str__(self) -> str:
        return f"{self.first} .. {self.last}"


_STARTS: dict[Retrain, Callable[[date], date]] = {
    "season": lambda _: date.min,
    "monthly": lambda day: day.replace(day=1),
    "weekly": lambda day: day - timedelta(days=day.weekday()),
}


def retrain_blocks(games: pl.DataFrame, retrain: Retrain) -> list[Block]:
    """Cuts the games of seasons into blocks, in time order; a block never holds games of two seasons.

    Args:
        games: rows with season and game_date.
        retrain: how long one training lasts: a season, a calendar month, or a week from Monday.
    """
    blocks: dict[tuple[Season, date], list[date]] = {}
    for season, day in games.select("season", "game_date").unique().sort("game_date").iter_rows():
        blocks.setdefault((season, _STARTS[retrain](day)), []).append(day)
    return sorted(Block(days[0], days[-1], season) for (season, _), days in blocks.items())


def blocks_on_disk(warehouse: Warehouse, seasons: Sequence[Season], retrain: Retrain) -> list[Block]:
    """The blocks of the completed games of `seasons`.

    Raises:
        StoreError: the games of a season are missing.
    """
    games = warehouse.read("games", seasons, ["season", "game_date", "margin"])
    return retrain_blocks(games.filter(pl.col("margin").is_not_null()), retrain)


def block_table(retrain: Retrain) -> str:
    """The warehouse table that holds a backtest's forecasts, one file per block."""
    return f"backtest_{retrain}"
