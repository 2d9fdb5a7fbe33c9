"""One data folder from player logs to a backtest of the windows, with a killed training on the way.

What executes Dagster steps is a command in a process of its own (a fork server keeps the environment that it saw first), and is run once;
tests work on copies of what that left.
"""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from click.testing import CliRunner, Result

from nba_pipeline.cli import main
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.artefact import CURRENT
from nba_pipeline.windows.config import WindowsConfig, read_config
from nba_pipeline.windows.ensemble import look
from nba_pipeline.windows.meta_training import window_store
from nba_pipeline_tests.orchestration.shell import ROOT, environment, make_home, run
from nba_pipeline_tests.tiny_league.windows import NAMES, train_small_window, write_small

Done = subprocess.CompletedProcess[str]
THERE, KILLED = NAMES


@dataclass
class Story:
    """One data folder from nothing to a backtest, and what each command said."""

    root: Path
    env: dict[str, str]
    said: dict[str, Done] = field(default_factory=dict)
    after_the_kill: dict[str, str] = field(default_factory=dict)

    @property
    def windows(self) -> Path:
        return self.root / "data" / "windows"

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.root / "data", "archive")

    @property
    def config(self) -> WindowsConfig:
        return read_config(Path(self.env["NBA_WINDOWS_FILE"]))

    def nba(self, *words: str) -> None:
        self.said[words[0]] = run("nba", "windows", *words, env=self.env)

    def lacking(self) -> dict[str, str]:
        return {one.window: one.state for one in look(window_store(self.warehouse), self.config.chosen).lacking}


def tell(root: Path, archive: Path) -> Story:
    """data; a window that is there and one whose training is killed; what is missing; the meta-learner; a backtest."""
    small = {"NBA_WINDOWS_FILE": str(write_small(root)), "NBA_WORKERS": "1"}
    story = Story(root, environment(make_home(root / "home"), root / "data", archive, **small))
    story.nba("data")
    train_small_window(story.warehouse, THERE, story.config)
    kill_in_the_middle(story)
    story.after_the_kill = story.lacking()
    story.nba("train", "--missing")
    story.nba("meta")
    story.nba("backtest", "--seasons", "2021-22", "--json")
    return story


def kill_in_the_middle(story: Story) -> None:
    """SIGKILL for `nba windows train` once its window learns: of the command only, as the out-of-memory killer does it."""
    slow = {"NBA_WINDOWS_FILE": str(write_small(story.root, passes=100_000))}
    command = ["nba", "windows", "train", KILLED]
    process = subprocess.Popen(command, cwd=ROOT, env=story.env | slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    with dg.DagsterInstance.from_config(story.env["DAGSTER_HOME"]) as instance:
        while time.monotonic() < deadline and process.poll() is None and not learns(instance):
            time.sleep(0.3)
        assert process.poll() is None and learns(instance), "it was to be killed in the middle of its training"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def learns(instance: dg.DagsterInstance) -> bool:
    runs = instance.get_runs(limit=1)
    if not runs or runs[0].job_name != "window_training":
        return False
    records = instance.get_records_for_run(runs[0].run_id).records
    return any("pass 1 of" in record.event_log_entry.user_message for record in records)


def version(windows: Path, name: str) -> Path:
    return windows / name / json.loads((windows / name / CURRENT).read_text())["folder"]


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def nba(*words: str) -> Result:
    get_settings.cache_clear()
    return CliRunner().invoke(main, words)


def spent_and_started(data: Path) -> tuple[str, list[str], set[str], set[str]]:
    """Ledger, runs, versions of the meta-learner, backtests: what a refusal must leave as it was."""
    with dg.DagsterInstance.from_config(str(data.parent / "home")) as instance:
        runs = [one.run_id for one in instance.get_runs()]
    names = ({one.name for one in (data / "windows" / folder).glob("*")} for folder in ("meta", "backtests"))
    return nba("ledger", "--json").output, runs, *names
