"""The blocks of a backtest on disk: which are there, which are still to be forecast, and writing one.

A block's file says how it was made (`recipe`); one that was made in another way is forecast anew, so that a report never mixes two.
What does not belong here: what happens in a block (`walk_forward.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nba_pipeline.evaluation.metrics import absolute_errors, log_losses
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import sha256_bytes, sha256_file
from nba_pipeline.models.samples.training_data import TABLES, require_tables
from nba_pipeline.models.training.trained import code_digest
from nba_pipeline.prediction.backtest import walk_forward
from nba_pipeline.prediction.backtest.report import PREGAME, BacktestReport, backtest_report
from nba_pipeline.prediction.backtest.retrain_blocks import RETRAINS, Block, Retrain, block_table, blocks_on_disk
from nba_pipeline.warehouse.store import StoreError, Warehouse, Written

if TYPE_CHECKING:
    from nba_pipeline.models.training.config import TrainingConfig
    from nba_pipeline.models.training.fitting import How

OF = " of "


class BacktestError(RuntimeError):
    """A backtest cannot be run or reported as asked; the message says what to do."""


def missing_blocks(warehouse: Warehouse, seasons: Sequence[Season], retrain: str, config: TrainingConfig, seasons_back: int) -> list[Block]:
    """The blocks of `seasons` that no file holds, or only one made in another way.

    Raises:
        BacktestError: the games of a season are missing.
        NothingToTrainOnError: a table that training reads is missing.
    """
    table, blocks = block_table(_retrain(retrain)), _blocks(warehouse, seasons, _retrain(retrain))
    wanted = {season: recipe(warehouse, season, config, seasons_back) for season in seasons}
    return [block for block in blocks if _recipe_of(warehouse.path(table, block.first)) != wanted[block.season]]


def recipe(warehouse: Warehouse, season: Season, config: TrainingConfig, seasons_back: int) -> str:
    """Names how the blocks of a season are made: numbers of the training and code of the nets, then every table they read.

    Raises:
        NothingToTrainOnError: a table that training reads is missing.
    """
    code = f"{code_digest()} {sha256_file(Path(walk_forward.__file__))}"
    seasons = walk_forward.seasons_read(warehouse, season, seasons_back)
    require_tables(warehouse, sorted({*seasons, season}))
    data = "".join(sha256_file(warehouse.path(table, one)) for table in TABLES for one in seasons)
    way = sha256_bytes(f"{sorted(config.to_dict().items())} {seasons_back} {code}".encode())
    return f"{way[:12]}{OF}{sha256_bytes(data.encode())[:12]}"


def write_block(warehouse: Warehouse, retrain: str, first: date, how: How, seasons_back: int) -> tuple[Written, Mapping[str, float]]:
    """Trains before a block, forecasts it and writes its file, whole or not at all.

    Returns:
        What was written, and the block's own headline numbers before tip-off.

    Raises:
        BacktestError: there is no block that starts on `first`.
        NothingToTrainOnError: a table that training reads is missing, or there are no games before the block.
    """
    kind = _retrain(retrain)
    found = [block for block in _blocks(warehouse, warehouse.seasons("games"), kind) if block.first == first]
    if not found:
        raise BacktestError(f"no {kind} block starts on {first}: `nba backtest --retrain {kind} --dry-run` lists those there are")
    made = recipe(warehouse, found[0].season, how.config, seasons_back)
    rows = walk_forward.forecast_block(warehouse, found[0], how, seasons_back).with_columns(recipe=pl.lit(made))
    return warehouse.write(block_table(kind), rows, first), _headline(rows)


def read_report(warehouse: Warehouse, seasons: Sequence[Season], retrain: str) -> BacktestReport:
    """The report of the blocks of some seasons.

    Raises:
        BacktestError: a block is missing, or blocks were made in different ways.
    """
    kind = _retrain(retrain)
    rows = read_blocks(warehouse, _blocks(warehouse, seasons, kind), kind)
    return backtest_report(rows, *(_if_there(warehouse, table, seasons) for table in ("betting_lines", "player_rating_reported")))


def read_blocks(warehouse: Warehouse, blocks: Sequence[Block], retrain: Retrain) -> pl.DataFrame:
    """The forecasts of blocks, in time order.

    Raises:
        BacktestError: a block is missing, or blocks were made in different ways.
    """
    table = block_table(retrain)
    absent = [block for block in blocks if not warehouse.path(table, block.first).exists()]
    if absent or not blocks:
        first = f", the first is {absent[0]}" if absent else ""
        raise BacktestError(f"{len(absent)} of {len(blocks)} blocks are not forecast yet{first}: run `nba backtest` over these seasons")
    parts = [warehouse.read(table, [block.first]) for block in blocks]  # a block without plays has no columns of minutes
    rows = pl.concat(parts, how="diagonal_relaxed")
    if rows["recipe"].str.split(OF).list.first().n_unique() > 1:
        raise BacktestError("the blocks were made in different ways (settings or code changed): run `nba backtest` again")
    return rows


def _blocks(warehouse: Warehouse, seasons: Sequence[Season], retrain: Retrain) -> list[Block]:
    try:
        return blocks_on_disk(warehouse, seasons, retrain)
    except StoreError as error:
        raise BacktestError(str(error)) from error


def _retrain(name: str) -> Retrain:
    for known in RETRAINS:
        if known == name:
            return known
    raise BacktestError(f"{name!r} is no way to retrain: {', '.join(RETRAINS)}")


def _if_there(warehouse: Warehouse, table: str, seasons: Sequence[Season]) -> pl.DataFrame | None:
    there = [season for season in seasons if warehouse.path(table, season).exists()]
    return warehouse.read(table, there) if there else None


def _recipe_of(path: Path) -> str | None:
    return pl.read_parquet(path, columns=["recipe"])["recipe"][0] if path.exists() else None


def _headline(rows: pl.DataFrame) -> dict[str, float]:
    before = rows.filter(PREGAME)
    won = before["home_win"].cast(pl.Float64).to_numpy()
    return {
        "games": before.height,
        "log_loss": float(log_losses(before["p_home_win"].to_numpy(), won).mean()),
        "log_loss_rating": float(log_losses(before["p_home_win_rating"].to_numpy(), won).mean()),
        "margin_mae": float(absolute_errors(before["margin"].to_numpy(), before["final_margin"].to_numpy()).mean()),
    }
