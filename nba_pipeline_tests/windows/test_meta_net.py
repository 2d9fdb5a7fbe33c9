"""The meta-learner's weights: non-negative, over those that may speak, and never padded."""

from typing import Any

import pytest
import torch

from nba_pipeline.features.era_form import FEATURES
from nba_pipeline.windows.config import Components, MetaConfig
from nba_pipeline.windows.memory import TOKEN
from nba_pipeline.windows.meta_net import UNKNOWN_PLAYER, MetaBatch, MetaNet, WindowWeights

WINDOWS, ROWS, GAMES = 6, 5, 4
NOTHING = Components(residual_correction=False, player_embeddings=False, temporal_memory=False)


def batch(**given: Any) -> MetaBatch:
    torch.manual_seed(1)
    age = torch.arange(WINDOWS, 0, -1).float().expand(ROWS, -1).clone()
    usual = {
        "forecasts": torch.rand(ROWS, WINDOWS, 4),
        "age": age,
        "learned": torch.full((ROWS, WINDOWS), 30_000.0),
        "fallback": torch.rand(ROWS, 4),
        "features": torch.randn(ROWS, len(FEATURES)),
        "player": torch.arange(ROWS),
        "memory": torch.randn(ROWS, GAMES, TOKEN),
    }
    return MetaBatch(**{**usual, **given})


def net(parts: Components = NOTHING) -> MetaNet:
    torch.manual_seed(2)
    config = MetaConfig(width=8, memory_games=GAMES, components=parts)
    made = MetaNet(WINDOWS, torch.zeros(len(FEATURES)), torch.ones(len(FEATURES)), ROWS, config).eval()
    for name, values in made.named_parameters():
        if name.startswith(("corrected", "identity", "recalled")):
            torch.nn.init.normal_(values)
    return made


def test_weights_are_shares_of_those_that_may_speak():
    known = torch.ones(ROWS, WINDOWS, 4, dtype=torch.bool)
    known[:, 4:] = False
    known[0, :, 3] = False
    weights = WindowWeights(WINDOWS)(known, batch().age, batch().learned)
    assert (weights >= 0).all() and (weights[~known] == 0).all()
    sums = weights.sum(1)
    assert torch.allclose(sums[1:], torch.ones(ROWS - 1, 4)) and sums[0, 3] == 0
    assert (weights[1, 3] > weights[1, 0]).all(), "newer windows weigh more from the start"


def test_a_masked_window_is_left_out_not_filled_in():
    whole = batch()
    forecasts, age, learned = whole.forecasts.clone(), whole.age.clone(), whole.learned.clone()
    forecasts[:, 2], age[:, 2], learned[:, 2] = torch.nan, torch.nan, torch.nan
    base, _, spread = net().base(batch(forecasts=forecasts, age=age, learned=learned))
    weights = net().weights(torch.isfinite(forecasts), age, learned)
    kept = [0, 1, 3, 4, 5]
    assert torch.allclose(base, (weights[:, kept] * forecasts[:, kept]).sum(1))
    assert torch.isfinite(spread).all()
    low, high = forecasts[:, kept].amin(1), forecasts[:, kept].amax(1)
    assert ((base >= low - 1e-6) & (base <= high + 1e-6)).all(), "a mean lies between its parts"


def test_a_target_without_any_window_falls_back():
    forecasts = batch().forecasts.clone()
    forecasts[1, :, 2] = torch.nan
    base, _, _ = net().base(batch(forecasts=forecasts))
    assert base[1, 2] == batch().fallback[1, 2] and base[1, 1] != batch().fallback[1, 1]


@pytest.mark.parametrize("part", list(Components.model_fields))
def test_each_part_says_something_and_can_be_switched_off(part: str):
    only = Components(**{**NOTHING.model_dump(), part: True})
    base, _, _ = net().base(batch())
    assert torch.equal(net()(batch()), base)
    assert not torch.allclose(net(only)(batch()), base)


def test_newcomers_share_one_embedding():
    made = net(Components(**{**NOTHING.model_dump(), "player_embeddings": True}))
    same = batch(forecasts=torch.ones(ROWS, WINDOWS, 4), player=torch.tensor([UNKNOWN_PLAYER, UNKNOWN_PLAYER, 3, 4, 5]))
    answer = made(same)
    assert torch.equal(answer[0], answer[1]) and not torch.allclose(answer[0], answer[2])


def test_someone_without_a_past_leaves_the_memory_silent():
    made = net(Components(**{**NOTHING.model_dump(), "temporal_memory": True}))
    memory = batch().memory.clone()
    memory[0] = torch.nan
    memory[1, :2] = torch.nan
    answer, base = made(batch(memory=memory)), made.base(batch())[0]
    assert torch.isfinite(answer).all()
    assert torch.allclose(answer[0], base[0] + made.recalled.bias)
    longer = torch.cat([torch.full((ROWS, 0, TOKEN), torch.nan), memory], dim=1)
    assert torch.equal(made(batch(memory=longer)), answer)
