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
    monkeypatch.setenv("NBA_SOURCE", "archive")
    monkeypatch.setenv("NBA_ARCHIVE_DIR", str(tiny_archive))
    monkeypatch.setenv("NBA_SEASONS", "2020-21")
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    get_settings.cache_clear()


@pytest.mark.parametrize("words", [(), ("run",), ("train",), ("train", "compare"), ("status",), ("doctor",), ("home",), ("graph",)])
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


@pytest.mark.parametrize("words", [("run",), ("status",), ("predict", "--date", "2021-12-01"), ("home",), ("doctor",)])
@pytest.mark.parametrize("source", ["archive", "simulated"])
def test_a_data_folder_that_cannot_be_made_is_named(invoke, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], source: str):
    monkeypatch.setenv("NBA_DATA_DIR", "/proc/nowhere")
    monkeypatch.setenv("NBA_SOURCE", source)
    if source == "simulated":
        monkeypatch.delenv("NBA_ARCHIVE_DIR")
        monkeypatch.delenv("DAGSTER_HOME")
    get_settings.cache_clear()
    answer = invoke(*words)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    only_looked = words == ("doctor",) or (source == "archive" and words in {("home",), ("status",)})
    assert only_looked or (answer.exit_code == 2 and "/proc/nowhere" in answer.output.replace("\n", ""))


def test_a_wrong_season_is_named(invoke, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_SEASONS", "2022-24")
    get_settings.cache_clear()
    answer = invoke("run")
    assert answer.exit_code == 2 and "2022-24" in answer.output


def test_without_a_dagster_home_it_says_where_to_start(invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    answer = invoke("status")
    assert answer.exit_code == 2 and "DAGSTER_HOME" in answer.output


@pytest.fixture
def simulated(invoke, monkeypatch: pytest.MonkeyPatch):
    """A shell in which nothing names a source."""
    monkeypatch.delenv("NBA_SOURCE")
    monkeypatch.delenv("NBA_ARCHIVE_DIR")
    get_settings.cache_clear()
    return invoke


def test_status_names_the_source_and_its_folder(invoke, simulated, tmp_path: Path):
    status = json.loads(simulated("status", "--json").output)
    assert (status["source"], status["data_dir"]) == ("simulated", str(tmp_path / "data" / "simulated"))
    assert "source simulated" in simulated("status").output


def test_doctor_misses_no_archive_where_the_league_is_simulated(simulated, tmp_path: Path):
    answer = simulated("doctor", "--json")
    findings = {one["question"]: one for one in json.loads(answer.output)}
    assert answer.exit_code == 0 and not [question for question in findings if "archive" in question]
    assert "simulated" in findings["league"]["answer"] and str(tmp_path / "data" / "simulated" / "raw") in findings["league"]["answer"]
    assert str(tmp_path / "data" / "simulated") in findings["disk"]["answer"]


def test_doctor_names_a_season_that_cannot_be_simulated(simulated, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_SEASONS", "1990-91:2020-21")
    get_settings.cache_clear()
    answer = simulated("doctor")
    assert answer.exit_code == 1 and "no season 1990-91" in answer.output


def test_home_prints_where_runs_are_recorded(simulated, tmp_path: Path):
    assert simulated("home").output == f"{tmp_path / 'home'}\n"


@pytest.mark.parametrize("words", [("run",), ("train", "fusion"), ("train", "list"), ("report",), ("status",), ("doctor",), ("home",)])
def test_an_archive_without_its_source_is_refused_and_untouched(
    invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_archive: Path, words: tuple[str, ...]
):
    before = {file.name: file.read_bytes() for file in tiny_archive.iterdir()}
    monkeypatch.delenv("NBA_SOURCE")
    get_settings.cache_clear()
    answer = invoke(*words)
    assert answer.exit_code == 2 and not isinstance(answer.exception, ValueError)
    assert "NBA_ARCHIVE_DIR: " in answer.output and "NBA_SOURCE=archive" in answer.output and "make run SOURCE=archive" in answer.output
    assert {file.name: file.read_bytes() for file in tiny_archive.iterdir()} == before
    assert not (tmp_path / "data").exists()


def test_a_dagster_home_of_another_source_is_refused(invoke, simulated, monkeypatch: pytest.MonkeyPatch):
    assert simulated("status").exit_code == 0
    monkeypatch.setenv("NBA_SOURCE", "archive")
    get_settings.cache_clear()
    answer = invoke("status")
    assert answer.exit_code == 2 and "unset DAGSTER_HOME" in answer.output
