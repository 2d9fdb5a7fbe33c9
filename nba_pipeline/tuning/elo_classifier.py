"""Elo with the face of a scikit-learn classifier: three numbers, and the ratings that follow from results alone.

The league's production ratings are `features.elo`; these are for any table of games.
"""

from typing import Self

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator, ClassifierMixin

from nba_pipeline.tuning.elo_walk import EloSettings, EloState, edges, walk


class ForecastOfThePastError(ValueError):
    """Elo is asked about games that its ratings already know."""


class EloClassifier(ClassifierMixin, BaseEstimator):
    """P(home win) = 1 / (1 + 10^-(difference + home advantage)/400) from ratings that change with every result.

    `predict_proba` goes on from where `fit` ended and learns from each date of `X` once it has answered for it, as ratings do in a
    season; the fitted ratings themselves stay as they are.

    Args:
        k_factor: size of one update.
        home_advantage: rating points, 0 on a neutral floor.
        mean_reversion: share of the distance from the mean that a summer takes away.
        use_margin: whether a clear win counts more than a narrow one.
    """

    def __init__(
        self, k_factor: float = 20.0, home_advantage: float = 100.0, mean_reversion: float = 0.25, use_margin: bool = True
    ) -> None:
        self.k_factor = k_factor
        self.home_advantage = home_advantage
        self.mean_reversion = mean_reversion
        self.use_margin = use_margin

    def fit(self, X: pl.DataFrame, y: np.ndarray | None = None) -> Self:
        """Rates from the first game on; `y` follows from the margins of `X` and is not read."""
        self.classes_ = np.array([0, 1])
        self.state_ = EloState({})
        walk(self.state_, X, self._settings)
        self.known_through_ = X["game_date"][-1]
        return self

    def predict_proba(self, X: pl.DataFrame) -> np.ndarray:
        """Forecasts games of later dates, in time order.

        Raises:
            ForecastOfThePastError: a game is not after the last that was learned.
        """
        if X.height and X["game_date"][0] <= self.known_through_:
            raise ForecastOfThePastError(
                f"ratings know every result through {self.known_through_} and are asked about {X['game_date'][0]}: ask about later games, "
                "or fit on earlier ones"
            )
        home, away = walk(self.state_.copy(), X, self._settings)
        ahead = np.asarray(home) - np.asarray(away) + edges(X, self._settings).to_numpy()
        p_home = 1 / (1 + 10 ** (-ahead / 400))
        return np.column_stack([1 - p_home, p_home])

    def predict(self, X: pl.DataFrame) -> np.ndarray:
        """1 where the home team is the favourite."""
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)

    @property
    def _settings(self) -> EloSettings:
        return EloSettings(self.k_factor, self.home_advantage, self.mean_reversion, self.use_margin)
