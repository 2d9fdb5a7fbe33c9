"""`nba windows` asked for what cannot be: every answer is a line with the remedy, and an exit code."""

from pathlib import Path

import pytest

from nba_pipeline.orchestration.home import HOME
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.cli.windows_story import nba, spent_and_started
from nba_pipeline_tests.orchestration.shell import make_home

DAY = "2021-11-24"


@pytest.mark.parametrize("words", ["", "data", "train", "status", "meta", "backtest", "predict", "fetch", "register"])
def test_every_command_explains_itself(words: str):
    answer = nba("windows", *words.split(), "--help")
    assert answer.exit_code == 0 and "Usage: " in answer.output and "\n  Exit codes:" in answer.output
    lines = answer.output.splitlines()
    text = lines[: lines.index("Options:")]
    assert {len(line) - len(line.lstrip()) for line in text if line} <= {0, 2, 4}, "the indentation of the source is not shown"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "2018-2020"), "no window 2018-2020: nba windows status lists them"),
        (("train", "1947-1949"), "no window 1947-1949"),
        (("backtest", "--seasons", "2031-32"), "2031-32"),
        (("backtest", "--seasons", "2022-23"), "era_form has no season 2022-23: nba windows data"),
        (("backtest",), "--seasons"),
        (("data", "--seasons", "soon"), "soon"),
    ],
)
def test_what_cannot_be_done_says_why(data: Path, words: tuple[str, ...], said: str):
    before = spent_and_started(data)
    answer = nba("windows", *words)
    assert answer.exit_code == 2 and said in answer.output and "Traceback" not in answer.output
    assert spent_and_started(data) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"windows: [2018-2020]", "2018-2020 is none of the 27: choose from 1947-1949"),
        (b"windows: [2022-2024, 2019-2021]", "time order"), (b"net: {width: 0}", "net.width"), (b"nets: {}", "nets"),
        (b"windows: [\xff]", "cannot be read"), (b"windows: [", "cannot be read"), (b"- a", "the file"), (b"windows: [soon]", "soon"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_used_is_named(data: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, said: str):
    file = data / "other.yaml"
    file.write_bytes(text)
    monkeypatch.setenv("NBA_WINDOWS_FILE", str(file))
    for words in (("status",), ("train",), ("meta",), ("backtest", "--seasons", "2021-22")):
        answer = nba("windows", *words)
        assert answer.exit_code == 2 and str(file) in answer.output and said in answer.output, answer.output


def test_before_there_is_anything_the_first_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(HOME, str(make_home(tmp_path / "home")))
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    for words, code, said in (
        (("data",), 2, "NBA_SOURCE=archive and NBA_ARCHIVE_DIR"),
        (("train",), 2, "nba windows data"),
        (("status",), 1, "0 of 27 ready"),
        (("meta",), 1, "27 of 27 windows cannot be used"),
        (("predict", "--date", DAY), 2, "nba windows meta"),
        (("fetch", str(tmp_path / "model")), 2, "nba windows meta"),
        (("register",), 2, "nba windows meta"),
    ):
        answer = nba("windows", *words)
        assert answer.exit_code == code and said in answer.output, (words, answer.output)
    get_settings.cache_clear()


def test_windows_of_another_source_are_not_shown(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("NBA_SOURCE", "simulated")
    monkeypatch.delenv("NBA_ARCHIVE_DIR")
    data.rename(tmp_path / "simulated")
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path))
    for words in (("status",), ("fetch", str(tmp_path / "model")), ("predict", "--date", DAY)):
        answer = nba("windows", *words)
        assert answer.exit_code == 2 and "holds data of source 'archive'" in answer.output, answer.output
