"""A version to forecast with that nobody had to train: the skip is fitted, the nets are new, and their heads say a little."""

from pathlib import Path

import torch

from nba_pipeline.models.forecasts.error_bands import ErrorBands
from nba_pipeline.models.forecasts.serving import Serving
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.training_data import TrainingData
from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
from nba_pipeline.warehouse.store import Warehouse

BANDS = ErrorBands(margin=(0.0, 7.0, 10.0, 12.0, 14.0), total=(0.0, 9.0, 13.0, 16.0, 18.0))


def new_net(warehouse: Warehouse, seed: int = 0) -> GameNet:
    """A net whose forecast depends on everything it reads: its heads are not zero."""
    data = TrainingData.load(warehouse, warehouse.seasons("games"))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = GameNet(fusion=fitted_fusion(skip_instants(data, seed), seed))
        for head in (net.fusion.win, net.fusion.margin, net.fusion.total):
            torch.nn.init.normal_(head.weight, std=0.05)
    return net.eval()


def register(warehouse: Warehouse, models_root: Path) -> ModelRegistry:
    """The registry with such a version of a warehouse's games."""
    registry, net = ModelRegistry(models_root), new_net(warehouse)
    serving = Serving("net", (0.55, 2.0, 220.0), BANDS)
    registry.save_model(models=net.networks(), metrics={"pregame/games": 1.0}, serving=serving.to_dict(), source=warehouse.source)
    return registry
