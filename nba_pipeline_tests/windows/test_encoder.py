"""The net of a window: a feature that is not known is masked, never filled in."""

import numpy as np
import pytest
import torch

from nba_pipeline.features.era_form import FEATURES, TARGETS
from nba_pipeline.windows.encoder import AttentiveEncoder, WindowNet

KNOWN = 12


def net(seed: int = 0) -> WindowNet:
    torch.manual_seed(seed)
    made = WindowNet(FEATURES, TARGETS, torch.zeros(len(FEATURES)), torch.ones(len(FEATURES)), torch.ones(4), width=8)
    for layer in (made.heads, made.linear):
        torch.nn.init.normal_(layer.weight)
    return made.eval()


def test_it_starts_as_the_moving_average():
    fresh = WindowNet(FEATURES, TARGETS, torch.zeros(len(FEATURES)), torch.ones(len(FEATURES)), torch.full((4,), 0.7)).eval()
    features = torch.rand(5, len(FEATURES))
    place = [FEATURES.index(f"{target}_ewm_8") for target in TARGETS]
    assert torch.equal(fresh(features), features[:, place])
    assert torch.equal(fresh(torch.full((2, len(FEATURES)), torch.nan)), torch.full((2, 4), 0.7)), "a debut has the usual forecast"


def test_a_missing_feature_gets_no_attention():
    encoder = AttentiveEncoder(KNOWN, width=8).eval()
    values, known = torch.randn(3, KNOWN), torch.ones(3, KNOWN, dtype=torch.bool)
    known[:, 4:] = False
    masked = encoder(values.masked_fill(~known, 0.0), known)
    fewer = AttentiveEncoder(4, width=8).eval()
    with torch.no_grad():  # the same net, built for an era that never kept the others
        fewer.first.weight.copy_(encoder.first.weight[:, :4])
        fewer.first.bias.copy_(encoder.first.bias)
        for old, new in zip(encoder.looks, fewer.looks, strict=True):
            new.weight.copy_(old.weight[:4])  # pyright: ignore
            new.bias.copy_(old.bias[:4])  # pyright: ignore
        for old, new in zip(encoder.sees, fewer.sees, strict=True):
            new.weight.copy_(old.weight[:, :4])  # pyright: ignore
            new.bias.copy_(old.bias)  # pyright: ignore
    assert torch.allclose(masked, fewer(values[:, :4], torch.ones(3, 4, dtype=torch.bool)), atol=1e-6)


def test_rows_do_not_look_at_each_other():
    made, features = net(), torch.randn(6, len(FEATURES))
    features[features > 1] = torch.nan
    assert torch.allclose(made(features)[2:4], made(features[2:4]), atol=1e-6)


def test_nothing_known_is_still_a_number():
    answer = net()(torch.full((2, len(FEATURES)), torch.nan))
    assert np.isfinite(answer.detach().numpy()).all()


@pytest.mark.parametrize("wild", [1e9, -1e9, float("inf")])
def test_one_wild_number_does_not_blow_up_the_rest(wild: float):
    features = torch.zeros(1, len(FEATURES))
    features[0, FEATURES.index("pf_ewm_3")] = wild
    assert torch.isfinite(net()(features)).all() and net()(features).abs().max() < 100
