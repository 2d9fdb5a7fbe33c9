"""From a rating difference to a win probability and a margin: two small regressions, refitted every month on earlier games.

Raw Elo is overconfident, and a second night in a row costs something; both are learned here. What does not belong here: the
ratings themselves (`elo`).
"""

import numpy as np
import polars as pl

from nba_pipeline.features.asof import walk_dates

ELO_PER_POINT = 28.0
"""Rating points that make one point of margin, until the games say otherwise."""

PRIOR_WEIGHT = 10.0
"""Pull of the refit towards the classic curve, on the scale of games' information; gone after a few hundred games."""

NEWTON_STEPS = 8


def refit_monthly(rated: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Adds elo_margin and p_home_win, with weights learned from games before the first game day of each month."""
    played = rated.join(
        results.select("game_id", _points=pl.col("home_points") - pl.col("away_points")), on="game_id", maintain_order="left"
    )
    months = rated.select("game_date", month=pl.col("game_date").dt.truncate("1mo")).group_by("month", maintain_order=True)
    design, margin, answers = np.empty((0, 4)), np.empty(0), []
    for night in walk_dates(months.agg(pl.col("game_date").min()), played):
        design = np.vstack([design, _design(night.news)])
        margin = np.concatenate([margin, night.news["_points"].cast(pl.Float64).to_numpy()])
        games = rated.filter(pl.col("game_date").dt.truncate("1mo") == night.targets["month"][0])
        answers.append(_forecast(games, design, margin))
    return pl.concat(answers)


def _design(games: pl.DataFrame) -> np.ndarray:
    """Columns (games, 4): constant, rating difference with the home edge in units of 400, the two second-night flags."""
    difference = (games["home_elo"] + games["home_edge"] - games["away_elo"]).to_numpy() / 400
    return np.column_stack([np.ones(games.height), difference, games["home_second_night"], games["away_second_night"]])


def _forecast(games: pl.DataFrame, design: np.ndarray, margin: np.ndarray) -> pl.DataFrame:
    now = _design(games)
    log_odds = (now * fit_logistic(design, margin > 0)).sum(axis=1)
    return games.with_columns(p_home_win=1 / (1 + np.exp(-log_odds)), elo_margin=(now * fit_margin(design, margin)).sum(axis=1))


def fit_logistic(design: np.ndarray, won: np.ndarray) -> np.ndarray:
    """Weights (4,) of P(home win), by Newton's method, drawn towards the classic Elo curve; that curve itself without games."""
    classic = np.array([0.0, np.log(10), 0.0, 0.0])
    weights = classic
    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (won - p) - PRIOR_WEIGHT * (weights - classic)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + PRIOR_WEIGHT * np.eye(4)
        weights = weights + np.linalg.solve(curvature, slope)
    return weights


def fit_margin(design: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Weights (4,) of the home margin in points: ridge towards `ELO_PER_POINT` rating points a point."""
    classic = np.array([0.0, 400 / ELO_PER_POINT, 0.0, 0.0])
    return classic + np.linalg.solve(design.T @ design + PRIOR_WEIGHT * np.eye(4), design.T @ (margin - design @ classic))
