import numpy as np
import pytest
from sklearn.linear_model import Ridge

from nba_pipeline.models.nets.linear_fits import PENALTIES, least_absolute, logistic_of_margin, ridge, weighted_ridge


def test_ridge_equals_sklearn_at_one_of_the_penalties_and_its_held_out_forecasts_are_real():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5))
    y = x[:, 0] + 3 + rng.normal(size=60)
    weights, intercept, held_out = ridge(x, y)
    fits = [Ridge(alpha=penalty).fit(x, y) for penalty in PENALTIES]
    same = next(fit for fit in fits if np.allclose(fit.coef_, weights, atol=1e-8))
    assert intercept == pytest.approx(same.intercept_)
    rest = np.arange(60) != 17
    assert held_out[17] == pytest.approx(Ridge(alpha=same.alpha).fit(x[rest], y[rest]).predict(x[17:18])[0], abs=0.02)


def test_logistic_finds_the_slope():
    rng = np.random.default_rng(1)
    margin = rng.normal(0, 6, 20_000)
    won = rng.random(20_000) < 1 / (1 + np.exp(-(0.2 + 0.16 * margin)))
    assert logistic_of_margin(margin, won) == pytest.approx((0.2, 0.16), abs=0.05)


def test_least_absolute_is_a_median_where_ridge_is_a_mean():
    y = np.array([1.0] * 60 + [11.0] * 40)
    x, prior = np.ones((100, 1)), np.zeros(1)
    assert weighted_ridge(x, y, prior, penalty=1e-6)[0] == pytest.approx(5.0, abs=0.01)
    assert least_absolute(x, y, prior, penalty=1e-6)[0] < 1.5
