"""Commands side by side: each says its last line, one that failed says everything, and the others go on."""

import subprocess
import threading
from collections.abc import Sequence
from io import StringIO
from typing import Any

import dagster as dg
import pytest
from rich.console import Console

from nba_pipeline.orchestration.apart import POOL, run_apart

SAID = {
    "good": (0, "  done     window_models  6.0 s\n\nwindow good: finished (run 1)\n"),
    "bad": (1, "  failed   window_models  0.1 s\n    StoreError: era_form is gone: nba windows data\n\nwindow bad: failed (run 2)\n"),
    "dumb": (-9, ""),
}


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Answers instead of processes; how many were asked at the same moment."""
    busy, most, lock = [0], [0], threading.Lock()

    def answer(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        threading.Event().wait(0.05)
        with lock:
            busy[0] -= 1
        code, text = SAID[command[-1].partition(" ")[0]]
        return subprocess.CompletedProcess(command, code, text, "")

    monkeypatch.setattr(subprocess, "run", answer)
    return most


def go(names: Sequence[str], workers: int, instance: dg.DagsterInstance) -> tuple[int, str]:
    out = StringIO()
    code = run_apart([["windows", "train", name] for name in names], workers, instance, Console(file=out, width=120))
    return code, out.getvalue()


def test_good_ones_say_one_line_and_share_the_workers(together: list[int], instance: dg.DagsterInstance):
    code, said = go([f"good {number}" for number in range(6)], 3, instance)
    assert code == 0 and said.count("window good: finished") == 6 and "done" not in said and together[0] == 3
    assert instance.event_log_storage.get_concurrency_info(POOL).slot_count == 3


def test_a_bad_one_says_why_and_the_others_go_on(together: list[int], instance: dg.DagsterInstance):
    code, said = go(["good", "bad", "dumb", "good again"], 2, instance)
    assert code == 1 and said.count("window good: finished") == 2
    assert "StoreError: era_form is gone: nba windows data" in said and "windows train dumb: no answer" in said


def test_nothing_to_do_is_success(instance: dg.DagsterInstance):
    assert go([], 2, instance)[0] == 0
