"""What a weekly run trains of a class: this league's active models, and the class's own from the first time on."""

import logging

import polars as pl
import pytest

from nba_pipeline.tuning.game_table import dated_rows
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.model_trainer import ModelTrainer
from nba_pipeline.tuning.retrain import Asked, train_class
from nba_pipeline.tuning.search_space import SearchSpaceError

SPACE = {"k_factor": [10.0, 30.0]}


@pytest.fixture
def trainer(manager: ModelManager, league: pl.DataFrame) -> ModelTrainer:
    manager.warehouse.write("games", dated_rows(league).with_columns(season=pl.lit("2020-21")), "2020-21")
    return ModelTrainer(manager, logging.getLogger("test"))


def test_a_slip_of_the_pen_does_not_stop_the_weeks_after_it(trainer: ModelTrainer):
    with pytest.raises(SearchSpaceError, match="did you mean k_factor"):
        train_class(trainer, "elo", Asked(name="elo", search_space={"k_factr": [10.0]}, cv_folds=2))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        train_class(trainer, "elo", Asked(name="elo", search_space={"k_factor": ["many"]}, cv_folds=2))
    assert trainer.manager.list() == []
    (result,) = train_class(trainer, "logistic")
    assert (result.name, result.version, trainer.manager.get("logistic").is_active) == ("logistic", 1, True)


def test_a_model_of_another_league_is_neither_trained_nor_in_the_way(trainer: ModelTrainer, league: pl.DataFrame):
    trainer.train_model("handball", "logistic", league, {"C": [1.0]}, cv_folds=2, source="file handball.csv")
    said = list[str]()
    (result,) = train_class(trainer, "logistic", said=said.append)
    assert (result.name, result.version, said) == ("logistic", 1, [])
    assert [one.version for one in trainer.manager.versions("handball")] == [1]
    assert train_class(trainer, "logistic", said=said.append) == [] and said == ["logistic: no game is new since v1, nothing is registered"]


def test_a_model_that_mixed_leagues_before_is_left_alone(trainer: ModelTrainer, league: pl.DataFrame):
    (result,) = train_class(trainer, "elo", Asked(name="mine", search_space=SPACE, cv_folds=2))
    with trainer.manager.tables.write() as database:
        database.execute("UPDATE model_versions SET source = 'file handball.csv'")
    assert [one.name for one in train_class(trainer, "elo", Asked(cv_folds=2))] == ["elo"]
    assert [one.version for one in trainer.manager.versions(result.name)] == [1]


def test_a_model_that_was_switched_off_stays_off(trainer: ModelTrainer):
    train_class(trainer, "elo", Asked(name="elo", search_space=SPACE, cv_folds=2))
    trainer.manager.deactivate("elo")
    said = list[str]()
    assert train_class(trainer, "elo", said=said.append) == [] and "no model of class elo is active" in said[0]
