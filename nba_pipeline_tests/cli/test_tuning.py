"""`nba tune` and `nba models` on another league's file and on the pipeline's own tables."""

import json
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner

from nba_pipeline.cli import main
from nba_pipeline.cli.tune import CLASSES
from nba_pipeline.evaluation.comparison import Comparison
from nba_pipeline.models.ledger import Ledger
from nba_pipeline.settings import get_settings
from nba_pipeline.tuning.fusion_search import TODAY, FusionSearch
from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.tuning.model_class import CLASS_NAMES
from nba_pipeline.tuning.trials import Trial
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.orchestration.shell import make_home
from nba_pipeline_tests.tuning.invented_league import invented_games

SMALL = ("--space", '{"k_factor": [10, 30], "home_advantage": 60}', "--folds", "2")


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", str(make_home(tmp_path / "home")))
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    get_settings.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "handball.csv"
    invented_games().write_csv(path)
    return str(path)


@pytest.mark.parametrize("words", [("tune",), ("models",), ("tune", "elo"), ("tune", "fusion"), ("models", "compare"), ("models", "list")])
def test_every_command_explains_itself(invoke, words: tuple[str, ...]):
    answer = invoke(*words, "--help")
    assert answer.exit_code == 0 and "Usage: " in answer.output


def test_the_help_says_what_is_held_out_of_a_file(invoke, file: str):
    games = invented_games(seasons=14, rounds=5)
    games.write_csv(file)
    said = " ".join(invoke("tune", "elo", "--help").output.split())
    assert "the last 500 games, at most a fifth, and with --games the last fifth" in said
    result = json.loads(invoke("tune", "elo", "--games", file, "--name", "handball", *SMALL, "--json").output)
    assert 500 < result["metrics"]["games"] == pytest.approx(len(games) / 5, abs=5)


def test_every_class_has_its_command():
    assert tuple(sorted(CLASSES)) == CLASS_NAMES


def test_the_net_s_knobs_are_told_in_words(invoke, monkeypatch: pytest.MonkeyPatch):
    start, trained = ((0.61, 0.66), (0.64, 0.64)), ((0.63, 0.6), (0.7, 0.6))
    asked = ((TODAY, start), ({**TODAY, "dropout": 0.4}, start), ({**TODAY, "skip": False}, trained))
    trials = [Trial(number, params, scores, 20.0) for number, (params, scores) in enumerate(asked)]
    found = FusionSearch(trials, "2021-22", 0.617, 0.617, Comparison(0.0, 0.0, 0.0, 0.0, 1230, 165), 61.0)
    monkeypatch.setattr("nba_pipeline.tuning.fusion_search.search_fusion", lambda *asked, **how: found)
    said = invoke("tune", "fusion").output
    assert said.count("│ yes ") == 2 and said.count("│ no ") == 1
    assert "best: trial 0, what training uses today: learning_rate 0.0001" in said
    assert "trials 0, 1 are exactly alike" in said and "held out (2021-22, 1,230 games): best 0.6170" in said and "61 s;" in said
    answer = json.loads(invoke("tune", "fusion", "--json").output)
    assert (answer["best_params"], answer["alike"], answer["difference"]["games"]) == (dict(TODAY), [0, 1], 1230)


def test_another_league_from_a_file(invoke, file: str):
    answer = invoke("tune", "elo", "--games", file, "--name", "handball", *SMALL, "--json")
    result = json.loads(answer.output)
    assert (answer.exit_code, result["name"], result["version"], result["promoted"]) == (0, "handball", 1, True)
    assert result["best_params"]["k_factor"] in (10, 30) and Path(result["model_path"]).exists()
    (row,) = json.loads(invoke("models", "list", "--json").output)
    assert (row["name"], row["in use"], row["active"], row["log_loss"]) == ("handball", "v1", False, result["log_loss"])
    assert "Held out" in invoke("tune", "elo", "--games", file, "--name", "handball", *SMALL).output
    assert [one["version"] for one in json.loads(invoke("models", "versions", "handball", "--json").output)] == [1, 2]
    assert invoke("models", "promote", "handball", "1").exit_code == 0
    assert "v1" in invoke("models", "lineage", "handball").output and invoke("models", "compare", "handball", "1", "2").exit_code == 0
    refused = invoke("models", "activate", "handball")
    assert refused.exit_code == 2 and "handball learned file handball.csv" in refused.output
    assert invoke("models", "deactivate", "handball").exit_code == 0
    assert "handball" in invoke("models", "list").output and "k_factor" in invoke("models", "versions", "handball").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tune", "elo", "--games", "FILE"), "give its model a name"),
        (("tune", "elo", "--space", '{"k_factr": [10]}'), "did you mean k_factor"),
        (("tune", "elo", "--space", "[10]"), "--space is no object"),
        (("tune", "elo", "--games", "FILE", "--name", "h", "--space", "k=3"), "--space is not JSON"),
        (
            ("tune", "elo", "--games", "FILE", "--name", "h", "--space", '{"k_factor": {"low": 1.5, "high": 2}}'),
            "a grid over k_factor needs",
        ),
        (("tune", "lightgbm", "--games", "FILE", "--name", "h"), "no numeric column is left"),
        (("tune", "elo", "--games", "FILE", "--name", "Hand Ball"), "a name is lower-case"),
        (("tune", "elo", "--games", "FILE", "--name", "h", "--held-out-from", "1999-01-01"), "choose another first held-out day"),
        (("models", "versions", "nobody"), "there are: none"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(invoke, file: str, words: tuple[str, ...], said: str):
    answer = invoke(*(file if word == "FILE" else word for word in words))
    assert answer.exit_code == 2 and said in answer.output


def test_the_pipeline_s_own_tables_are_tuned_where_the_ui_sees_it(invoke, tmp_path: Path):
    answer = invoke("tune", "elo", *SMALL)
    assert answer.exit_code == 1 and "no file for any season" in answer.output and "make run" in answer.output
    warehouse, table = Warehouse(tmp_path / "data" / "simulated", "simulated"), dated_rows(invented_games())
    warehouse.write("games", table.with_columns(season=pl.lit("2020-21")), "2020-21")
    answer = invoke("tune", "elo", *SMALL, "--json")
    assert answer.exit_code == 0 and json.loads(answer.stdout)["version"] == 1
    with dg.DagsterInstance.from_config(str(tmp_path / "home")) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("tuned_elo"))
        assert event is not None and event.asset_materialization is not None
        shown = event.asset_materialization.metadata
    assert {"trials_table", "log_loss", "ece_noise_p95", "optimism", "best_params", "promoted", "registered"} <= set(shown)
    (entry,) = Ledger(warehouse, {}).entries().filter(outcome="done").to_dicts()
    assert (entry["asset"], entry["seconds"], entry["cost"]) == ("tuned_elo", shown["seconds"].value, shown["cost"].value)
    assert "k_factor" in str(shown["trials_table"].value)
