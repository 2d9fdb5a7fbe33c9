"""The meta-learner as a points model of the experiments: registered, run beside the others, and named when it cannot be used."""

import json
import math
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
import torch
from click.testing import CliRunner, Result

from nba_pipeline.cli import main
from nba_pipeline.experiments.training import train_baseline
from nba_pipeline.league.windows import parse_window
from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.orchestration.assets.experiments import experiment_predictions
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings
from nba_pipeline.warehouse.store import Warehouse, connect
from nba_pipeline.windows.config import read_config
from nba_pipeline.windows.ensemble import look
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.meta_training import window_store
from nba_pipeline.windows.window_files import windows_root
from nba_pipeline_tests.tiny_league.tables import write_points_tables
from nba_pipeline_tests.tiny_league.windows import NAMES, train_small, train_small_window, write_era_tables, write_small

Invoke = Callable[..., Result]
SEASONS = ("2020-21", "2021-22")
TRAINED_BEFORE, DAY = date(2021, 11, 20), date(2021, 11, 24)


@pytest.fixture(scope="module")
def league(tiny_archive: Path, tiny_tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every table; windows and meta-learner that were trained some days before the end of the last season, and the baseline."""
    root = tmp_path_factory.mktemp("window_points")
    warehouse = Warehouse(root / "simulated", "simulated")
    write_points_tables(tiny_tables, warehouse, SEASONS)
    train_baseline(warehouse, SEASONS[1:])
    write_era_tables(tiny_archive, warehouse, TRAINED_BEFORE)
    train_small(warehouse, write_small(root))
    write_era_tables(tiny_archive, warehouse)
    return root


@pytest.fixture
def invoke(league: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    shutil.copytree(league, tmp_path / "data")
    monkeypatch.setenv("NBA_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    get_settings.cache_clear()


@pytest.fixture
def warehouse(invoke: Invoke, tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "data" / "simulated", "simulated")


@pytest.fixture
def model(invoke: Invoke) -> str:
    """The meta-learner's id in the registry."""
    answer = invoke("windows", "register")
    assert answer.exit_code == 0, answer.output
    return answer.output.split()[0]


def outcomes(answer: Result) -> dict[str, dict]:
    return {one["model_id"]: one for one in json.loads(answer.output)["models"]}


def poison(warehouse: Warehouse, model: str, content: bytes) -> None:
    """Another file under the model's name, and its right hash in the registry: only the loader can refuse it."""
    (warehouse.root / "models" / "points" / f"{model}.json").write_bytes(content)
    with connect(warehouse.root / "nba.duckdb", write=True) as connection:
        connection.execute("UPDATE nba_predictions.ml_model_registry SET sha256 = ? WHERE model_id = ?", [sha256_bytes(content), model])


def test_it_is_a_row_like_any_other(invoke: Invoke, model: str):
    row = next(one for one in json.loads(invoke("experiment", "models", "--json").output) if one["model_id"] == model)
    assert (row["model_type"], row["enabled"], row["is_production"]) == ("windows", True, False)
    assert date.fromisoformat(row["training_end_date"]) < TRAINED_BEFORE and "2 windows" in row["notes"]
    assert invoke("windows", "register").exit_code == 0
    assert len(json.loads(invoke("experiment", "models", "--json").output)) == 2, "registered twice is registered once"


def test_a_day_after_its_training_is_predicted_beside_the_baseline(invoke: Invoke, model: str, warehouse: Warehouse):
    ran = invoke("experiment", "run", "--date", str(DAY), "--json")
    assert ran.exit_code == 0, ran.output
    assert {name: one["status"] for name, one in outcomes(ran).items()} == {model: "ran", "ewma8": "ran"}
    with connect(warehouse.root / "nba.duckdb") as connection:
        found = connection.execute("SELECT model_id, predicted_points FROM nba_predictions.ml_model_predictions").fetchall()
    rows = pl.DataFrame(found, schema=["model_id", "predicted_points"], orient="row")
    of_model = rows.filter(pl.col("model_id") == model)["predicted_points"]
    assert of_model.len() == rows.height / 2 > 5 and of_model.is_finite().all() and 2 < of_model.mean() < 25 and of_model.std() > 1
    assert invoke("experiment", "grade", "--date", str(DAY)).exit_code == 0


def test_the_asset_of_the_day_runs_it_too(invoke: Invoke, model: str):
    with dg.DagsterInstance.ephemeral() as instance:
        store = StoreResource.from_settings()
        result = dg.materialize([experiment_predictions], instance=instance, resources={"store": store}, partition_key=str(DAY))
    (check,) = result.get_asset_check_evaluations()
    (event,) = result.get_asset_materialization_events()
    ran = {row.data["model_id"]: row.data["status"] for row in event.materialization.metadata["models"].value.records}
    assert check.passed and ran == {model: "ran", "ewma8": "ran"}


def test_a_day_of_its_training_is_left_out_and_hindsight(invoke: Invoke, model: str):
    ran = outcomes(invoke("experiment", "run", "--date", "2021-11-15", "--json"))
    assert ran["ewma8"]["status"] == "ran" and ran[model]["status"] == "skipped" and "was trained through" in ran[model]["reason"]
    said = {day: json.loads(invoke("windows", "predict", "--date", day, "--json").output) for day in ("2021-11-15", str(DAY))}
    hindsight = {day: {one["hindsight"] for one in (answer, *answer["predictions"])} for day, answer in said.items()}
    assert hindsight == {"2021-11-15": {True}, str(DAY): {False}}


def test_as_production_model_it_answers(invoke: Invoke, model: str):
    assert invoke("experiment", "promote", model, "--force", "--reason", "a trial").exit_code == 0
    answer = json.loads(invoke("predict-points", "--date", str(DAY), "--json").output)
    assert answer["model_id"] == model and all(math.isfinite(one["predicted_points"]) for one in answer["predictions"])


def test_its_file_is_published_like_any_other(invoke: Invoke, model: str, tmp_path: Path):
    answer = invoke("experiment", "publish", model, str(tmp_path / "shelf"))
    assert answer.exit_code == 0, answer.output
    assert outcomes(invoke("experiment", "run", "--date", str(DAY), "--json"))[model]["status"] == "ran"


@pytest.mark.parametrize("night", ["is missing", "is there by half", "has other points"])
def test_tables_without_last_night_as_it_is_known_are_refused_and_the_others_go_on(
    invoke: Invoke, model: str, warehouse: Warehouse, night: str
):
    lines = warehouse.read("era_lines", ["2021-22"])
    last, odd = lines.filter(pl.col("game_date") < DAY)["game_date"].max(), pl.col("player_id") % 2 == 1
    wrong = (pl.col("game_date") == last) & (odd if night != "is missing" else True)
    table = lines.with_columns(pts=pl.col("pts") + wrong) if night == "has other points" else lines.filter(wrong.not_())
    warehouse.write("era_lines", table, "2021-22")
    answer = invoke("experiment", "run", "--date", str(DAY), "--json")
    ran, lacking = outcomes(answer), lines.filter(wrong).height
    assert answer.exit_code == 1 and ran["ewma8"]["status"] == "ran" and ran[model]["status"] == "failed"
    assert f"era_lines lacks {lacking} box lines, the first of {last}" in ran[model]["reason"] and lacking > 5
    assert "nba windows data" in ran[model]["reason"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not JSON", "is not JSON"), (b"\xff\xfe", "is not JSON"), (b"[]", "does not say"), (b"{}", "does not say"),
        (b"null", "does not say"),
        (b'{"meta_sha256": 7}', "does not say"), (b'{"meta_sha256": "0123456789abcdef"}', "this row means 0123456789ab"),
    ],
)  # fmt: skip
def test_a_poisoned_file_is_refused_by_name(invoke: Invoke, model: str, warehouse: Warehouse, content: bytes, said: str):
    poison(warehouse, model, content)
    answer = invoke("experiment", "run", "--date", str(DAY), "--json")
    ran = outcomes(answer)
    assert answer.exit_code == 1 and ran["ewma8"]["status"] == "ran" and ran[model]["status"] == "failed"
    assert model in ran[model]["reason"] and said in ran[model]["reason"] and "nba windows register" in ran[model]["reason"]


@pytest.mark.parametrize("content", [b"", b'{"meta_sha256": "0"}'])
def test_another_file_under_its_name_is_found_by_its_hash(invoke: Invoke, model: str, warehouse: Warehouse, content: bytes):
    (warehouse.root / "models" / "points" / f"{model}.json").write_bytes(content)
    assert "sha256 expected" in outcomes(invoke("experiment", "run", "--date", str(DAY), "--json"))[model]["reason"]


def test_a_window_that_was_trained_since_is_named_wherever_the_meta_learner_is_used(
    invoke: Invoke, model: str, warehouse: Warehouse, tmp_path: Path
):
    other = read_config(tmp_path / "data" / "windows_1.yaml")
    train_small_window(warehouse, NAMES[1], other.model_copy(update={"net": other.net.model_copy(update={"seed": 8})}))
    said = f"windows trained anew since the meta-learner was: {NAMES[1]}; train it over them: nba windows meta"
    reason = outcomes(invoke("experiment", "run", "--date", str(DAY), "--json"))[model]["reason"]
    assert said in reason and model in reason
    for words, code in ((("fetch", str(tmp_path / "new")), 2), (("predict", "--date", str(DAY)), 2), (("register",), 1)):
        answer = invoke("windows", *words)
        assert answer.exit_code == code and said in answer.output, answer.output
    assert not (tmp_path / "new").exists()


def test_without_a_meta_learner_there_is_nothing_to_register(invoke: Invoke, warehouse: Warehouse):
    shutil.rmtree(warehouse.root / "windows" / "meta")
    answer = invoke("windows", "register")
    assert answer.exit_code == 2 and "nba windows meta" in answer.output
    assert not list((warehouse.root / "models" / "points").glob("windows*"))


def test_a_newer_meta_learner_lets_the_one_before_it_rest(invoke: Invoke, model: str, warehouse: Warehouse):
    store = MetaStore(windows_root(warehouse.root))
    trained, known = store.load(), store.files().manifest
    with torch.no_grad():
        next(trained.net.parameters()).add_(0.001)
    store.save(trained, look(window_store(warehouse), [parse_window(name) for name in trained.windows]), known)
    newer = invoke("windows", "register").output.split()[0]
    enabled = {one["model_id"]: one["enabled"] for one in json.loads(invoke("experiment", "models", "--json").output)}
    assert newer != model and (enabled[newer], enabled[model]) == (True, False)
