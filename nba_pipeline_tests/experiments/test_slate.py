"""What a slate takes from the tables of now, whenever `player_form` was built."""

import polars as pl
import pytest

from nba_pipeline.experiments import slate as slates
from nba_pipeline.experiments.slate import slate
from nba_pipeline.features.player_form import FEATURE
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.experiments.tables import last_days


def test_a_line_that_came_after_the_table_was_built_is_known(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slates, "_built_anew", None)
    tonight, whole = last_days(warehouse, 1), slate(warehouse, last_days(warehouse, 1))
    lines, form = warehouse.read("player_prop_lines", ["2021-22"]), warehouse.read(FEATURE.name, ["2021-22"])
    warehouse.write(FEATURE.name, form.with_columns(points_line=pl.lit(None, pl.Float64)), "2021-22")
    assert slate(warehouse, tonight).equals(whole) and whole["points_line"].is_not_null().any()
    warehouse.write("player_prop_lines", lines.with_columns(pl.col("line") + 1), "2021-22")
    assert slate(warehouse, tonight)["points_line"].equals(whole["points_line"] + 1)
    for season in warehouse.seasons("player_prop_lines"):
        warehouse.path("player_prop_lines", season).unlink()
    assert slate(warehouse, tonight)["points_line"].null_count() == whole.height
