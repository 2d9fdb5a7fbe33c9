"""The `rating` forecast: margin, win probability and total from players' ratings over projected minutes, and Elo.

The strongest forecast without a net (docs/methods.md), and a first-class baseline. Its parts are in `player_ratings/`: ratings
and their sums (`sums.py`, of the rows of `stint_ridge.py` and the prior of `box_prior.py`), totals (`totals.py`), regressions
(`season_ridge.py`); this module only puts them together.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features import elo, fatigue, rotation
from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature, whole
from nba_pipeline.features.player_ratings.season_ridge import GameWeights, logistic_of_margin, weighted_ridge
from nba_pipeline.features.player_ratings.sums import BOX, SUMS, RatingRecipe, sum_players
from nba_pipeline.features.player_ratings.totals import TotalRecipe, expected_totals
from nba_pipeline.features.teams.elo_curve import ELO_PER_POINT
from nba_pipeline.league.seasons import Season

PLAYER_SUMS = ("rating", "raw_plus_minus", "usual_minutes")
PARTS = {"from_players": (0, 1, 2), "from_elo": (3,), "from_home_edge": (4,), "from_second_nights": (5, 6)}
"""What the margin is the sum of, and the columns of the design that each part comes from."""

RIDGE_GAMES = 20.0
"""Penalty of the margin's weights, in games."""


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row a game.

    Args:
        history: gives games and player_game_stats from as many earlier seasons as there are, stints where there are plays, and the
            features elo and rotation; what these lack of earlier seasons is built here.
        seasons: seasons whose rows are wanted.

    Returns:
        game_id, season, game_date, rating_margin (expected home margin, points), p_home_win, total (points), and `PARTS`, the points of
        which the margin is made. In the first season of the history margin and probability are Elo's.
    """
    return forecast(history, seasons, rotation.FEATURE)


def forecast(history: History, seasons: Sequence[Season], playing_time: Feature) -> pl.DataFrame:
    """The forecast over any projection of who plays: see `build`.

    Args:
        history: gives also the feature `playing_time`.
        seasons: seasons whose rows are wanted.
        playing_time: a feature with `expected_minutes`, such as `rotation`.
    """
    known = sorted(season for season in history.table("games")["season"].unique() if season <= max(seasons))
    schedule = history.schedule(known)
    sums = sum_players(history, schedule, whole(history, playing_time, known), RatingRecipe())
    elos = whole(history, elo.FEATURE, known).drop("season", "game_date")
    ratings = schedule.join(elos, on="game_id", how="left", maintain_order="left")
    parts, chance = _margins(history, ratings, _design(history, ratings, sums.difference))
    margin, box_sums = parts.sum(axis=1), sums.both[:, [SUMS.index(name) for name in BOX]]
    total = expected_totals(history, schedule, box_sums, margin, TotalRecipe())
    table = schedule.select("game_id", "season", "game_date").with_columns(rating_margin=margin, p_home_win=chance, total=total)
    table = table.with_columns(pl.Series(name, parts[:, column]) for column, name in enumerate(PARTS))
    return table.filter(pl.col("season").is_in(list(seasons)))


def _design(history: History, ratings: pl.DataFrame, difference: np.ndarray) -> np.ndarray:
    """Columns (games, 7): three player sums, Elo and home edge in points, the two back-to-back flags."""
    tired = fatigue.with_rest(history.team_schedule()).select("game_id", "is_home", "back_to_back")
    flags = [
        ratings.join(tired.filter(pl.col("is_home") == home), on="game_id", how="left", maintain_order="left")["back_to_back"]
        for home in (True, False)
    ]
    elo_points = (ratings["home_elo"] - ratings["away_elo"]) / ELO_PER_POINT
    players = difference[:, [SUMS.index(name) for name in PLAYER_SUMS]]
    return np.column_stack([players, elo_points, ratings["home_edge"] / ELO_PER_POINT, *flags])


def _margins(history: History, ratings: pl.DataFrame, design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parts of the expected margin (games, PARTS) and chance of a home win, learned season by season on the seasons before."""
    chance, parts = ratings["p_home_win"].to_numpy().copy(), np.zeros((ratings.height, len(PARTS)))
    parts[:, list(PARTS).index("from_elo")] = ratings["elo_margin"].to_numpy()
    games = GameWeights(ratings, history, "margin")
    for season, target in games.seasons():
        rows, weights = games.training(season)
        if not len(rows):
            continue
        fitted = weighted_ridge(design[rows], games.results[rows], weights, RIDGE_GAMES)
        learned, points = (design[rows] * fitted).sum(axis=1), design[target] * fitted
        constant, per_point = logistic_of_margin(learned, games.results[rows] > 0, weights)
        parts[target] = np.stack([points[:, list(columns)].sum(axis=1) for columns in PARTS.values()], axis=1)
        chance[target] = 1 / (1 + np.exp(-(constant + per_point * parts[target].sum(axis=1))))
    return parts, chance


FEATURE = Feature(
    name="player_rating",
    build=build,
    inputs=("games", "player_game_stats", "stints", "elo", "rotation"),
    key=("game_id",),
    about="margin, win probability and total from players' ratings over projected minutes, and Elo",
)
