import pytest
import torch
from torch import Tensor

from nba_pipeline.models import GameFlowTransformer
from nba_pipeline_tests.models.batches import random_sequences


@pytest.mark.parametrize("pooling", ["cls", "mean"])
@pytest.mark.parametrize("games", [0, 1, 5])
def test_one_vector_per_sequence(pooling: str, games: int):
    assert GameFlowTransformer(pooling=pooling)(*random_sequences(games)).shape == (games, 128)


def test_a_sequence_of_the_pregame_token_alone_works():
    flow = GameFlowTransformer(max_len=51)(
        torch.tensor([[14]]), torch.ones(1, 1), torch.zeros(1, 1), torch.zeros(1, 1, 20), torch.zeros(1, 1, dtype=torch.bool)
    )
    assert torch.isfinite(flow).all()


def test_parameter_count_is_about_two_hundred_thousand():
    assert 180_000 < sum(weight.numel() for weight in GameFlowTransformer().parameters()) < 220_000


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_what_stands_in_the_padding_is_never_read(pooling: str):
    net = GameFlowTransformer(pooling=pooling).eval()
    events, times, scores, lineups, mask = random_sequences(8, length=12)
    assert mask.any()
    garbage = [
        torch.where(mask, 13, events),
        times.masked_fill(mask, torch.nan),
        scores.masked_fill(mask, 1e9),
        lineups.masked_fill(mask[..., None], torch.inf),
    ]
    assert torch.equal(net(events, times, scores, lineups, mask), net(*garbage, mask))


@pytest.mark.parametrize("pooling", ["cls", "mean"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_changes_nothing_on_either_side(pooling: str, side: str):
    net = GameFlowTransformer(pooling=pooling).eval()
    events, times, scores, lineups, _ = random_sequences(3, length=7)
    bare = net(events.clamp_min(1), times, scores, lineups, torch.zeros(3, 7, dtype=torch.bool))

    def padded(values: Tensor) -> Tensor:
        padding = torch.zeros(3, 5, *values.shape[2:], dtype=values.dtype)
        return torch.cat([padding, values] if side == "left" else [values, padding], dim=1)

    mask = padded(torch.ones(3, 7)) == 0
    torch.testing.assert_close(
        net(padded(events.clamp_min(1)), padded(times), padded(scores), padded(lineups), mask), bare, rtol=0, atol=1e-5
    )


def test_the_order_of_events_matters():
    net = GameFlowTransformer().eval()
    events, times, scores, lineups, _ = random_sequences(1, length=6)
    mask = torch.zeros(1, 6, dtype=torch.bool)
    there, back = (net(events.clamp_min(1)[:, order], times, scores, lineups, mask) for order in (slice(None), [5, 4, 3, 2, 1, 0]))
    assert not torch.allclose(there, back, atol=1e-4)


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_gradients_reach_every_weight_and_every_token(pooling: str):
    net = GameFlowTransformer(pooling=pooling)
    _, times, scores, lineups, _ = random_sequences(4, length=14, seed=1)
    every_token = torch.arange(1, 15).expand(4, 14)
    weights = torch.randn(128)
    (net(every_token, times, scores, lineups, torch.zeros(4, 14, dtype=torch.bool)) @ weights).square().sum().backward()
    for name, weight in net.named_parameters():
        if name == "cls" and pooling == "mean":
            continue
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name
    assert (net.event.weight.grad[1:].abs().sum(1) > 0).all()
    assert (net.event.weight.grad[0] == 0).all()


def test_a_tensor_of_another_type_or_shape_is_caught_in_tests():
    events, times, scores, lineups, mask = random_sequences(2, length=4)
    for wrong in ((events.float(), times, mask), (events, times[:, :3], mask), (events, times, mask[:1])):
        with pytest.raises(TypeError, match="Type-check error"):
            GameFlowTransformer()(wrong[0], wrong[1], scores, lineups, wrong[2])
