"""`nba predict` and `nba backtest` as they are typed, on a tiny league with a version that is not trained."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.orchestration.shell import ROOT

SEASON = "2021-22"


@pytest.fixture
def nba_apart(data_dir: Path, tmp_path: Path):
    """The command as a process of its own: the steps of a run are forked from a server that keeps its first environment."""
    env = {**os.environ, "NBA_SOURCE": "simulated"}
    env.pop("DAGSTER_HOME", None)

    def run(*words: object, data: Path = data_dir) -> subprocess.CompletedProcess[str]:
        env["NBA_DATA_DIR"] = str(data)
        command = [sys.executable, "-m", "nba_pipeline.cli", *map(str, words)]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)

    return run


def answer(result: Result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_slate_is_shown_written_and_empty_where_there_is_no_game(nba, data_dir: Path):
    warehouse = Warehouse(data_dir / "simulated", "simulated")
    day = warehouse.read("games", [SEASON])["game_date"].sort()[40]
    rows = answer(nba("predict", "--date", day, "--json"))
    assert rows and all(0 < row["p_home_win"] < 1 and row["lineups"] == "projected" for row in rows)
    assert warehouse.read("game_predictions", [day])["game_id"].to_list() == [row["game_id"] for row in rows]
    shown = nba("predict", "--date", day, "--lineups", "reported")
    assert shown.exit_code == 0 and "lineups reported" in shown.output and warehouse.dates("game_predictions_reported") == (day,)
    nothing = nba("predict", "--date", "2019-01-01")
    assert nothing.exit_code == 0 and "no game is known" in nothing.output


def test_a_version_that_does_not_exist_is_named(nba):
    result = nba("predict", "--date", "2021-12-01", "--version", "v9.9.9")
    assert result.exit_code == 2 and "v9.9.9" in result.output and "Traceback" not in result.output


def test_a_backtest_goes_on_where_it_stopped_and_reports(nba_apart, tmp_path: Path):
    asked = ("backtest", "--seasons", SEASON, "--retrain", "season", "--epochs", 0)
    todo = json.loads(nba_apart(*asked, "--dry-run", "--json").stdout)
    assert [block["season"] for block in todo] == [SEASON]
    page = tmp_path / "results.md"
    first = nba_apart(*asked, "--markdown", page, "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["sections"][0]["title"] == "Before tip-off, all games" and "## Log loss by season" in page.read_text()
    assert json.loads(nba_apart(*asked, "--dry-run", "--json").stdout) == []
    again = nba_apart(*asked)
    assert again.returncode == 0 and "season." not in again.stdout and "served" in again.stdout


def test_a_report_that_cannot_be_written_is_refused_before_the_backtest(nba, tmp_path: Path):
    result = nba("backtest", "--seasons", SEASON, "--epochs", 0, "--markdown", tmp_path / "nowhere" / "results.md")
    assert result.exit_code == 2 and "nowhere is no folder" in result.output.replace("\n", "")


def test_a_date_that_was_learned_is_no_test(nba_registered):
    rows = answer(nba_registered("predict", "--date", "2020-12-25", "--json"))
    assert rows and all(row["learned"] for row in rows)
    assert "this date is no test of it" in nba_registered("predict", "--date", "2020-12-25").output


def test_seasons_without_tables_are_wrong_usage(nba_apart):
    result = nba_apart("backtest", "--seasons", "2007-08", "--epochs", 0)
    assert result.returncode == 2 and "2007-08" in result.stderr


def test_seasons_without_features_are_wrong_usage_and_the_remedy_makes_them(nba_apart, data_dir: Path, tmp_path: Path):
    games = tmp_path / "simulated" / "warehouse" / "games"
    games.parent.mkdir(parents=True)
    games.symlink_to(data_dir / "simulated" / "warehouse" / "games")
    result = nba_apart("backtest", "--seasons", SEASON, "--epochs", 0, data=tmp_path)
    assert result.returncode == 2 and "materialise the features of these seasons" in result.stderr and "nba backtest" not in result.stderr
