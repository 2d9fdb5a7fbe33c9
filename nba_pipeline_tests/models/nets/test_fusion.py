import pytest
import torch

from nba_pipeline.models import MultiTaskLoss, TwoTowerFusion
from nba_pipeline_tests.models.batches import random_batch, small_net


@pytest.mark.parametrize("rows", [0, 1, 7])
@pytest.mark.parametrize("skip", [True, False])
def test_three_numbers_per_row(rows: int, skip: bool):
    batch = random_batch(rows) if rows else None
    context, state = (batch.context, batch.state) if batch else (torch.zeros(0, 32), torch.zeros(0, 4))
    output = TwoTowerFusion(skip=skip)(torch.randn(rows, 128), torch.randn(rows, 128), context, state)
    assert output.win_logit.shape == output.margin.shape == output.total.shape == output.p_home_win.shape == (rows,)


@pytest.mark.parametrize("rows", [1, 6])
def test_the_untrained_net_is_exactly_the_skip(rows: int):
    net, batch = small_net().eval(), random_batch(rows, seed=3)
    forecast, simple = net(batch), net.fusion.skip(batch.context, batch.state)
    for ours, skip in zip((forecast.win_logit, forecast.margin, forecast.total), simple, strict=True):
        assert torch.equal(ours, skip)


def test_without_the_skip_it_starts_from_an_even_game():
    output = TwoTowerFusion(skip=False)(torch.randn(3, 128), torch.randn(3, 128), torch.randn(3, 32))
    assert (output.p_home_win == 0.5).all() and (output.margin == 0).all() and (output.total == 220).all()


def test_no_state_means_before_tip_off():
    net, context = small_net().fusion.eval(), torch.randn(4, 32)
    flow, lineups = torch.randn(4, 128), torch.randn(4, 128)
    before = torch.tensor([[0.0, 0.0, 1.0, 0.0]]).expand(4, 4)
    assert torch.equal(net(flow, lineups, context).margin, net(flow, lineups, context, before).margin)


def test_strange_context_moves_a_forecast_a_bounded_way():
    net = small_net().fusion.eval()
    output = net(torch.zeros(1, 128), torch.zeros(1, 128), torch.full((1, 32), 1e12))
    assert output.margin.abs() < 200


def test_gradients_reach_every_weight_once_the_heads_have_moved():
    net, batch, loss = small_net(), random_batch(12), MultiTaskLoss()
    for head in (net.fusion.win, net.fusion.margin, net.fusion.total):
        torch.nn.init.normal_(head.weight, std=0.1)
    loss(net(batch), batch.home_win, batch.margin, batch.total).total.backward()
    for name, weight in net.named_parameters():
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name


def test_a_game_without_time_left_is_not_corrected():
    net = TwoTowerFusion().eval()
    for head in (net.win, net.margin, net.total):
        torch.nn.init.constant_(head.weight, 1.0)
    over = torch.tensor([[7.0, 213.0, 0.0, 0.0]])
    said = net(torch.randn(1, 128), torch.randn(1, 128), torch.randn(1, 32), over)
    assert (said.margin.item(), said.total.item()) == (7.0, 213.0) and said.p_home_win.item() > 0.99
