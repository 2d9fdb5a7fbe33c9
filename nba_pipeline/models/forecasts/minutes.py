"""Forecasts of every minute of a game next to the two that must be beaten there: the linear floor and the smooth formula.

What does not belong here: scoring them (`evaluation/minutes.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from scipy.stats import norm

from nba_pipeline.models.baselines import Baseline, RidgeOnContext, ScoreAndPrior, clipped
from nba_pipeline.models.forecasts.held_out import beside_baselines, forecast
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.nets.in_game_skip import LEAD_DECAY, PRIOR_POWER, PRIOR_WEIGHT, SPREAD, SPREAD_FLOOR
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.instants import InstantTable, minute_instants

FLOOR, FORMULA = "floor", "formula"

KNOT_MINUTES = (0, 12, 24, 36, 48)
LEAD_KEPT, PRIOR_LEFT = (0.54, 0.63, 0.73, 0.82, 1.0), (1.0, 0.78, 0.56, 0.27, 0.0)
"""Final margin = kept · lead + left · pre-game margin, measured at minutes 12, 24 and 36 of 2013-14 .. 2019-20; linear between."""


@dataclass
class SmoothFormula:
    """The published formula with its own constants, on the pre-game margin and total of a skip: nothing is fitted.

    P = Φ((diff (1 - .277 s) + 1.503 m s^.811) / (16.9 √(s + .0155))), margin as in `LEAD_KEPT` and `PRIOR_LEFT`, total = points so
    far + s · pre-game total.

    Args:
        skip: gives the pre-game margin m and total.
    """

    skip: Any
    name: str = FORMULA

    def fit(self, instants: InstantTable) -> Self:
        """See `Baseline`."""
        return self

    def predict(self, instants: InstantTable) -> np.ndarray:
        """See `Baseline`."""
        margin, total = self._pregame(instants)
        lead, points, left = instants.state[:, :3].T.astype(np.float64)
        probit = (lead * (1 - LEAD_DECAY * left) + PRIOR_WEIGHT * margin * left**PRIOR_POWER) / (SPREAD * np.sqrt(left + SPREAD_FLOOR))
        minute = 48 * (1 - left)
        kept, prior_left = (np.interp(minute, KNOT_MINUTES, values) for values in (LEAD_KEPT, PRIOR_LEFT))
        return clipped(np.stack([norm.cdf(probit), kept * lead + prior_left * margin, points + left * total], axis=1))

    def _pregame(self, instants: InstantTable) -> tuple[np.ndarray, np.ndarray]:
        import torch

        with torch.inference_mode():
            said = self.skip.pregame(torch.from_numpy(instants.context), torch.from_numpy(instants.prior("rating_total")).float())
        return said[0].double().numpy(), said[1].double().numpy()


def minute_baselines(train: InstantTable, skip: Any) -> list[Baseline]:
    """The floor, fitted minute by minute on score, Elo and expected total, and the formula.

    Args:
        train: of `minute_instants`, games before those that will be forecast.
        skip: fitted on the same games or earlier ones.
    """
    baselines: list[Baseline] = [ScoreAndPrior(FLOOR, prior="elo", total="rating"), SmoothFormula(skip)]
    return [baseline.fit(train) for baseline in baselines]


def minute_predictions(
    net: GameNet, arrays: GameArrays, train: np.ndarray, test: np.ndarray, priors: pl.DataFrame, *, only_skip: bool = False
) -> pl.DataFrame:
    """Forecasts of every minute of the games at `test` that have plays, net and baselines: what `evaluation.minutes` scores.

    Args:
        net: whose skip, at least, is fitted.
        arrays: the games.
        train: positions of the games to fit the floor on, all before those of `test`.
        test: positions of the games to forecast.
        priors: what the ratings said (`training_data.read_priors`).
        only_skip: leave out what the nets add to the skip, and their time.

    Returns:
        As `held_out_predictions`, and `minute`, 0 to 47.
    """
    skip: Any = net.fusion.skip
    baselines, instants = minute_baselines(minute_instants(arrays, train, priors), skip), minute_instants(arrays, test, priors)
    said = RidgeOnContext(skip).predict(instants) if only_skip else forecast(net, arrays, instants.game, instants.known)
    rows = beside_baselines(said, baselines, arrays, instants)
    return rows.with_columns(minute=pl.col("instant").str.slice(1).cast(pl.Int32))
