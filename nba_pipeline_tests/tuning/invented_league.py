"""A league of another sport: ten clubs of known strength, a double round and a half a season, no draws."""

from datetime import date, timedelta

import numpy as np
import polars as pl

CLUBS = 10
HOME_EDGE = 2.0
SPREAD, NOISE = 4.0, 6.0


def invented_games(seasons: int = 4, rounds: int = 4, seed: int = 3) -> pl.DataFrame:
    """Columns date, home, away, home_score, away_score, p (the truth); one round a week-end, strength drifts over the summer."""
    rng = np.random.default_rng(seed)
    strength, rows = rng.normal(0, SPREAD, CLUBS), []
    for season in range(seasons):
        strength = 0.8 * strength + rng.normal(0, 0.6 * SPREAD, CLUBS)
        day = date(2015 + season, 9, 1)
        for turn in range(rounds):
            for one in range(CLUBS - 1):
                day += timedelta(days=3)
                order = [0, *np.roll(np.arange(1, CLUBS), one)]
                pairs = [(order[k], order[CLUBS - 1 - k]) for k in range(CLUBS // 2)]
                rows += [_game(rng, strength, day, *(pair if turn % 2 else pair[::-1])) for pair in pairs]
    return pl.DataFrame(rows, orient="row", schema=["date", "home", "away", "home_score", "away_score"])


def _game(rng: np.random.Generator, strength: np.ndarray, day: date, home: int, away: int) -> tuple:
    margin = 0
    while margin == 0:
        margin = round(strength[home] - strength[away] + HOME_EDGE + rng.normal(0, NOISE))
    return day, f"club {home}", f"club {away}", 30 + max(margin, 0), 30 + max(-margin, 0)
