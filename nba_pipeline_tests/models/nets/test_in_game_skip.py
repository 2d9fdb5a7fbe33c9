import math

import numpy as np
import pytest
import torch
from scipy.stats import norm

from nba_pipeline.models import LinearSkip


def league(games: int = 1500, seed: int = 0) -> dict[str, np.ndarray]:
    """Games whose margin and total are linear in the context plus noise, each seen before tip-off and at two random instants."""
    rng = np.random.default_rng(seed)
    context = rng.normal(3, 2, (games, 32))
    expected = 2.0 + 3.0 * (context[:, 0] - 3) / 2
    rows = {"context": [], "state": [], "home_win": [], "margin": [], "total": [], "is_pregame": []}
    seconds = rng.uniform(0, 1, (games, 2))
    left = np.concatenate([np.ones((games, 1)), np.sort(seconds)[:, ::-1]], axis=1)
    first = rng.normal(0, 1, (games, 3)) * np.sqrt(np.diff(1 - left, prepend=0.0, append=1.0, axis=1)[:, :3]) * 12
    lead = np.cumsum(first, axis=1) + expected[:, None] * (1 - left)
    lead[:, 0] = 0.0
    margin = lead[:, 2] + expected * left[:, 2] + 12 * np.sqrt(left[:, 2]) * rng.normal(0, 1, games)
    total = 225 + 4 * (context[:, 1] - 3) + 15 * rng.normal(0, 1, games)
    for instant in range(3):
        rows["context"].append(context)
        rows["state"].append(np.stack([lead[:, instant], total * (1 - left[:, instant]), left[:, instant], np.zeros(games)], axis=1))
        for name, values in (("home_win", margin > 0), ("margin", margin), ("total", total), ("is_pregame", np.full(games, instant == 0))):
            rows[name].append(values)
    return {name: np.concatenate(values) for name, values in rows.items()}


@pytest.fixture(scope="module")
def fitted() -> LinearSkip:
    return LinearSkip(32).fit(**league())


def state(difference: float, points: float, left: float, overtime: float = 0.0) -> torch.Tensor:
    return torch.tensor([[difference, points, left, overtime]])


def test_before_tip_off_it_finds_the_lines_behind_margin_and_total():
    skip = LinearSkip(32).fit(**league(games=12_000))
    context = torch.full((1, 32), 3.0)
    context[0, 0], context[0, 1] = 7.0, 5.0
    margin, total = skip.pregame(context)
    assert float(margin) == pytest.approx(8.0, abs=1.0)
    assert float(total) == pytest.approx(233.0, abs=1.5)


def test_the_probability_is_the_published_formula():
    skip, left, lead = LinearSkip(32), 0.4, 7.0
    skip.margin_weights[-1] = margin = 4.0
    skip.win_weights[:] = torch.tensor([0.0, 0.0])
    strength = 16.9 * math.sqrt(1.0155) / 1.503 * norm.ppf(1 / (1 + math.exp(-0.15 * margin)))
    for slope, m in ((0.0, 0.0), (0.15, strength)):
        skip.win_weights[1] = slope
        expected = norm.cdf((lead * (1 - 0.277 * left) + 1.503 * m * left**0.811) / (16.9 * math.sqrt(left + 0.0155)))
        logit, _, _ = skip(torch.zeros(1, 32), state(lead, 100, left))
        assert float(logit.sigmoid()) == pytest.approx(expected, abs=1e-5)
    assert strength == pytest.approx(margin, rel=0.1)


def test_at_tip_off_the_formula_equals_the_logistic_of_the_margin(fitted: LinearSkip):
    context = torch.from_numpy(league(20, seed=5)["context"]).float()
    before = state(0, 0, 1).expand(len(context), 4)
    logit, margin, total = fitted(context, before)
    prior_margin, prior_total = fitted.pregame(context)
    torch.testing.assert_close(logit, fitted.win_weights[0] + fitted.win_weights[1] * prior_margin, rtol=0, atol=1e-3)
    torch.testing.assert_close(margin, prior_margin, rtol=0, atol=1e-3)
    torch.testing.assert_close(total, prior_total, rtol=0, atol=1e-3)


def test_at_the_end_it_is_the_score(fitted: LinearSkip):
    logit, margin, total = fitted(torch.full((1, 32), 3.0), state(7, 221, 0.0))
    assert float(margin) == 7 and float(total) == 221 and float(logit.sigmoid()) > 0.999


def test_a_tie_at_the_end_is_an_overtime_to_come(fitted: LinearSkip):
    context = torch.full((1, 32), 3.0)
    tie, overtime = fitted(context, state(0, 220, 0.0)), fitted(context, state(0, 220, 0.0, 1.0))
    assert [float(a) for a in tie] == [float(b) for b in overtime]
    assert float(tie[2]) > 230 and 0.3 < float(tie[0].sigmoid()) < 0.7


def test_logits_stay_finite_at_extremes(fitted: LinearSkip):
    for difference in (-200.0, 0.0, 200.0):
        for left in (0.0, 1e-6, 1.0):
            for context in (-1e9, 0.0, 1e9):
                assert all(torch.isfinite(part).all() for part in fitted(torch.full((1, 32), context), state(difference, 300, left)))


def test_it_forecasts_other_games_better_than_the_score_alone(fitted: LinearSkip):
    other = league(seed=9)
    logit, margin, total = fitted(torch.from_numpy(other["context"]).float(), torch.from_numpy(other["state"]).float())
    won = torch.from_numpy(other["home_win"]).float()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, won)
    blind = LinearSkip(32)(torch.zeros(len(won), 32), torch.from_numpy(other["state"]).float())
    assert loss < torch.nn.functional.binary_cross_entropy_with_logits(blind[0], won)
    assert np.abs(margin.numpy() - other["margin"]).mean() < np.abs(blind[1].numpy() - other["margin"]).mean()
    assert np.abs(total.numpy() - other["total"]).mean() < np.abs(blind[2].numpy() - other["total"]).mean()


def test_the_total_knows_that_a_decided_game_is_played_out():
    rows = league(4000, seed=2)
    left, lead = rows["state"][:, 2], np.abs(rows["state"][:, 0])
    slower = {**rows, "total": rows["total"] - 0.5 * lead * np.sqrt(left)}
    context, late = torch.full((2, 32), 3.0), torch.tensor([[0.0, 180.0, 0.2, 0.0], [20.0, 180.0, 0.2, 0.0]])
    close, decided = LinearSkip(32).fit(**slower)(context, late)[2].tolist()
    assert close - decided == pytest.approx(0.5 * 20 * math.sqrt(0.2), abs=1.0)


def test_too_few_games_are_refused_with_a_remedy():
    rows = league(5)
    rows["is_pregame"] = np.zeros(15, bool)
    with pytest.raises(ValueError, match="at least two games"):
        LinearSkip(32).fit(**rows)


def test_few_games_and_one_outcome_still_give_a_sane_start():
    rows = league(6)
    skip = LinearSkip(32).fit(**{**rows, "home_win": np.ones(18)})
    assert all(torch.isfinite(weight).all() for weight in skip.state_dict().values())
    assert abs(float(skip.win_weights[1])) < 1
