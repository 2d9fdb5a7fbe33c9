"""What is served before tip-off is what was judged."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.models.baselines import fitted_baselines
from nba_pipeline.models.forecasts.held_out import held_out_predictions
from nba_pipeline.models.forecasts.serving import SERVED, Serving, served
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.samples.training_data import TrainingData
from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
from nba_pipeline.prediction.forecaster import FORECASTS, Forecaster
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture(scope="module")
def data(tiny_features: Warehouse) -> TrainingData:
    return TrainingData.load(tiny_features, tiny_features.seasons("games"))


@pytest.fixture(scope="module")
def net(data: TrainingData) -> GameNet:
    return GameNet(fusion=fitted_fusion(skip_instants(data, 0), 0)).eval()


@pytest.fixture(scope="module")
def judged(data: TrainingData, net: GameNet) -> pl.DataFrame:
    baselines = fitted_baselines(skip_instants(data, 0), net.fusion.skip)
    return held_out_predictions(net, baselines, data.arrays, data.named_instants(data.validation))


@pytest.mark.parametrize("pregame", SERVED)
def test_every_served_number_is_the_one_that_was_judged(data: TrainingData, net: GameNet, judged: pl.DataFrame, pregame: str):
    chosen = Serving.choose(judged)
    forecaster = Forecaster(net, Serving(pregame, chosen.home_rate, chosen.bands), "v1.0.0", data.source)
    said = forecaster.forecast(data.arrays, data.validation, np.zeros_like(data.validation), data.priors)
    before = served(judged.filter(pl.col("instant") == "pregame"), pregame)
    assert said["game_id"].equals(before["game_id"])
    columns = [f"{name}{suffix}" for name in FORECASTS for suffix in ("", "_elo", "_rating", "_ridge", "_home_rate")]
    for column in set(columns) - {"total_elo"}:
        np.testing.assert_allclose(said[column].to_numpy(), before[column].to_numpy(), rtol=1e-6, atol=1e-4, err_msg=column)
