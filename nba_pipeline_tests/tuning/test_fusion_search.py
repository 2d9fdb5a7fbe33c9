"""The net's knobs are searched on games before the last block, and the block decides nothing."""

import numpy as np
import pytest

from nba_pipeline.models.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.tuning.fusion_search import SPACE, TODAY, FusionScorer, _parts, search_fusion
from nba_pipeline.tuning.search_space import lies_in, read_space
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


def test_a_search_trains_new_nets_and_resumes(tiny_features: Warehouse, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nba_pipeline.tuning.fusion_search._studies", lambda warehouse: tmp_path / "studies.db")
    found = search_fusion(tiny_features, SEASONS, 1, epochs=1, device="cpu")
    assert found.trials[0].params == TODAY and len(found.trials) == 1
    assert all(0.4 < trial.loss < 1.0 for trial in found.trials) and found.difference.games == 60
    monkeypatch.setattr(FusionScorer, "__call__", lambda *asked: pytest.fail("a finished trial is not trained again"))
    assert search_fusion(tiny_features, SEASONS, 1, epochs=1, device="cpu").trials == found.trials


def test_missing_tables_are_named(tmp_path):
    with pytest.raises(NothingToTrainOnError, match="materialise the features"):
        search_fusion(Warehouse(tmp_path, "simulated"), SEASONS, 1)
