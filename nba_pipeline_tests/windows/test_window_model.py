"""A window's vintages, targets that an era did not keep, and weights that do not depend on chance."""

import dataclasses

import numpy as np
import pytest

from nba_pipeline.features.era_form import FEATURES, TARGETS
from nba_pipeline.league.windows import Window
from nba_pipeline.models.artifacts import state_hash
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.config import NetConfig
from nba_pipeline.windows.fitting import NothingToLearnError, fit_net
from nba_pipeline.windows.rows import Rows, as_rows
from nba_pipeline.windows.window_model import train_window
from nba_pipeline_tests.windows.conftest import config

WINDOW = Window(2018, 2019)


@pytest.fixture(scope="module")
def rows(eras: Warehouse) -> Rows:
    return as_rows(eras.read("era_form", WINDOW.seasons))


def test_one_vintage_per_season_each_judged_on_the_next(rows: Rows):
    trained = train_window(WINDOW, rows, config().net)
    assert [one.through for one in trained.model.vintages] == list(WINDOW.seasons)
    (ahead,) = trained.facts["forward"]
    assert (ahead["trained_through"], ahead["season"]) == WINDOW.seasons
    seasoned = (rows.seasons == WINDOW.seasons[1]) & (rows.key["career_games"].to_numpy() >= 10)
    assert ahead["pts"]["rows"] == seasoned.sum()
    assert trained.facts["rows"] == len(rows) and trained.facts["features"] == len(trained.model.vintages[-1].fitted.columns)
    assert trained.model.before("2017-18") is None


def test_a_target_that_was_not_kept_has_no_model(rows: Rows):
    units, features = rows.units.copy(), rows.features.copy()
    units[:, TARGETS.index("fg3m")] = np.nan
    features[:, [name.startswith(("fg3m", "opponent_fg3m")) for name in FEATURES]] = np.nan
    old = dataclasses.replace(rows, units=units, features=features)
    trained = train_window(WINDOW, old, config().net)
    assert trained.facts["no_model_for"] == ["fg3m"]
    said = trained.model.vintages[-1].fitted.units(rows)
    assert np.isnan(said[:, TARGETS.index("fg3m")]).all() and np.isfinite(said[:, 0]).all()
    assert not [name for name in trained.model.vintages[-1].fitted.columns if name.startswith("fg3m")]


def test_the_same_rows_give_the_same_weights(rows: Rows):
    one, other = (train_window(WINDOW, rows, config().net).model.vintages[-1].fitted.net for _ in range(2))
    assert state_hash(one.state_dict()) == state_hash(other.state_dict())


def test_too_few_rows_are_refused_with_the_remedy(rows: Rows):
    with pytest.raises(NothingToLearnError, match="least_rows"):
        fit_net(rows, NetConfig(least_rows=10**6))
    with pytest.raises(NothingToLearnError, match="1990-91"):
        train_window(Window(1991, 1991), rows, config().net)


def test_it_learns_what_can_be_learned(eras: Warehouse):
    """A league in which tonight is twice the average: the net must find that out, and the average cannot."""
    rows = as_rows(eras.read("era_form"))
    average = rows.features[:, [FEATURES.index(f"{target}_ewm_8") for target in TARGETS]]
    doubled = dataclasses.replace(rows, units=2 * average)
    fitted = fit_net(doubled, NetConfig(width=8, passes=8, batch=128, learning_rate=0.02, weight_decay=0, least_rows=100))
    known = np.isfinite(average[:, 0])
    error = np.abs(fitted.units(rows)[known, 0] - 2 * average[known, 0]).mean()
    assert error < 0.2 * average[known, 0].mean()
