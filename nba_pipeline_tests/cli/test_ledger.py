"""`nba ledger` says what trainings have cost, and a budget ends a command with an error."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from nba_pipeline.cli import main
from nba_pipeline.models.ledger import Ledger
from nba_pipeline.settings import get_settings
from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.orchestration.shell import environment, make_home, run
from nba_pipeline_tests.tuning.invented_league import invented_games


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "data" / "simulated", "simulated")


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, ["ledger", *(str(word) for word in words)])
    get_settings.cache_clear()


def spend(warehouse: Warehouse) -> None:
    """Three trainings of two assets; one fails."""
    ledger = Ledger(warehouse, {"cpu": 3600.0, "cuda": 3600.0e3})
    for asset, device in (("gnn_model", "cpu"), ("fusion_model", "cuda")):
        with ledger.spent(asset, device=device):
            pass
    with pytest.raises(RuntimeError), ledger.spent("gnn_model"):
        raise RuntimeError


def test_json_and_table_say_the_same(invoke, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch):
    spend(warehouse)
    monkeypatch.setenv("NBA_BUDGET", "12.5")
    get_settings.cache_clear()
    answer = json.loads(invoke("--json").output)
    assert [(row["asset"], row["runs"], row["failed"]) for row in answer["assets"]] == [("fusion_model", 1, 0), ("gnn_model", 2, 1)]
    assert answer["cost"] == answer["cost_30_days"] == pytest.approx(sum(row["cost"] for row in answer["assets"]))
    assert (answer["trainings"], answer["budget"], answer["source"]) == (3, 12.5, "simulated")
    text = invoke().output
    assert "gnn_model" in text and "3 trainings" in text and "a budget of 12.50" in text


def test_an_empty_ledger_says_so_and_makes_nothing(invoke, warehouse: Warehouse):
    answer = invoke()
    assert answer.exit_code == 0 and "none yet" in answer.output and "no budget (NBA_BUDGET)" in answer.output
    assert not warehouse.root.exists() and json.loads(invoke("--json").output)["assets"] == []


def test_the_growth_is_drawn(invoke, warehouse: Warehouse, tmp_path: Path):
    spend(warehouse)
    file = tmp_path / "costs.png"
    answer = invoke("--plot", file)
    assert answer.exit_code == 0 and str(file) in answer.output and file.read_bytes().startswith(b"\x89PNG")
    refused = invoke("--plot", tmp_path / "nowhere" / "costs.png")
    assert refused.exit_code == 2 and "--plot" in refused.output


def test_a_folder_of_another_source_is_refused(invoke, warehouse: Warehouse):
    Warehouse(warehouse.root, "archive").check_source()
    answer = invoke()
    assert answer.exit_code == 2 and "NBA_DATA_DIR" in answer.output


def test_help_teaches_with_examples(invoke):
    answer = invoke("--help")
    assert answer.exit_code == 0 and "Examples:" in answer.output and "Exit codes:" in answer.output


def test_a_command_over_budget_trains_nothing_and_exits_with_an_error(warehouse: Warehouse, tmp_path: Path):
    warehouse.write("games", dated_rows(invented_games()).with_columns(season=pl.lit("2020-21")), "2020-21")
    tune = ("nba", "tune", "elo", "--space", '{"k_factor": [10, 30], "home_advantage": 60}', "--folds", "2")
    env = environment(make_home(tmp_path / "home"), tmp_path / "data", None)
    refused = run(*tune, env=env | {"NBA_BUDGET": "0"})
    assert refused.returncode == 1 and "the budget is 0.00" in refused.stdout + refused.stderr, refused.stdout + refused.stderr
    assert Ledger(warehouse, {}).entries().is_empty() and not (warehouse.root / "models").exists()


def test_a_search_that_is_no_asset_is_counted_too(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    for budget, said, counted in (("0", "Raise NBA_BUDGET", []), ("5", "make run", [("tune_fusion", "failed")])):
        monkeypatch.setenv("NBA_BUDGET", budget)
        get_settings.cache_clear()
        answer = CliRunner().invoke(main, ["tune", "fusion"])
        assert answer.exit_code == 2 and said in answer.output, answer.output
        assert Ledger(warehouse, {}).entries().select("asset", "outcome").rows() == counted
    get_settings.cache_clear()
