"""The as-of rule through windows and meta-learner: whatever happens on or after a date changes no forecast for it, all trained anew."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.era_form import ASKED, TARGETS
from nba_pipeline.warehouse.era_lines import STATS
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.config import WindowsConfig
from nba_pipeline.windows.forecasts import forecast_rows
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.meta_training import train_meta, window_store
from nba_pipeline.windows.predict import Forecaster
from nba_pipeline.windows.rows import as_rows
from nba_pipeline.windows.window_files import windows_root
from nba_pipeline_tests.windows.conftest import SEASONS, Lines, config

LAST = SEASONS[-1]


def scrambled(lines: Lines, day: date, seed: int = 0) -> Lines:
    """The same league, in which every count of every box line on or after a day is another player's, and a few more."""
    rng = np.random.default_rng(seed)
    changed = {}
    for season, table in lines.items():
        later = pl.col("game_date") >= day
        future = table.filter(later)
        dealt = [(pl.Series(name, future[name].gather(rng.permutation(future.height))) + 3).cast(table.schema[name]) for name in STATS]
        changed[season] = pl.concat([table.filter(~later), future.with_columns(dealt)])
    return changed


def forecasts_of(warehouse: Warehouse, settings: WindowsConfig, day: date, asked: pl.DataFrame, through: str) -> pl.DataFrame:
    """What the meta-learner trained through a season says of games of a day."""
    trained = train_meta(warehouse, settings, through, told=lambda text: None)
    MetaStore(windows_root(warehouse.root)).save(trained.meta, trained.ensemble, trained.facts)
    return Forecaster(warehouse).predict(asked)


@pytest.mark.parametrize("which", ["opening", "middle"])
def test_nothing_on_or_after_a_date_moves_its_forecasts(
    eras: Warehouse, era_lines: Lines, rebuilt: Callable[[Lines], Warehouse], which: str
):
    days = era_lines[LAST]["game_date"].unique().sort()
    day = days[0] if which == "opening" else days[len(days) // 2]
    asked = era_lines[LAST].filter(pl.col("game_date") == day).select(ASKED)
    assert asked.height > 10
    before = forecasts_of(eras, config(), day, asked, SEASONS[-2])
    after = forecasts_of(rebuilt(scrambled(era_lines, day)), config(), day, asked, SEASONS[-2])
    assert before.select(TARGETS).equals(after.select(TARGETS))
    assert before["pts"].std() > 1, "the forecasts say something"


def test_the_test_can_fail(eras: Warehouse, era_lines: Lines, rebuilt: Callable[[Lines], Warehouse]):
    """The day before is known: changing it must be seen."""
    days = era_lines[LAST]["game_date"].unique().sort()
    day, earlier = days[len(days) // 2], days[len(days) // 2 - 3]
    asked = era_lines[LAST].filter(pl.col("game_date") == day).select(ASKED)
    before = forecasts_of(eras, config(), day, asked, SEASONS[-2])
    after = forecasts_of(rebuilt(scrambled(era_lines, earlier)), config(), day, asked, SEASONS[-2])
    assert not before.select(TARGETS).equals(after.select(TARGETS))


def test_no_window_speaks_about_a_season_that_it_has_seen(eras: Warehouse):
    rows = as_rows(eras.read("era_form"))
    models = [window_store(eras).load(window.name) for window in config().chosen]
    said = forecast_rows(models, rows)
    seasons = rows.seasons
    for at, window in enumerate(config().chosen):
        speaks = np.isfinite(said.units[:, at]).any(1)
        assert not speaks[seasons <= window.seasons[0]].any(), window.name
        assert (said.age[speaks, at] >= 1).all()
    assert not said.answered[seasons == SEASONS[0]].any()
    assert said.answered[seasons == LAST].all()
    second = models[-1].before(LAST)
    assert second is not None and second.through == "2017-18", "the last window speaks about its second season by its first vintage"
