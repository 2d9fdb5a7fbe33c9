"""Pictures of a training run in the metadata of its asset."""

import base64
from pathlib import Path

from nba_pipeline.models.training.config import TrainingConfig
from nba_pipeline.models.training.runs import train_fusion, train_gnn, train_transformer
from nba_pipeline.orchestration.model_pictures import candidate_pictures, curve
from nba_pipeline.warehouse.store import Warehouse

PNG = b"\x89PNG"


def picture(markdown: object) -> bytes:
    """The bytes inside a Markdown image."""
    return base64.b64decode(str(markdown).split("base64,")[1].rstrip(")"))


def test_a_candidate_shows_its_curve_scores_and_reliability(tiny_features: Warehouse, tmp_path: Path):
    (tmp_path / "warehouse").symlink_to(tiny_features.root / "warehouse")
    store, config, seasons = Warehouse(tmp_path, "simulated"), TrainingConfig(epochs=1), ("2019-20", "2020-21", "2021-22")
    runs = [train(store, seasons, config) for train in (train_transformer, train_gnn, train_fusion)]
    assert all(picture(curve(run.history)["learning_curve"].value).startswith(PNG) for run in runs)
    shown = candidate_pictures(runs[-1].path)
    assert all(picture(shown[name].value).startswith(PNG) for name in ("net_minus_baselines", "reliability"))
    assert "validation 2020-21" in str(shown["scores"].value) and "| home_rate |" in str(shown["scores"].value)
