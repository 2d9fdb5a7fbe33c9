"""Nothing is registered before a search has ended, no name is searched that its class does not read, and one name is of one league."""

import logging

import polars as pl
import pytest

from nba_pipeline.tuning.folds import FoldError
from nba_pipeline.tuning.model_choice import chosen_model, chosen_space
from nba_pipeline.tuning.model_class import CLASS_NAMES, model_class
from nba_pipeline.tuning.model_database import insert
from nba_pipeline.tuning.model_manager import ModelError, ModelManager
from nba_pipeline.tuning.model_trainer import ModelTrainer
from nba_pipeline.tuning.search_space import SearchSpaceError
from nba_pipeline_tests.tuning.test_models import SPACE, with_features

HANDBALL = "file handball.csv"


@pytest.fixture
def trainer(manager: ModelManager) -> ModelTrainer:
    return ModelTrainer(manager, logging.getLogger("test"))


@pytest.mark.parametrize(
    ("name", "space", "said"),
    [
        ("elo", {"k_factr": [10]}, "elo has no parameter 'k_factr' to search: did you mean k_factor"),
        ("logistic", {"penalty": ["l1"]}, "logistic has no parameter 'penalty' to search: the usual ones are C"),
        ("lightgbm", {"num_leafs": [4, 8]}, "lightgbm has no parameter 'num_leafs' to search: did you mean num_leaves"),
        ("lightgbm", {"random_state": [1, 2]}, "lightgbm has no parameter 'random_state'"),
        ("xgboost", {"max_dept": [2, 3]}, "xgboost has no parameter 'max_dept' to search: did you mean max_depth"),
        ("elo", {"k_factor": {"low": 8.0, "high": 40.0}}, "a grid over k_factor needs a step"),
    ],
)
def test_a_space_that_cannot_be_searched_makes_no_model(trainer: ModelTrainer, league: pl.DataFrame, name: str, space: dict, said: str):
    if "not installed" in model_class(name).versions().values():
        pytest.skip(f"{name} is an extra that is not installed")
    table = with_features(league) if model_class(name).needs_features else league
    with pytest.raises(SearchSpaceError, match=said):
        trainer.train_model("mine", name, table, space, cv_folds=2)
    with pytest.raises(SearchSpaceError, match=said):
        trainer.manager.create("mine", name, space, method="grid")
    assert trainer.manager.list() == []


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_what_an_estimator_reads_beside_the_usual_may_be_searched(name: str):
    rare = {"elo": "use_margin", "logistic": "C", "lightgbm": "reg_alpha", "xgboost": "gamma"}[name]
    if "not installed" not in model_class(name).versions().values():
        model_class(name).check([rare])
        assert {*model_class(name).space, *model_class(name).grid} <= model_class(name).parameters()


def test_a_search_that_fails_leaves_no_model(trainer: ModelTrainer, league: pl.DataFrame):
    with pytest.raises(pl.exceptions.InvalidOperationError):
        trainer.train_model("mine", "elo", league, {"k_factor": ["many"]}, cv_folds=2)
    with pytest.raises(FoldError):
        trainer.train_model("mine", "elo", league.head(20), SPACE)
    assert trainer.manager.list() == []
    assert trainer.train_model("mine", "elo", league, SPACE, cv_folds=2).version == 1
    assert [(row.name, row.is_active, row.production_version) for row in trainer.manager.list()] == [("mine", False, 1)]


def test_what_is_asked_of_a_model_that_is_there_is_looked_at_too(trainer: ModelTrainer, league: pl.DataFrame):
    row = trainer.manager.create("mine", "elo", SPACE, method="grid")
    with pytest.raises(SearchSpaceError, match="did you mean k_factor"):
        trainer.train_model("mine", "elo", league, {"k_factr": [10]}, cv_folds=2)
    assert trainer.manager.versions("mine") == [] and trainer.manager.get("mine") == row


def test_a_space_that_is_in_the_registry_and_cannot_be_searched_says_what_to_do(manager: ModelManager):
    row = manager.create("mine", "elo", SPACE, method="grid")
    with manager.tables.write() as database:
        database.execute("DELETE FROM models")
        values = {**vars(row), "search_space": {"k_factr": [10]}}
        insert(database, "models", values)
    with pytest.raises(SearchSpaceError, match=r"the space of mine: .*did you mean k_factor\?.* nba models deactivate mine"):
        chosen_space(manager.get("mine"), "grid", {})


@pytest.mark.parametrize(("first", "then"), [(None, HANDBALL), (HANDBALL, None), (HANDBALL, "file volleyball.csv")])
def test_one_name_is_of_one_league(trainer: ModelTrainer, league: pl.DataFrame, first: str | None, then: str | None):
    trainer.train_model("mine", "elo", league, SPACE, cv_folds=2, source=first)
    with pytest.raises(ModelError, match=f"mine learned the games of '{first or 'simulated'}', not of '{then or 'simulated'}'"):
        trainer.train_model("mine", "elo", league, SPACE, cv_folds=2, source=then)
    prepared = trainer.prepare("elo", league, 2)
    found = trainer.search(prepared, chosen_space(trainer.manager.get("mine"), "grid", {}))
    with pytest.raises(ModelError, match="mine learned the games of"):
        trainer.register(trainer.manager.get("mine"), prepared, found, then)
    assert [one.version for one in trainer.manager.versions("mine")] == [1]
    assert trainer.train_model("mine", "elo", league, SPACE, cv_folds=2, source=first).version == 2


def test_the_name_of_a_class_is_this_league_s(trainer: ModelTrainer, league: pl.DataFrame):
    for name, said in (("elo", "give its model a name"), ("logistic", "logistic is the name of this league's model")):
        with pytest.raises(ModelError, match=said):
            trainer.train_model(name, "elo", league, SPACE, cv_folds=2, source=HANDBALL)
    assert trainer.manager.list() == []


def test_a_plan_is_not_in_the_registry(manager: ModelManager):
    planned = chosen_model(manager, "mine", "elo", SPACE, method="grid")
    assert planned.is_planned and manager.list() == []
    made = manager.add(planned)
    assert not made.is_planned and chosen_model(manager, "mine", "elo", {}) == made
    with pytest.raises(ModelError, match="already"):
        manager.add(planned)
