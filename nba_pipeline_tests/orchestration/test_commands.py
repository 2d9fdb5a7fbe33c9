"""The README's commands, literally, in a shell where its two exports are set."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from nba_pipeline_tests.orchestration.shell import ROOT, environment, make_home, run

FUSION = ("dagster", "asset", "materialize", "--select", "fusion_model")
SEASONS = "2020-21:2021-22"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> dict[str, str]:
    """The environment of a data folder in which a run was killed while the fusion net trained, and then taken up."""
    root = tmp_path_factory.mktemp("built")
    env = environment(make_home(root / "home"), root / "data", tiny_archive, NBA_SEASONS=SEASONS, NBA_EPOCHS="6", NBA_DEVICE="cpu")
    with (root / "first.log").open("w") as log:
        first = subprocess.Popen(["nba", "run"], cwd=ROOT, env=env, stdout=log, stderr=log)
    checkpoint = _wait_for(root / "data" / "models" / "runs", "fusion-*/checkpoint.pt", first)
    assert checkpoint, (root / "first.log").read_text()
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = run("nba", "run", env=env)
    return env | {"SAID": second.stdout + second.stderr, "CODE": str(second.returncode), "CHECKPOINT": checkpoint}


def _wait_for(folder: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """The file that the process makes; nothing if it ends, or takes too long, without it."""
    deadline = time.monotonic() + 280
    while time.monotonic() < deadline and process.poll() is None:
        if found := list(folder.glob(pattern)):
            return str(found[0])
        time.sleep(0.1)
    process.kill()
    return ""


def test_on_an_empty_data_folder_fusion_says_what_to_do_and_builds_nothing(tmp_path: Path, tiny_archive: Path):
    env = environment(make_home(tmp_path / "home"), tmp_path / "data", tiny_archive)
    answer = run(*FUSION, env=env)
    assert answer.returncode != 0
    assert "make run" in answer.stdout + answer.stderr
    assert not list((tmp_path / "data").rglob("*.parquet")) and not list((tmp_path / "data").rglob("*.pt"))


def test_a_killed_run_is_ended_and_taken_up_where_it_stopped(built: dict[str, str]):
    said = built["SAID"]
    assert built["CODE"] == "0", said
    assert "its process is gone" in said and "taking it up where it stopped" in said
    assert "done     fusion_model" in said
    assert "done     games" not in said and "done     gnn_model" not in said, "finished steps were run again"
    assert not Path(built["CHECKPOINT"]).exists(), "the run did not go on from its checkpoint"


def test_fusion_is_built_on_tables_that_are_there(built: dict[str, str]):
    answer = run(*FUSION, env=built | {"NBA_EPOCHS": "1"})
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert list(Path(built["NBA_DATA_DIR"]).glob("models/candidates/*/candidate.json"))


def test_the_version_is_listed_with_its_status(built: dict[str, str]):
    (version, *_) = json.loads(run("nba", "train", "list", "--json", env=built).stdout)
    assert (version["version"], version["status"], version["latest"]) == ("v1.0.0", "insufficient", True)


def test_status_shows_tables_versions_and_runs(built: dict[str, str]):
    status = json.loads(run("nba", "status", "--json", env=built).stdout)
    tables = {table["table"]: table["seasons"] for table in status["tables"]}
    assert (tables["games"], tables["context_features"]) == (3, 2)
    assert status["versions"] and not status["daemon"]["running"] and not any(one["stale"] for one in status["runs"])


def test_make_run_refuses_an_archive_without_its_source(tmp_path: Path, tiny_archive: Path):
    before = {file.name: file.read_bytes() for file in tiny_archive.iterdir()}
    answer = run("make", "run", f"ARCHIVE={tiny_archive}", env=environment(make_home(tmp_path / "home"), tmp_path / "data", None))
    assert answer.returncode != 0 and "SOURCE=archive ARCHIVE=" in answer.stderr, answer.stdout + answer.stderr
    assert {file.name: file.read_bytes() for file in tiny_archive.iterdir()} == before and not (tmp_path / "data").exists()


def test_make_ui_serves(tmp_path: Path, tiny_archive: Path):
    """With DAGSTER_MODULE_NAME in the environment `dagster dev` never serves; the target must take it away."""
    env = environment(make_home(tmp_path / "home"), tmp_path / "data", tiny_archive)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "ui.log").open("w") as log:
        server = subprocess.Popen(["make", "ui", f"PORT={port}"], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        assert _answers(f"http://127.0.0.1:{port}/server_info"), (tmp_path / "ui.log").read_text()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:  # a busy machine
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(url: str) -> bool:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.5)
    return False
