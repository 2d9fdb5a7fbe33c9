import pytest
import torch

from nba_pipeline.models import FusionOutput, MultiTaskLoss

BIG = [0.0, 1e4, -1e4, 1e30, -1e30]


def test_the_parts_are_cross_entropy_and_scaled_huber():
    forecast = FusionOutput(torch.tensor([0.0, 2.0]), torch.tensor([6.0, 36.0]), torch.tensor([200.0, 220.0]))
    parts = MultiTaskLoss()(forecast, torch.tensor([1.0, 0.0]), torch.zeros(2), torch.tensor([218.0, 220.0]))
    assert float(parts.win) == pytest.approx((0.693147 + 2.126928) / 2, abs=1e-5)
    assert float(parts.margin) == pytest.approx((0.5 * 0.25 + 2.5) / 2)
    assert float(parts.points_total) == pytest.approx(0.5 / 2)
    assert float(parts.total) == pytest.approx(float(parts.win + parts.margin + parts.points_total))


def test_weights_multiply_the_parts():
    forecast = FusionOutput(torch.zeros(1), torch.tensor([12.0]), torch.tensor([18.0]))
    parts = MultiTaskLoss(weights=(0.0, 2.0, 4.0))(forecast, torch.ones(1), torch.zeros(1), torch.zeros(1))
    assert float(parts.total) == pytest.approx(2 * 0.5 + 4 * 0.5)


@pytest.mark.parametrize("learnable", [False, True])
@pytest.mark.parametrize("value", BIG)
@pytest.mark.parametrize("won", [0.0, 1.0])
def test_loss_and_gradient_are_finite_at_extreme_inputs(learnable: bool, value: float, won: float):
    logit, margin, total = (torch.tensor([value], requires_grad=True) for _ in range(3))
    parts = MultiTaskLoss(learnable=learnable)(FusionOutput(logit, margin, total), torch.tensor([won]), torch.zeros(1), torch.zeros(1))
    parts.total.backward()
    assert all(torch.isfinite(part) for part in parts)
    assert all(torch.isfinite(one.grad).all() for one in (logit, margin, total))


def test_learnable_weights_start_at_the_plain_sum_and_turn_down_the_noisier_task():
    loss = MultiTaskLoss(learnable=True)
    forecast = FusionOutput(torch.zeros(1), torch.tensor([120.0]), torch.zeros(1))
    truth = torch.ones(1), torch.zeros(1), torch.zeros(1)
    assert loss(forecast, *truth).total.item() == pytest.approx(MultiTaskLoss()(forecast, *truth).total.item())
    optimizer = torch.optim.SGD(loss.parameters(), lr=0.05)
    for _ in range(50):
        optimizer.zero_grad()
        loss(forecast, *truth).total.backward()
        optimizer.step()
    assert loss.log_variance[1] > loss.log_variance[0]
    assert loss.log_variance[1] > 1 > 0 > loss.log_variance[2]
