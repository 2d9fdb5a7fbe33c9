"""What `nba backtest` starts: one run per block that is not forecast yet, on the same instance as the UI, then the report's.

With several workers each block is a process of its own. What does not belong here: a block (`assets/backtests.py`).
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import dagster as dg
from rich.console import Console

from nba_pipeline.orchestration.launch import FAILED, OK, JobMaker, execute, report_stale_runs
from nba_pipeline.orchestration.partitions import BACKTEST_BLOCKS, block_key
from nba_pipeline.orchestration.stages import Stage

POOL = "train"


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


def run_blocks_apart(
    command: Callable[[date], Sequence[str]], firsts: Sequence[date], workers: int, instance: dg.DagsterInstance, console: Console
) -> int:
    """Runs each block as a command of its own, several at a time; the worst exit code.

    Args:
        command: arguments of `nba` for a block.
        firsts: the blocks.
        workers: how many at a time; the pool `train` is given as many slots.
        instance: where the runs are recorded.
        console: where a line per finished block goes.
    """

    def one(first: date) -> int:
        done = subprocess.run([sys.executable, "-m", "nba_pipeline.cli", *command(first)], capture_output=True, text=True)
        lines = (done.stdout + done.stderr).strip().splitlines()
        console.print(lines[-1] if lines else f"{first}: no answer", highlight=False, soft_wrap=True, markup=False)
        return OK if done.returncode == 0 else FAILED

    instance.event_log_storage.set_concurrency_slots(POOL, workers)
    with ThreadPoolExecutor(workers) as pool:
        return max(pool.map(one, firsts), default=OK)


def run_summary(run: BacktestRun, seasons: str, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Materialises the report over blocks that are there; returns the exit code."""
    config = {"ops": {"backtest_report": {"config": {"retrain": run.retrain, "seasons": seasons}}}}
    return execute(Stage("backtest_report", ("backtest_report",)), instance, job, console, run_config=config)
