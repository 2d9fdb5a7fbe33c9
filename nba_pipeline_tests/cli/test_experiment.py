"""The experiment commands: a whole day by hand, and what each answer is worth."""

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli import main
from nba_pipeline.experiments.training import train_baseline, train_model
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tiny_league.tables import write_points_tables

Invoke = Callable[..., Result]
SEASONS = ("2020-21", "2021-22")
DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"


@pytest.fixture(scope="module")
def league(tiny_tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seasons with a baseline and one trained model."""
    warehouse = Warehouse(tmp_path_factory.mktemp("league") / "simulated", "simulated")
    write_points_tables(tiny_tables, warehouse, SEASONS)
    train_baseline(warehouse, SEASONS[1:])
    train_model(warehouse, "lightgbm", SEASONS[:1], SEASONS[1:], rounds=40)
    return warehouse.root.parent


@pytest.fixture
def invoke(league: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    shutil.copytree(league, tmp_path / "data")
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    get_settings.cache_clear()


def last_day(league: Path) -> str:
    return str(Warehouse(league / "simulated", "simulated").read("games")["game_date"].max())


def boosted(invoke: Invoke) -> str:
    return next(row["model_id"] for row in json.loads(invoke("experiment", "models", "--json").output) if row["model_type"] == "lightgbm")


COMMANDS = (
    "train",
    "run",
    "grade",
    "leaderboard",
    "head-to-head",
    "promote",
    "rollback",
    "audit",
    "models",
    "register",
    "enable",
    "disable",
    "publish",
)


@pytest.mark.parametrize("words", [("experiment",), ("predict-points",), *(("experiment", name) for name in COMMANDS)])
def test_every_command_explains_itself(invoke: Invoke, words: tuple[str, ...]):
    answer = invoke(*words, "--help")
    assert answer.exit_code == 0 and "Usage: " in answer.output


def test_a_season_from_predictions_to_production(invoke: Invoke, league: Path):
    model = boosted(invoke)
    ran = json.loads(invoke("experiment", "run", "--season", "2021-22", "--json").output)
    assert ran["written"] == 2 * ran["players"] and [one["status"] for one in ran["models"]] == ["ran", "ran"]
    assert json.loads(invoke("experiment", "run", "--season", "2021-22", "--json").output)["written"] == 0
    graded = json.loads(invoke("experiment", "grade", "--season", "2021-22", "--json").output)
    assert graded["graded"] + graded["void"] == ran["written"]
    board = json.loads(invoke("experiment", "leaderboard", "--json").output)
    assert {row["model"] for row in board} == {model, "ewma8"} and len({row["N"] for row in board}) == 1
    assert "hit rate" in invoke("experiment", "leaderboard", "--with-line").output
    meeting = json.loads(invoke("experiment", "head-to-head", model, "ewma8", "--json").output)
    assert meeting["mean"] == pytest.approx(next(row["vs_baseline"] for row in board if row["model"] == model))
    assert invoke("experiment", "promote", "ewma8").exit_code == 0
    assert json.loads(invoke("predict-points", "--date", last_day(league), "--json").output)["model_id"] == "ewma8"
    assert invoke("experiment", "promote", model, "--force", "--reason", "a trial").exit_code == 0
    assert json.loads(invoke("predict-points", "--date", last_day(league), "--json").output)["model_id"] == model
    assert "ewma8" in invoke("experiment", "rollback").output
    trail = json.loads(invoke("experiment", "audit", "--json").output)
    assert [row["action"] for row in trail if row["new_value"] == "true" and row["field"] == "is_production"] == [
        "rollback",
        "promote",
        "promote",
    ]


def test_the_day_of_the_documentation_works_as_typed(invoke: Invoke, league: Path):
    """After tables and models are there, with the league's last dates in the places of its dates."""
    (day,) = re.findall(r"## A day\n\n```sh\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    days = sorted(set(Warehouse(league / "simulated", "simulated").read("games")["game_date"]))[-3:]
    for written, meant in zip(("2023-01-14", "2023-01-15", "2023-01-16"), map(str, days), strict=True):
        day = day.replace(written, meant)
    commands = [shlex.split(line, comments=True)[1:] for line in day.splitlines()]
    assert commands[:2] == [["run"], ["experiment", "train"]] and len(commands) == 8
    for words in commands[2:]:
        answer = invoke(*words)
        assert answer.exit_code == 0, (words, answer.output)


def test_one_graded_date_is_no_leaderboard_and_the_reason_is_said(invoke: Invoke, league: Path):
    for step in ("run", "grade"):
        assert invoke("experiment", step, "--date", last_day(league)).exit_code == 0
    for words in (("leaderboard",), ("head-to-head", boosted(invoke), "ewma8")):
        answer = invoke("experiment", *words)
        assert answer.exit_code == 2 and f"are of one date, {last_day(league)}," in answer.output.replace("\n", " ")


def test_a_copy_is_registered_rested_and_published(invoke: Invoke, tmp_path: Path):
    (file,) = (tmp_path / "data" / "simulated" / "models" / "points").glob("lightgbm*.txt")
    words = ("experiment", "register", "copy", f"models/points/{file.name}")
    assert invoke(*words).exit_code == 2
    assert invoke(*words, "--trained-through", "2021-05-16").exit_code == 0
    assert (
        invoke("experiment", "disable", "copy").exit_code == 0 and "was disabled before" in invoke("experiment", "disable", "copy").output
    )
    assert invoke("experiment", "enable", "copy").exit_code == 0
    assert invoke("experiment", "publish", "copy", str(tmp_path / "shelf")).exit_code == 0
    assert (tmp_path / "shelf" / "copy.txt").read_bytes() == file.read_bytes()
    refused = invoke(
        "experiment", "register", "wrong", f"models/points/{file.name}", "--type", "catboost", "--trained-through", "2021-05-16"
    )
    assert refused.exit_code == 1 and "model_format 'txt'" in refused.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run",), 2, "--date 2022-11-05"), (("run", "--date", "1999-01-01"), 2, "no game"), (("run", "--date", "soon"), 2, "soon"),
        (("grade", "--date", "1999-01-01"), 2, ""), (("leaderboard",), 2, "run and grade"), (("promote", "ghost"), 2, "ghost"),
        (("promote", "ewma8"), 1, "not promoted"), (("promote", "ewma8", "--force"), 1, "--reason"), (("rollback",), 1, "no earlier"),
        (("head-to-head", "ewma8", "ewma8"), 2, "name two models"),
        (("disable", "ghost"), 2, "ghost"), (("publish", "ghost", "shelf"), 2, "ghost"),
        (("register", "x", "gone.cbm", "--trained-through", "2021-05-16"), 1, "gone.cbm"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(invoke: Invoke, words: tuple[str, ...], code: int, said: str):
    answer = invoke("experiment", *words)
    assert answer.exit_code == code and said in answer.output.replace("\n", " "), answer.output


def test_without_a_production_model_nothing_is_made_up(invoke: Invoke, league: Path):
    answer = invoke("predict-points", "--date", last_day(league))
    assert answer.exit_code == 2 and "promote" in answer.output


def test_a_failed_model_is_exit_code_one(invoke: Invoke, league: Path, tmp_path: Path):
    for file in (tmp_path / "data" / "simulated" / "models" / "points").glob("lightgbm*.txt"):
        file.write_bytes(b"tree\n")
    answer = invoke("experiment", "run", "--date", last_day(league))
    assert answer.exit_code == 1 and "sha256" in answer.output
