"""The net's knobs are searched on games before the last block, and the block decides nothing."""

from dataclasses import replace

import numpy as np
import pytest

from nba_pipeline.evaluation.comparison import Comparison
from nba_pipeline.models.baselines import skip_forecast
from nba_pipeline.models.samples.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
from nba_pipeline.tuning.fusion_search import CHOOSING_SHARE, SPACE, TODAY, FusionScorer, FusionSearch, _parts, search_fusion
from nba_pipeline.tuning.search_space import lies_in, read_space
from nba_pipeline.tuning.trials import Trial
from nba_pipeline.warehouse.store import Warehouse

SEASONS = ("2019-20", "2020-21", "2021-22")


def test_today_s_settings_lie_in_the_space():
    assert lies_in(read_space(SPACE), TODAY)


def test_the_last_season_is_held_out_behind_a_gap(tiny_features: Warehouse):
    data = TrainingData.load(tiny_features, SEASONS)
    searched, held_out = _parts(data)
    days = data.arrays.games["game_date"].to_numpy()
    assert set(data.arrays.games["season"].gather(held_out)) == {"2021-22"}
    assert days[searched].max() < days[held_out].min() - np.timedelta64(7, "D")
    assert (np.diff(days[searched]) >= np.timedelta64(0, "D")).all()


def test_today_s_settings_start_from_the_skip_that_training_fits(tiny_features: Warehouse):
    data = TrainingData.load(tiny_features, SEASONS)
    rows, held_out = _parts(data)
    started = FusionScorer(data, rows, 0, 7, "cpu").forecast(TODAY, rows, held_out)
    part = replace(data, train=rows[: int(len(rows) * (1 - CHOOSING_SHARE))])
    skip = fitted_fusion(skip_instants(part, 7), 7).skip
    rated = skip_forecast(skip, data.arrays.context[held_out], before_tip_off(held_out), data.arrays.expected_total[held_out])
    assert started == pytest.approx(rated[:, 0], abs=1e-6)


def before_tip_off(games: np.ndarray) -> np.ndarray:
    """The state of a game of which nothing is known."""
    return np.tile(np.float32([0, 0, 1, 0]), (len(games), 1))


def test_trials_that_kept_the_start_are_found_by_their_equal_folds():
    scores = ((0.61, 0.66), (0.64, 0.64))
    trials = [
        Trial(0, TODAY, scores, 1.0),
        Trial(1, {**TODAY, "dropout": 0.4}, scores, 1.0),
        Trial(2, TODAY, ((0.61, 0.6), (0.7, 0.6)), 1.0),
    ]
    found = FusionSearch(trials, "2021-22", 0.6, 0.6, Comparison(0.0, 0.0, 0.0, 0.0, 1230, 165), 60.0)
    assert (found.best.number, found.alike) == (0, [0, 1])


def test_a_search_trains_new_nets_and_resumes(tiny_features: Warehouse, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nba_pipeline.tuning.fusion_search._studies", lambda warehouse: tmp_path / "studies.db")
    found = search_fusion(tiny_features, SEASONS[:2], 1, epochs=1, device="cpu")
    assert found.trials[0].params == TODAY and len(found.trials) == 1
    assert all(0.4 < trial.loss < 1.0 for trial in found.trials) and found.held_out.startswith("from 2020-")
    monkeypatch.setattr(FusionScorer, "__call__", lambda *asked: pytest.fail("a finished trial is not trained again"))
    assert search_fusion(tiny_features, SEASONS[:2], 1, epochs=1, device="cpu").trials == found.trials


def test_missing_tables_are_named(tmp_path):
    with pytest.raises(NothingToTrainOnError, match="materialise the features"):
        search_fusion(Warehouse(tmp_path, "simulated"), SEASONS, 1)
