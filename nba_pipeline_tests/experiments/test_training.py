"""The first models: the same bits again, honest figures, and each predicts as its library does."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.experiments.boosted_training import FRAMEWORKS
from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.loaders import LOADERS, ModelShelf
from nba_pipeline.experiments.model_row import model_rows
from nba_pipeline.experiments.training import LEAST_ROWS, TooFewRowsError, played_rows, train_baseline, train_model
from nba_pipeline.features.player_form import FEATURE_SETS
from nba_pipeline.warehouse.store import Warehouse

COLUMNS = FEATURE_SETS["v1_36features"]


@pytest.mark.parametrize("model_type", FRAMEWORKS)
def test_the_same_rows_and_seed_give_the_same_bytes(model_type: str):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2000, len(COLUMNS))).astype(np.float32)
    points, framework = features[:, 0] * 3 + 10, FRAMEWORKS[model_type]
    one, two, other = (framework.fit(features, points, COLUMNS, 30, seed) for seed in (7, 7, 8))
    assert one == two != other
    model = LOADERS[model_type].load(one, framework.model_format)
    assert model.columns == COLUMNS
    forecast = model.predict(pl.DataFrame(features, schema=list(COLUMNS)))
    assert np.corrcoef(forecast, points)[0, 1] > 0.5 and model.predict(pl.DataFrame(features[:0], schema=list(COLUMNS))).shape == (0,)


def test_what_is_registered_is_what_was_measured(warehouse: Warehouse):
    later, shelf = played_rows(warehouse, ["2021-22"]), ModelShelf(warehouse.root)
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        rows = model_rows(connection)
    assert {row.model_type for row in rows} == {"ewma", *FRAMEWORKS}
    for row in rows:
        error = np.abs(shelf.load(row).predict(later) - later["points"].to_numpy())
        assert row.test_rows == later.height and row.test_mae == pytest.approx(error.mean())
        assert row.test_mae > 3.0
    boosted = [row for row in rows if row.model_type != "ewma"]
    assert {row.training_end_date for row in boosted} == {played_rows(warehouse, ["2020-21"])["game_date"].max()}


def test_once_more_changes_nothing(warehouse: Warehouse):
    again = [train_baseline(warehouse, ["2021-22"]), train_model(warehouse, "lightgbm", ["2019-20", "2020-21"], ["2021-22"], rounds=60)]
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        rows = {row.model_id: row for row in model_rows(connection)}
    assert len(rows) == 4 and [rows[one.row.model_id] for one in again] == [one.row for one in again]


@pytest.mark.parametrize(("train", "test"), [(["2021-22"], ["2020-21"]), (["2020-21"], ["2020-21"])])
def test_a_test_that_is_not_later_is_refused(warehouse: Warehouse, train: list[str], test: list[str]):
    with pytest.raises(TooFewRowsError, match=str(LEAST_ROWS)):
        train_model(warehouse, "lightgbm", train, test)


def test_only_players_who_played_teach(warehouse: Warehouse):
    rows = played_rows(warehouse, ["2020-21"])
    box = warehouse.read("player_game_stats", ["2020-21"]).select("game_id", "player_id", "pts")
    assert rows.join(box, on=["game_id", "player_id"])["points"].equals(rows.join(box, on=["game_id", "player_id"])["pts"].alias("points"))
    assert rows["prior_games"].min() >= 10  # pyright: ignore[reportOperatorIssue]
