"""From a table to a registered version and back: numbers, files, rows, promotion, and what is not trusted."""

import logging
import re
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import joblib
import numpy as np
import polars as pl
import pytest

from nba_pipeline.evaluation.metrics import log_loss
from nba_pipeline.models.artifacts import ArtifactError
from nba_pipeline.tuning import Range
from nba_pipeline.tuning.fitted_model import DistrustError
from nba_pipeline.tuning.folds import FoldError
from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.tuning.model_class import CLASS_NAMES, MissingLibraryError, UnknownModelClassError, library_version, model_class
from nba_pipeline.tuning.model_manager import ModelError, ModelManager
from nba_pipeline.tuning.model_trainer import ModelTrainer
from nba_pipeline.tuning.prepared_rows import PreparedRows
from nba_pipeline.tuning.promotion import judge
from nba_pipeline.tuning.search_space import read_space
from nba_pipeline.tuning.training_result import TrainingResult

ROOT = Path(__file__).resolve().parents[2]
SPACE = {"k_factor": [10.0, 30.0], "home_advantage": Range(0, 120, step=60)}
BOTH = pytest.mark.parametrize("name", ["lightgbm", "xgboost"])


@pytest.fixture
def trainer(manager: ModelManager) -> ModelTrainer:
    return ModelTrainer(manager, logging.getLogger("test"))


@pytest.fixture
def trained(trainer: ModelTrainer, league: pl.DataFrame) -> TrainingResult:
    return trainer.train_model("elo", "elo", league, SPACE, cv_folds=3)


def with_features(league: pl.DataFrame) -> pl.DataFrame:
    """A feature that knows something, and one that does not."""
    rng, rows = np.random.default_rng(1), dated_rows(league)
    hint = rows["home_win"].to_numpy() + rng.normal(0, 1.5, rows.height)
    return rows.with_columns(hint=pl.Series(hint), noise=pl.Series(rng.normal(0, 1, rows.height)))


def test_a_result_says_what_was_promised(trained: TrainingResult, manager: ModelManager, league: pl.DataFrame):
    version = manager.version("elo")
    assert (trained.model_id, trained.version, trained.promoted) == (1, 1, True)
    assert re.fullmatch(r"elo_v1_\d{8}_\d{6}\.pkl", trained.model_path.name)
    assert trained.model_path.name == version.file and trained.model_path.parent == manager.folder
    assert set(trained.best_params) == set(SPACE) and len(trained.cv_log_loss_by_fold) == 3
    assert trained.cv_log_loss == pytest.approx(np.mean(trained.cv_log_loss_by_fold)) and trained.cv_accuracy_sd > 0
    assert trained.log_loss < trained.metrics["home_rate_log_loss"] and trained.accuracy > 0.5 and trained.optimism >= 0
    assert 0 < trained.calibration_noise < 0.2 and trained.metrics["fits"] == 18
    assert version.data_last == str(league["date"].max()) and version.source == "simulated" and version.params == trained.best_params


def test_the_held_out_numbers_come_from_games_that_nothing_saw(trainer: ModelTrainer, league: pl.DataFrame, trained: TrainingResult):
    prepared = trainer.prepare("elo", league, 3)
    first = prepared.held_out.first_day
    assert max(fold.last_day for fold in prepared.folds) < first - timedelta(days=7)
    fitted = prepared.model.estimator(**trained.best_params).fit(prepared.rows[prepared.held_out.train])
    p_home_win = fitted.predict_proba(prepared.rows[prepared.held_out.test])[:, 1]
    assert log_loss(p_home_win, prepared.won[prepared.held_out.test]) == trained.log_loss
    scrambled = league.with_columns(
        pl.when(pl.col("date") >= first).then(pl.col(one)).otherwise(pl.col(other)).alias(other)
        for one, other in (("home_score", "away_score"), ("away_score", "home_score"))
    )
    other = trainer.search(trainer.prepare("elo", scrambled, 3), read_space(SPACE))
    assert other.best.fold_losses == trained.cv_log_loss_by_fold and other.held_out.log_loss != trained.log_loss


def test_the_same_again_gives_the_same_bits(trained: TrainingResult, trainer: ModelTrainer, league: pl.DataFrame):
    again = trainer.train_model("again", "elo", league, SPACE, cv_folds=3)
    assert again.model_path.read_bytes() == trained.model_path.read_bytes()
    assert again.cv_log_loss_by_fold == trained.cv_log_loss_by_fold


def test_a_loaded_model_forecasts_games_to_come(trained: TrainingResult, trainer: ModelTrainer, league: pl.DataFrame):
    last = league["date"].max()
    to_come = {"date": [last + timedelta(days=2)], "home": ["club 1"], "away": ["club 2"], "home_score": [None], "away_score": [None]}
    model = trainer.load_model(trained.model_path)
    rows = model.forecast(pl.concat([league, pl.DataFrame(to_come, schema=league.schema)]))
    assert rows["game_date"].to_list() == [last + timedelta(days=2)] and 0 < rows["p_home_win"][0] < 1
    assert model.forecast(league).is_empty()


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_every_class_learns_and_repeats_itself(trainer: ModelTrainer, league: pl.DataFrame, name: str):
    known = model_class(name)
    if "not installed" in known.versions().values():
        pytest.skip(f"{name} is an extra that is not installed")
    table = with_features(league) if known.needs_features else league
    few = {key: values[:1] if isinstance(values, list) else values for key, values in known.grid.items()}
    results = [trainer.train_model(f"{name}_{turn}", name, table, few, cv_folds=2) for turn in range(2)]
    assert results[0].log_loss < results[0].metrics["home_rate_log_loss"]
    assert results[0].model_path.read_bytes() == results[1].model_path.read_bytes()
    assert trainer.load_model(results[0].model_path).class_name == name


@BOTH
def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingLibraryError, match=rf"{name} is not installed: pip install .*nba_pipeline\[experiments\]"):
        model_class(name).estimator()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    brought = project["dependencies"] + project["optional-dependencies"]["experiments"]
    assert any(one.startswith(name) for one in brought)


def test_an_unknown_class_and_an_unknown_library(manager: ModelManager):
    with pytest.raises(UnknownModelClassError, match="elo, lightgbm, logistic, xgboost"):
        manager.create("m", "tarot")
    assert library_version("no such library") == "not installed"


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return Path.write_text, (Path(self.target), "boom")  # pyright: ignore


def test_a_tampered_file_is_refused_before_it_is_unpickled(trained: TrainingResult, trainer: ModelTrainer, tmp_path: Path):
    bomb, trace = Bomb(), tmp_path / "trace"
    bomb.target = str(trace)
    joblib.dump(bomb, trained.model_path)
    with pytest.raises(ArtifactError, match=f"{trained.model_path.name} is damaged: sha256"):
        trainer.load_model(trained.model_path)
    assert not trace.exists()
    joblib.load(trained.model_path)
    assert trace.exists(), "the bomb would have gone off"


def test_a_file_without_a_row_or_from_elsewhere_is_refused(trained: TrainingResult, trainer: ModelTrainer, tmp_path: Path):
    for stranger in (trainer.manager.folder / "elo_v9_20240101_000000.pkl", tmp_path / trained.model_path.name):
        stranger.write_bytes(trained.model_path.read_bytes())
        with pytest.raises(DistrustError, match=f"{stranger.name} is named by no row"):
            trainer.load_model(stranger)


def test_other_libraries_are_refused(trained: TrainingResult, trainer: ModelTrainer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nba_pipeline.tuning.fitted_model.library_version", lambda name: "0.0")
    with pytest.raises(DistrustError, match=rf"{trained.model_path.name} was written with .*scikit-learn \d.* \(here 0.0\)"):
        trainer.load_model(trained.model_path)


def test_a_missing_file_is_named(trained: TrainingResult, trainer: ModelTrainer):
    trained.model_path.unlink()
    with pytest.raises(ArtifactError, match=trained.model_path.name):
        trainer.load_model(trained.model_path.name)


def test_models_are_made_found_and_switched(manager: ModelManager):
    assert manager.list() == [] and manager.find("elo") is None
    made = manager.create("elo", "elo", SPACE, method="grid", n_trials=9, cv_folds=4)
    assert manager.get("elo") == manager.get(made.model_id) == made
    assert (made.is_active, made.production_version, made.space["k_factor"]) == (True, None, (10.0, 30.0))
    manager.create("other", "logistic", active=False)
    assert [row.name for row in manager.list(active=True)] == ["elo"]
    assert manager.activate("other").is_active and not manager.deactivate("elo").is_active
    with pytest.raises(ModelError, match="there are: elo, other"):
        manager.get("nobody")
    with pytest.raises(ModelError, match="already"):
        manager.create("elo", "elo")
    with pytest.raises(ModelError, match="logistic is the name of this league's model of that class"):
        manager.create("logistic", "elo")
    with pytest.raises(ModelError, match="a name is lower-case"):
        manager.create("../elo", "elo")


def test_another_class_under_the_same_name_is_refused(trained: TrainingResult, trainer: ModelTrainer, league: pl.DataFrame):
    with pytest.raises(ModelError, match="elo is a model of class elo, not logistic"):
        trainer.train_model("elo", "logistic", league)


def test_versions_are_compared_and_traced(trained: TrainingResult, trainer: ModelTrainer, manager: ModelManager, league: pl.DataFrame):
    trainer.train_model("elo", "elo", league, {"k_factor": [200.0], "home_advantage": [0]}, cv_folds=3)
    assert [one.version for one in manager.versions("elo")] == [1, 2]
    answer = manager.compare("elo", 1, 2)
    assert answer.same_data and answer.config["k_factor"] == (trained.best_params["k_factor"], 200.0)
    assert answer.metrics["log_loss"][2] > 0
    assert [one.version for one in manager.lineage("elo", 2)] == [2, 1]
    assert manager.get("elo").production_version == 1, "a version that is not better is kept back"
    assert manager.promote("elo", 2).production_version == 2
    with pytest.raises(ModelError, match="elo has no version 7; there are: 1, 2"):
        manager.promote("elo", 7)


def test_only_what_is_better_replaces_what_is_used():
    from nba_pipeline_tests.tuning.invented_league import invented_games

    prepared = PreparedRows.of(model_class("elo"), invented_games(seasons=8, rounds=8), 2, None, 7)
    good, bad = {"k_factor": 25.0, "home_advantage": 60.0}, {"k_factor": 200.0, "home_advantage": 0.0}
    assert judge(prepared, good, None).promoted and judge(prepared, good, good).reason == "the same parameters, with more games"
    better, worse = judge(prepared, good, bad), judge(prepared, bad, good)
    assert better.promoted and better.difference is not None and better.difference.high < 0
    assert not worse.promoted and "not better" in worse.reason


def test_on_few_games_nothing_is_better(league: pl.DataFrame):
    prepared = PreparedRows.of(model_class("elo"), league, 2, None, 7)
    answer = judge(prepared, {"k_factor": 20.0}, {"k_factor": 400.0})
    assert not answer.promoted and "fewer than 500 say nothing" in answer.reason


def test_a_first_fold_with_one_winner_only_is_refused(league: pl.DataFrame):
    at_home = pl.when(pl.col("date") < pl.lit(league["date"][360])).then(99).otherwise("home_score")
    with pytest.raises(FoldError, match="all with the same winner: ask for fewer folds"):
        PreparedRows.of(model_class("logistic"), league.with_columns(home_score=at_home), 5, None, 7)
