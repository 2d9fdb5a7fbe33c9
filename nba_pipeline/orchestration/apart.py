"""Runs that are commands of their own, several at a time: each is a process with its own Dagster run."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import dagster as dg
from rich.console import Console

from nba_pipeline.orchestration.launch import FAILED, OK

POOL = "train"


def run_apart(commands: Sequence[Sequence[str]], workers: int, instance: dg.DagsterInstance, console: Console) -> int:
    """Runs commands of `nba`, several at a time, and goes on where one fails; the worst exit code.

    Args:
        commands: their arguments.
        workers: how many at a time; the pool `train` is given as many slots.
        instance: where the runs are recorded.
        console: where a line per finished command goes.
    """

    def one(command: Sequence[str]) -> int:
        done = subprocess.run([sys.executable, "-m", "nba_pipeline.cli", *command], capture_output=True, text=True)
        lines = (done.stdout + done.stderr).strip().splitlines()
        console.print(lines[-1] if lines else f"{' '.join(command)}: no answer", highlight=False, soft_wrap=True, markup=False)
        return OK if done.returncode == 0 else FAILED

    instance.event_log_storage.set_concurrency_slots(POOL, workers)
    with ThreadPoolExecutor(workers) as pool:
        return max(pool.map(one, commands), default=OK)
