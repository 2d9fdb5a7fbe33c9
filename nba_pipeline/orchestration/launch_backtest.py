"""What `nba backtest` starts: one run per block that is not forecast yet, on the same instance as the UI, then the report's.

What does not belong here: a block (`assets/backtests.py`), several at a time (`apart.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import dagster as dg
from rich.console import Console

from nba_pipeline.orchestration.launch import OK, JobMaker, execute, report_stale_runs
from nba_pipeline.orchestration.partitions import BACKTEST_BLOCKS, block_key
from nba_pipeline.orchestration.stages import Stage


@dataclass(frozen=True)
class BacktestRun:
    """How the blocks of a backtest are run.

    Attributes:
        retrain: `season`, `monthly` or `weekly`.
        epochs: passes of the nets in each training.
        seasons_back: earlier seasons that each training sees.
    """

    retrain: str
    epochs: int
    seasons_back: int

    def config(self) -> dict[str, object]:
        """Dagster run configuration of a block."""
        return {"ops": {"backtest": {"config": {"epochs": self.epochs, "seasons_back": self.seasons_back}}}}


def run_block(run: BacktestRun, first: date, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Runs one block, after stale runs that may hold its pool's slot; returns the exit code."""
    report_stale_runs(instance, console)
    key = block_key(run.retrain, first)
    instance.add_dynamic_partitions(str(BACKTEST_BLOCKS.name), [key])
    return execute(Stage(key, ("backtest",), partition=key), instance, job, console, run_config=run.config())


def run_blocks(run: BacktestRun, firsts: Sequence[date], instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Runs blocks one after the other, and goes on where one fails; the worst exit code."""
    return max((run_block(run, first, instance, job, console) for first in firsts), default=OK)


def run_summary(run: BacktestRun, seasons: str, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Materialises the report over blocks that are there; returns the exit code."""
    config = {"ops": {"backtest_report": {"config": {"retrain": run.retrain, "seasons": seasons}}}}
    return execute(Stage("backtest_report", ("backtest_report",)), instance, job, console, run_config=config)
