from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.evaluation.betting import SMALLEST_EDGE, simulate_bets


def games(p_true: np.ndarray, p_said: np.ndarray, margin: float = 0.045, seed: int = 0) -> pl.DataFrame:
    """Games at prices that know the truth and keep a share for the bookmaker."""
    rng = np.random.default_rng(seed)

    def american(p: np.ndarray) -> np.ndarray:
        implied = np.clip(p * (1 + margin), 0.02, 0.98)
        return np.where(implied > 0.5, -100 * implied / (1 - implied), 100 * (1 - implied) / implied)

    days = [date(2021, 10, 19) + timedelta(days=i // 8) for i in range(len(p_true))]
    return pl.DataFrame(
        {
            "game_id": [f"{i:05}" for i in range(len(p_true))], "game_date": days, "home_win": rng.random(len(p_true)) < p_true,
            "p_home_win": p_said, "home_moneyline": american(p_true), "away_moneyline": american(1 - p_true),
        }
    )  # fmt: skip


P = np.random.default_rng(1).uniform(0.2, 0.8, 6000)


def test_whoever_knows_no_more_than_the_price_makes_no_bet():
    assert simulate_bets(games(P, P)).bets == 0


def test_a_noisy_forecast_pays_the_bookmaker():
    noisy = np.clip(P + np.random.default_rng(2).normal(0, 0.1, len(P)), 0.02, 0.98)
    found = simulate_bets(games(P, noisy))
    assert found.bets > 1000 and found.high < 0.02 and found.return_on_stake == pytest.approx(-0.043, abs=0.04)
    assert found.kelly_bankroll < 0.5 and 0.5 < found.kelly_drawdown <= 1


def test_a_forecast_that_knows_more_than_the_price_wins():
    price = np.clip(P + np.random.default_rng(3).normal(0, 0.1, len(P)), 0.1, 0.9)
    rows = games(P, P).with_columns(games(price, P).select("home_moneyline", "away_moneyline"))
    found = simulate_bets(rows)
    assert found.low > 0 and found.kelly_bankroll > 1


def test_one_bet_is_settled_at_its_price():
    days, odds = pl.Series([date(2022, 1, 1), date(2022, 1, 2)]), {"home_moneyline": 150.0, "away_moneyline": -180.0}
    prices = {name: pl.lit(price) for name, price in odds.items()}
    row = games(np.array([0.5, 0.5]), np.array([0.6, 0.5])).with_columns(home_win=pl.lit(True), game_date=days, **prices)
    found = simulate_bets(row)
    assert (found.games, found.bets, found.won) == (2, 2, 2) and found.profit == pytest.approx(3.0)
    assert simulate_bets(row.with_columns(p_home_win=pl.lit((1 + SMALLEST_EDGE) / 2.5 - 1e-6))).bets == 0


def test_games_without_a_price_are_left_out():
    found = simulate_bets(games(P, P).with_columns(home_moneyline=pl.lit(None, pl.Float64)))
    assert (found.games, found.bets, found.return_on_stake) == (0, 0, 0.0)
