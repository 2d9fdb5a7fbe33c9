"""Stops and starts a real daemon: a copy of the weekly schedule that ticks every minute is caught up once, never twice.

`python -m nba_pipeline_tests.weekly_year.daemon FOLDER` takes some nine minutes: it waits for two runs, stops the daemon for four ticks,
starts it again, and prints which minutes ran.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

from nba_pipeline_tests.orchestration.shell import environment, make_home

ROOT = Path(__file__).resolve().parents[2]
RUN_KEY = "dagster/run_key"
OFF_SECONDS, AFTER_SECONDS = 4 * 60, 3 * 60
PATIENCE_SECONDS = 6 * 60


def catch_up(folder: Path) -> None:
    """Runs the story in `folder`, which is made anew, and prints it."""
    shutil.rmtree(folder, ignore_errors=True)
    home, raw = make_home(folder / "home"), folder / "raw"
    raw.mkdir()
    env = environment(home, folder / "data", raw, DAGSTER_MODULE_NAME="nba_pipeline_tests.weekly_year.minute_copy")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        _up(env, folder, lambda: len(_minutes(instance)) >= 2)
        stopped = datetime.now()
        print(f"{stopped:%H:%M:%S} the daemon is stopped; it ran {', '.join(sorted(_minutes(instance)))}", flush=True)
        time.sleep(OFF_SECONDS)
        started = datetime.now()
        print(f"{started:%H:%M:%S} the daemon is started again", flush=True)
        _up(env, folder, lambda: (datetime.now() - started).total_seconds() > AFTER_SECONDS)
        _judge(_minutes(instance), stopped, started)


def _up(env: dict[str, str], folder: Path, enough: Callable[[], bool]) -> None:
    """A daemon until `enough`, then stopped as a machine that shuts down stops it."""
    with (folder / "daemon.log").open("a") as log:
        command = [str(Path(sys.executable).parent / "dagster-daemon"), "run"]
        daemon = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            while not enough() and time.monotonic() < deadline and daemon.poll() is None:
                time.sleep(2)
        finally:
            os.killpg(daemon.pid, signal.SIGTERM)
            daemon.wait()


def _minutes(instance: dg.DagsterInstance) -> Counter[str]:
    """Runs by the minute they are for."""
    return Counter(run.tags[RUN_KEY] for run in instance.get_runs())


def _judge(minutes: Counter[str], stopped: datetime, started: datetime) -> None:
    first = stopped.replace(second=0, microsecond=0) + timedelta(minutes=1)
    missed = [first + timedelta(minutes=row) for row in range(int((started - first).total_seconds() // 60) + 1)]
    names = [f"{one:%Y-%m-%d %H:%M}" for one in missed]
    caught, twice = [name for name in names if name in minutes], [name for name, runs in minutes.items() if runs > 1]
    print(f"missed: {', '.join(names)}\ncaught up: {', '.join(caught) or 'none'}\nrun twice: {', '.join(twice) or 'none'}")
    print(f"all runs: {dict(sorted(minutes.items()))}")
    assert caught == names[-1:] and not twice, "caught up once, never twice"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    catch_up(parser.parse_args().folder.absolute())
