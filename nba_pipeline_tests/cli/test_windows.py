"""`nba windows`: what each command leaves and says, and that nothing is spent while a window is missing or damaged."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nba_pipeline.models.ledger import Ledger
from nba_pipeline.windows.artefact import CURRENT
from nba_pipeline_tests.cli.windows_story import KILLED, THERE, Story, flip, nba, spent_and_started, version
from nba_pipeline_tests.tiny_league.windows import NAMES

DAY = "2021-11-24"


def test_every_command_of_the_story_succeeded(story: Story):
    for done in story.said.values():
        assert done.returncode == 0, done.stdout + done.stderr
    assert "done     era_lines" in story.said["data"].stdout and "done     era_form" in story.said["data"].stdout
    assert "2 windows (not production ready" in story.said["meta"].stdout and "done     meta_learner" in story.said["meta"].stdout
    assert not story.lacking()


def test_a_killed_training_leaves_nothing_that_is_used_and_a_rerun_works(story: Story):
    assert story.after_the_kill == {KILLED: "missing"}
    assert "its process is gone" in story.said["train"].stdout and "done     window_models" in story.said["train"].stdout
    passes = json.loads((version(story.windows, KILLED) / "manifest.json").read_text())["config"]["passes"]
    assert passes == 1 and not list(story.windows.rglob("*.tmp"))


def test_only_the_missing_window_was_trained(story: Story):
    assert f"window {KILLED}: finished" in story.said["train"].stdout and THERE not in story.said["train"].stdout
    finished = Ledger(story.warehouse, {}).entries().filter(outcome="done").sort("asset").select("asset", "part").rows()
    assert finished == [("meta_learner", ""), ("window_models", KILLED), ("windows_backtest", "")]
    assert all(len(list((story.windows / name).glob("*/window.pt"))) == 1 for name in NAMES)


def test_the_backtest_is_one_json_document_with_every_baseline_and_ablation(story: Story):
    found = json.loads(story.said["backtest"].stdout)
    of_points = {one["forecast"]: one for one in found["against_average"] if one["target"] == "pts"}
    assert {"meta-learner", "ewma", "last window", "equal weights", "pooled", "weights only"} <= set(of_points)
    assert sum(name.startswith("without ") for name in of_points) == 3 and len({one["rows"] for one in of_points.values()}) == 1
    assert of_points["ewma"]["difference"] is None and of_points["meta-learner"]["low"] < of_points["meta-learner"]["high"]
    assert {row["season"] for row in found["by_season"]} == {"2021-22"}


def test_status_is_a_table_of_120_columns_and_json(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    answer = nba("windows", "status")
    assert answer.exit_code == 0 and max(map(len, answer.output.splitlines())) <= 120 and "2 of 2 ready" in answer.output
    said = json.loads(nba("windows", "status", "--json").output)
    assert [one["state"] for one in said["windows"]] == ["ready"] * 2 and not said["production_ready"] and said["source"] == "archive"
    assert [one["manifest"]["window"] for one in said["windows"]] == list(NAMES) and said["windows"][1]["manifest"]["cost"] > 0
    monkeypatch.delenv("NBA_WINDOWS_FILE")
    usual = nba("windows", "status")
    assert usual.exit_code == 1 and "2 of 27 ready" in usual.output and usual.output.count(" is missing: ") == 25
    assert not any("…" in line for line in usual.output.splitlines() if "│" in line)


def test_the_other_commands_know_the_tables(data: Path):
    tables = {one["table"] for one in json.loads(nba("status", "--json").output)["tables"]}
    assert {"era_lines", "era_form"} <= tables
    assert "window_models --> window_ensemble" in nba("graph").output
    assert nba("doctor").exit_code in (0, 1) and "Traceback" not in nba("doctor").output


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "the folder is deleted": ("missing", lambda windows: shutil.rmtree(windows / NAMES[0])),
    "window.pt is flipped": ("damaged", lambda windows: flip(version(windows, NAMES[0]) / "window.pt")),
    "manifest.json is flipped": ("damaged", lambda windows: flip(version(windows, NAMES[0]) / "manifest.json")),
    "current.json is flipped": ("damaged", lambda windows: flip(windows / NAMES[0] / CURRENT)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_without_a_window_nothing_is_started_and_nothing_spent(data: Path, damage: str):
    state, break_it = DAMAGE[damage]
    before = spent_and_started(data)
    break_it(data / "windows")
    for words in (("status",), ("meta",), ("backtest", "--seasons", "2021-22"), ("backtest", "--seasons", "2021-22", "--json")):
        answer = nba("windows", *words)
        assert answer.exit_code == 1 and f"{NAMES[0]} is {state}: " in answer.output, answer.output
        assert f"{NAMES[1]} is " not in answer.output and str(data / "windows" / NAMES[0]) in answer.output
    assert spent_and_started(data) == before
    assert nba("windows", "predict", "--date", DAY).exit_code == 2 and nba("windows", "register").exit_code == 1


def test_a_budget_of_nothing_starts_nothing(data: Path, monkeypatch: pytest.MonkeyPatch):
    before = spent_and_started(data)
    monkeypatch.setenv("NBA_BUDGET", "0")
    for words in (("train",), ("train", NAMES[0]), ("meta",), ("backtest", "--seasons", "2021-22")):
        answer = nba("windows", *words)
        assert answer.exit_code == 2 and "nothing was started" in answer.output and "Raise NBA_BUDGET" in answer.output
    monkeypatch.delenv("NBA_BUDGET")
    assert spent_and_started(data) == before


def test_a_date_is_predicted_and_what_was_learned_from_is_called_hindsight(data: Path):
    said = json.loads(nba("windows", "predict", "--date", DAY, "--json").output)
    assert said["source"] == "archive" and len(said["predictions"]) > 10
    assert all(one[stat] >= 0 for one in said["predictions"] for stat in ("pts", "reb", "ast", "fg3m"))
    manifest = json.loads(next((data / "windows" / "meta").glob("*/manifest.json")).read_text())
    assert said["hindsight"] is True and said["learned_through"] == manifest["last_date"] >= DAY
    assert all(one["hindsight"] for one in said["predictions"])
    shown = nba("windows", "predict", "--date", DAY).output
    assert "if they play, in hindsight" in shown and f"has learned from games through {manifest['last_date']}" in shown
    assert "known before" not in nba("windows", "predict", "--help").output


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1950-01-01", "no game is known on 1950-01-01: bring in the logs"), ("2021-07-04", "no game is known on 2021-07-04"),
        ("2019-10-20", "has played before, as far as the logs go back"), ("tomorrow", "does not match the format"),
    ],
)  # fmt: skip
def test_a_date_without_an_answer_says_why(data: Path, day: str, said: str):
    answer = nba("windows", "predict", "--date", day)
    assert answer.exit_code == 2 and said in answer.output and "Traceback" not in answer.output


def test_the_version_in_use_is_taken_elsewhere_with_checksums(data: Path, tmp_path: Path):
    said = json.loads(nba("windows", "fetch", str(tmp_path / "new" / "model"), "--json").output)
    assert said["production_ready"] is False and len(said["files"]) == 6
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "new" / "model", capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count(": OK") == 6
    again = nba("windows", "fetch", str(tmp_path / "new" / "model"))
    assert again.exit_code == 2 and "is not empty: name a new folder" in again.output
    (tmp_path / "empty").mkdir()
    assert "not production ready" in nba("windows", "fetch", str(tmp_path / "empty")).output
    flip(version(data / "windows", NAMES[1]) / "window.pt")
    damaged = nba("windows", "fetch", str(tmp_path / "another"))
    assert damaged.exit_code == 2 and "window.pt is damaged" in damaged.output and not (tmp_path / "another").exists()


def test_it_is_registered_as_a_points_model(data: Path):
    assert nba("windows", "register").exit_code == 0
    (row,) = json.loads(nba("experiment", "models", "--json").output)
    assert row["model_type"] == "windows" and row["enabled"]


def test_nothing_to_train_is_success(data: Path):
    answer = nba("windows", "train", "--missing")
    assert answer.exit_code == 0 and "every window is ready" in answer.output
