"""Seasons scored: everything on the same rows, nothing trained on what is scored."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.backtest import COMPONENTS, EWMA, FULL, ONLY_WEIGHTS, Backtest, backtest
from nba_pipeline.windows.backtest_files import read_backtest, write_backtest
from nba_pipeline.windows.ensemble import IncompleteEnsembleError
from nba_pipeline.windows.fitting import NothingToLearnError
from nba_pipeline_tests.windows.conftest import SEASONS, config


@pytest.fixture(scope="module")
def found(eras: Warehouse) -> Backtest:
    return backtest(eras, config(), SEASONS[-1:], told=lambda text: None)


def test_every_forecast_is_scored_on_the_same_rows(found: Backtest, eras: Warehouse):
    names = {one.forecast for one in found.against_average}
    assert names == {
        EWMA,
        FULL,
        ONLY_WEIGHTS,
        "pooled",
        "last window",
        "equal weights",
        *(f"without {one.replace('_', ' ')}" for one in COMPONENTS),
    }
    for target in TARGETS:
        rows = {one.rows for one in found.against_average if one.target == target}
        assert len(rows) == 1 and rows.pop() > 100
    by_name = {(one.target, one.forecast): one for one in found.against_average}
    other = {(one.target, one.forecast): one for one in found.against_full}
    assert by_name["pts", EWMA].difference is None
    gap = by_name["pts", FULL].mae - by_name["pts", EWMA].mae
    assert by_name["pts", FULL].difference == pytest.approx(gap) and other["pts", EWMA].difference == pytest.approx(-gap)
    form = eras.read("era_form", SEASONS[-1:]).filter(pl.col("career_games") >= 10)
    assert by_name["pts", EWMA].mae == pytest.approx((form["pts"] - form["ewma_pts"]).abs().mean(), rel=1e-5)


def test_weights_are_shares_of_each_season(found: Backtest):
    assert {one["season"] for one in found.weights} == set(SEASONS[-1:])
    for target in TARGETS:
        assert np.isclose(sum(one[target] for one in found.weights), 1)
        assert all(one[target] >= 0 for one in found.weights)


def test_a_season_without_a_past_is_refused(eras: Warehouse):
    with pytest.raises(NothingToLearnError, match=SEASONS[0]):
        backtest(eras, config(), SEASONS[:1], told=lambda text: None)


def test_a_missing_window_stops_it_before_anything_is_read(eras: Warehouse):
    told: list[str] = []
    one_more = config().model_copy(update={"windows": (*config().windows, "2020-2020")})
    with pytest.raises(IncompleteEnsembleError, match="2020-2020 is missing"):
        backtest(eras, one_more, SEASONS[-1:], told=told.append)
    assert not told


def test_it_can_be_read_again(found: Backtest, tmp_path):
    write_backtest(tmp_path, "2018-19", found)
    assert read_backtest(tmp_path, "2018-19") == found
