"""Runs that are commands of their own, several at a time: each is a process with its own Dagster run."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from nba_pipeline.orchestration.launch import FAILED, OK

POOL = "train"


def run_apart(commands: Sequence[Sequence[str]], workers: int, instance: dg.DagsterInstance, console: Console) -> int:
    """Runs commands of `nba`, several at a time, and goes on where one fails; the worst exit code.

    Args:
        commands: their arguments.
        workers: how many at a time; the pool `train` is given as many slots.
        instance: where the runs are recorded.
        console: where a bar goes, a line per command that succeeded, and everything that one which failed has said.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    running = list[str]()

    def one(command: Sequence[str]) -> int:
        running.append(command[-1])
        bar.update(task, description=", ".join(running))
        done = subprocess.run([sys.executable, "-m", "nba_pipeline.cli", *command], capture_output=True, text=True)
        running.remove(command[-1])
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()] or [f"{' '.join(command)}: no answer"]
        said, style = (lines[-1], "green") if done.returncode == OK else ("\n".join(lines), "red")
        console.print(said, style=style, highlight=False, soft_wrap=True, markup=False)
        bar.update(task, advance=1, description=", ".join(running))
        return OK if done.returncode == OK else FAILED

    instance.event_log_storage.set_concurrency_slots(POOL, workers)
    with Progress(*columns, console=console, transient=True) as bar, ThreadPoolExecutor(workers) as pool:
        task = bar.add_task("", total=len(commands))
        return max(pool.map(one, commands), default=OK)
