"""A version without one of its parts: what is silenced, and that the version itself stays as it was."""

from pathlib import Path

import polars as pl
import pytest
import torch

from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.prediction.version_page.ablations import PARTS, ablations
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.conftest import writable


@pytest.fixture(scope="module")
def leaning(registered: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A version v1.1.0 whose heads lean on every tower, each with weights that are not zero."""
    warehouse = writable(registered, tmp_path_factory.mktemp("leaning") / "data")
    registry = ModelRegistry(warehouse.root / "models")
    info, states = registry.info("v1.0.0"), registry.load_model("v1.0.0")
    for head in ("win", "margin", "total"):
        states["fusion"][f"{head}.weight"] = torch.randn(1, 128, generator=torch.Generator().manual_seed(1))
    config, period = info.config, info.data_range
    registry.save_model("v1.1.0", models=states, metrics={}, config=config, data_range=period, source="simulated")
    return warehouse


def losses(table: pl.DataFrame, instant: str) -> dict[str, float]:
    rows = table.filter((pl.col("metric") == "log_loss") & (pl.col("instant") == instant))
    return dict(zip(rows["forecast"], rows["value"], strict=True))


def test_the_whole_version_scores_as_it_was_judged(registered: Warehouse):
    table = ablations(registered)
    metrics = ModelRegistry(registered.root / "models").info().metrics or {}
    for instant in ("pregame", "q3"):
        assert losses(table, instant)["net"] == pytest.approx(metrics[f"{instant}/log_loss"], abs=1e-9)
    assert set(table["forecast"]) == {"net", *PARTS} and set(table["games"]) == {544}


def test_without_the_skip_an_untouched_net_calls_every_game_even(registered: Warehouse):
    """Where the start was kept its heads are zero: the towers change nothing, and the skip is all there is."""
    networks = ModelRegistry(registered.root / "models").load_networks()
    table = losses(ablations(registered), "pregame")
    if all(float(head.weight.detach().abs().max()) == 0 for head in (networks.fusion.win, networks.fusion.margin)):
        assert table["transformer"] == table["gnn"] == table["context_tower"] == table["net"]
        assert table["skip"] == pytest.approx(0.6931, abs=1e-3)
    assert table["context"] > table["net"]


def test_every_part_of_a_version_that_leans_on_all_changes_its_forecast(leaning: Warehouse):
    table = ablations(leaning, "v1.1.0")
    for instant in ("q1", "q3"):
        found = losses(table, instant)
        assert found.pop("gnn") == pytest.approx(found["net"], abs=1e-6), "all graphs of this league are empty"
        assert len({round(value, 9) for value in found.values()}) == len(PARTS), f"two of {found} are the same"


def test_it_is_repeatable_and_leaves_the_nets_as_they_were(leaning: Warehouse):
    assert ablations(leaning, "v1.1.0").equals(ablations(leaning, "v1.1.0"))
    assert Path(leaning.root / "models" / "v1.1.0" / "fusion.pt").exists()
    ModelRegistry(leaning.root / "models").load_model("v1.1.0")
