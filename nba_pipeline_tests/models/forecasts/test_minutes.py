"""Every minute's instants, and the two baselines of a minute."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from nba_pipeline.evaluation.minutes import score_minutes
from nba_pipeline.models.forecasts.held_out import forecast
from nba_pipeline.models.forecasts.minutes import FLOOR, FORMULA, SmoothFormula, minute_predictions
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.samples.instants import MINUTES, minute_instants
from nba_pipeline.models.samples.training_data import TrainingData
from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture(scope="module")
def data(tiny_features: Warehouse) -> TrainingData:
    return TrainingData.load(tiny_features, tiny_features.seasons("games"))


@pytest.fixture(scope="module")
def net(data: TrainingData) -> GameNet:
    return GameNet(fusion=fitted_fusion(skip_instants(data, 0), 0)).eval()


def test_minutes_know_exactly_what_happened_by_then(data: TrainingData):
    arrays = data.arrays
    instants = minute_instants(arrays, data.test, data.priors)
    games = int((arrays.event_counts()[data.test] > 0).sum())
    assert len(instants) == len(MINUTES) * games and MINUTES[0] == "m00" and MINUTES[-1] == "m47"
    second = 60 * np.char.lstrip(instants.name.astype(str), "m").astype(int)
    last = arrays.elapsed(instants.game, instants.known)
    first, count = arrays.event_first[instants.game], arrays.event_counts()[instants.game]
    following = arrays.events.elapsed[np.minimum(first + instants.known, first + count - 1)]
    begun = second > 0
    assert (last[begun] <= second[begun]).all()
    more = begun & (instants.known < count)
    assert more.any() and (following[more] > second[more]).all()
    assert (instants.known[~begun] == 0).all() and (instants.state[~begun, 2] == 1).all()


def test_the_formula_is_the_published_one(data: TrainingData, net: GameNet):
    instants = minute_instants(data.arrays, data.test, data.priors)
    said = SmoothFormula(net.fusion.skip).predict(instants)
    row = int(np.flatnonzero(instants.name == "m24")[3])
    margin, total = SmoothFormula(net.fusion.skip)._pregame(instants.where(np.array([row])))
    diff, points, s = instants.state[row, :3].astype(float)
    p = norm.cdf((diff * (1 - 0.277 * s) + 1.503 * margin[0] * s**0.811) / (16.9 * np.sqrt(s + 0.0155)))
    assert said[row] == pytest.approx([p, np.interp(48 * (1 - s), (12, 24), (0.63, 0.73)) * diff
        + np.interp(48 * (1 - s), (12, 24), (0.78, 0.56)) * margin[0], points + s * total[0]], rel=1e-5)  # fmt: skip


def test_predictions_of_every_minute_can_be_scored(data: TrainingData, net: GameNet):
    rows = minute_predictions(net, data.arrays, data.train, data.test, data.priors)
    assert set(rows["minute"].unique()) == set(range(48))
    assert {f"p_home_win_{name}" for name in (FLOOR, FORMULA)} <= set(rows.columns)
    scores = score_minutes(rows, resamples=50, simulations=50)
    late = scores.filter((pl.col("minute") == 47) & (pl.col("forecast") == "net") & (pl.col("metric") == "brier_score"))
    early = scores.filter((pl.col("minute") == 1) & (pl.col("forecast") == "net") & (pl.col("metric") == "brier_score"))
    assert late["value"][0] < early["value"][0]


def test_the_floor_learns_from_the_training_games_alone(data: TrainingData, net: GameNet):
    rows = minute_predictions(net, data.arrays, data.train, data.test, data.priors, only_skip=True)
    half = data.test[: len(data.test) // 2]
    alone = minute_predictions(net, data.arrays, data.train, half, data.priors, only_skip=True)
    same = rows.join(alone.select("game_id", "minute"), on=["game_id", "minute"], how="semi", maintain_order="left")
    np.testing.assert_allclose(same[f"p_home_win_{FLOOR}"].to_numpy(), alone[f"p_home_win_{FLOOR}"].to_numpy(), atol=1e-12)


def test_the_untrained_net_is_the_skip(data: TrainingData, net: GameNet):
    instants = minute_instants(data.arrays, data.test[:3], data.priors)
    rows = minute_predictions(net, data.arrays, data.train, data.test[:3], data.priors, only_skip=True)
    said = forecast(net, data.arrays, instants.game, instants.known)
    np.testing.assert_allclose(rows.select("p_home_win", "margin", "total").to_numpy(), said, rtol=0, atol=1e-4)
