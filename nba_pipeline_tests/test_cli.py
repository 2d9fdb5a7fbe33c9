"""The `nba` command answers, teaches, and says by its exit code how it went."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nba_pipeline.cli import main
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.orchestration.shell import make_home


@pytest.fixture
def invoke(tmp_path: Path, tiny_archive: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", str(make_home(tmp_path / "home")))
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NBA_ARCHIVE_DIR", str(tiny_archive))
    monkeypatch.setenv("NBA_SEASONS", "2020-21")
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    get_settings.cache_clear()


@pytest.mark.parametrize("words", [(), ("run",), ("train",), ("train", "compare"), ("status",), ("doctor",), ("graph",)])
def test_every_command_explains_itself(invoke, words: tuple[str, ...]):
    answer = invoke(*words, "--help")
    assert answer.exit_code == 0 and "Usage: " in answer.output


@pytest.mark.parametrize("words", [(), ("run",), ("train",), ("status",), ("doctor",)])
def test_help_teaches_with_examples(invoke, words: tuple[str, ...]):
    assert "Examples:" in invoke(*words, "--help").output


def test_status_of_an_empty_folder(invoke):
    answer = invoke("status", "--json")
    assert answer.exit_code == 0
    status = json.loads(answer.output)
    assert (status["tables"], status["versions"], status["runs"], status["daemon"]["running"]) == ([], [], [], False)
    assert "none yet" in invoke("status").output


def test_doctor_finds_the_archive_complete_or_says_what_is_missing(invoke, monkeypatch: pytest.MonkeyPatch):
    findings = {one["question"]: one["level"] for one in json.loads(invoke("doctor", "--json").output)}
    assert findings["disk"] == "ok" and findings["stale runs"] == "ok" and findings["archive 2020-21"] != "problem"
    monkeypatch.setenv("NBA_SEASONS", "1990-91")
    get_settings.cache_clear()
    answer = invoke("doctor")
    assert answer.exit_code == 1
    assert "archive 1990-91" in answer.output and "data/README.md" in answer.output


def test_an_empty_registry_and_an_unknown_version(invoke):
    assert invoke("train", "list", "--json").output.strip() == "[]"
    answer = invoke("train", "compare", "v1.0.0", "v2.0.0")
    assert answer.exit_code == 2 and "v1.0.0" in answer.output


def test_a_wrong_setting_is_named(invoke, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_EPOCHS", "none")
    get_settings.cache_clear()
    answer = invoke("status")
    assert answer.exit_code == 2 and "NBA_EPOCHS" in answer.output


def test_a_wrong_season_is_named(invoke, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_SEASONS", "2022-24")
    get_settings.cache_clear()
    answer = invoke("run")
    assert answer.exit_code == 2 and "2022-24" in answer.output


def test_without_a_dagster_home_it_says_where_to_start(invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    answer = invoke("status")
    assert answer.exit_code == 2 and "DAGSTER_HOME" in answer.output
