"""The simple forecasts that the net has to beat, all with one face: `fit(instants)`, `predict(instants)`.

A forecast is an array (rows, 3): P(home win), margin, total. What does not belong here: scoring (`evaluation`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from nba_pipeline.models.nets.target_scales import MARGIN_SCALE
from nba_pipeline.models.samples.instants import INSTANTS, MINUTES, PREGAME, InstantTable

if TYPE_CHECKING:
    from sklearn.linear_model import LinearRegression, LogisticRegression

P_FLOOR = 1e-4

BOOSTING = {
    "learning_rate": 0.03, "num_leaves": 8, "min_data_in_leaf": 100, "feature_fraction": 0.5, "lambda_l2": 10.0,
    "deterministic": True, "force_row_wise": True, "num_threads": 2, "verbosity": -1,
}  # fmt: skip
"""Parameters of LightGBM."""


class Baseline(Protocol):
    """A forecaster of named instants."""

    name: str

    def fit(self, instants: InstantTable) -> Self:
        """Learns from games that are all before those of `predict`."""
        ...

    def predict(self, instants: InstantTable) -> np.ndarray:
        """(rows, 3): P(home win), margin, total."""
        ...


@dataclass
class HomeRate:
    """The share of games that home teams won, their mean margin and mean total: what any model must beat."""

    name: str = "home_rate"

    def fit(self, instants: InstantTable) -> Self:
        """See `Baseline`."""
        before = instants.where(instants.name == PREGAME)
        self._forecast = np.array([before.home_win.mean(), before.margin.mean(), before.total.mean()])
        return self

    def predict(self, instants: InstantTable) -> np.ndarray:
        """See `Baseline`."""
        return np.tile(self._forecast, (len(instants), 1))


@dataclass
class ScoreAndPrior:
    """Score so far plus a margin known before tip-off, linear at each instant: the classic floor.

    Before tip-off nothing is fitted: it is the rating's own probability, margin and total, which is also what a version serves of it.

    Args:
        name: of the baseline.
        prior: which rating gives margin and, before tip-off, the probability: `elo` or `rating`.
        total: which rating gives the expected total, if any; else the points so far do, and before tip-off the mean of the training games.
    """

    name: str
    prior: str
    total: str = ""
    _models: dict[str, tuple[LogisticRegression, LinearRegression, LinearRegression]] = field(default_factory=dict, init=False)

    def fit(self, instants: InstantTable) -> Self:
        """See `Baseline`."""
        from sklearn.linear_model import LinearRegression, LogisticRegression

        self._mean_total = instants.total[instants.name == PREGAME].mean() if PREGAME in instants.name else np.nan
        for name in np.intersect1d((*INSTANTS[1:], *MINUTES), instants.name):
            rows = instants.where(instants.name == name)
            lead, points = self._inputs(rows)
            win = LogisticRegression(C=1e6, max_iter=1000).fit(lead / MARGIN_SCALE, rows.home_win)
            self._models[str(name)] = win, LinearRegression().fit(lead, rows.margin), LinearRegression().fit(points, rows.total)
        return self

    def predict(self, instants: InstantTable) -> np.ndarray:
        """See `Baseline`."""
        forecast = np.zeros((len(instants), 3))
        for name in np.unique(instants.name):
            chosen = instants.name == name
            said = self._before(instants.where(chosen)) if name == PREGAME else self._within(str(name), instants.where(chosen))
            forecast[chosen] = np.stack(said, axis=1)
        return clipped(forecast)

    def _before(self, rows: InstantTable) -> tuple[np.ndarray, ...]:
        total = rows.prior(f"{self.total}_total") if self.total else np.full(len(rows), self._mean_total)
        return rows.prior(f"{self.prior}_p_home_win"), rows.prior(f"{self.prior}_margin"), total

    def _within(self, name: str, rows: InstantTable) -> tuple[np.ndarray, ...]:
        lead, points = self._inputs(rows)
        win, margin, total = self._models[name]
        return win.predict_proba(lead / MARGIN_SCALE)[:, 1], margin.predict(lead), total.predict(points)

    def _inputs(self, rows: InstantTable) -> tuple[np.ndarray, np.ndarray]:
        lead = np.stack([rows.state[:, 0], rows.prior(f"{self.prior}_margin")], axis=1).astype(np.float64)
        prior_total = rows.prior(f"{self.total}_total") if self.total else np.zeros(len(rows))
        return lead, np.stack([rows.state[:, 1], prior_total], axis=1).astype(np.float64)


@dataclass
class RidgeOnContext:
    """Ridge on the 32 context numbers before tip-off and the in-game formula after it: the skip of the fusion net, alone."""

    skip: Any
    name: str = "ridge"

    def fit(self, instants: InstantTable) -> Self:
        """See `Baseline`."""
        return self

    def predict(self, instants: InstantTable) -> np.ndarray:
        """See `Baseline`."""
        return skip_forecast(self.skip, instants.context, instants.state, instants.prior("rating_total"))


@dataclass
class Boosting:
    """LightGBM on context and state, one model per target, over all instants; deterministic.

    Margin and total are learned as what is still to come, so that trees need not copy the score.

    Args:
        rounds: trees of each model.
        seed: of the feature sampling.
    """

    name: str = "boosting"
    rounds: int = 150
    seed: int = 0

    def fit(self, instants: InstantTable) -> Self:
        """See `Baseline`."""
        import lightgbm

        x, rest = self._inputs(instants), (instants.margin - instants.state[:, 0], instants.total - instants.state[:, 1])

        def trained(target: np.ndarray, objective: str) -> Any:
            data = lightgbm.Dataset(x, target, params={"verbosity": -1})
            return lightgbm.train({**BOOSTING, "seed": self.seed, "objective": objective}, data, num_boost_round=self.rounds)

        self._models = (trained(instants.home_win, "binary"), *(trained(one, "regression") for one in rest))
        return self

    def predict(self, instants: InstantTable) -> np.ndarray:
        """See `Baseline`."""
        x = self._inputs(instants)
        said = np.stack([model.predict(x) for model in self._models], axis=1)
        said[:, 1:] += instants.state[:, :2]
        return clipped(said)

    def _inputs(self, instants: InstantTable) -> np.ndarray:
        lead, points, left, overtime = instants.state.T
        expected = instants.prior("rating_total")
        return np.column_stack([instants.context, lead, points, left, overtime, expected * left, lead / np.sqrt(left + 0.02)])


def skip_forecast(skip: Any, context: np.ndarray, state: np.ndarray, expected_total: np.ndarray) -> np.ndarray:
    """What a `LinearSkip` says by itself, (rows, 3): P(home win), margin, total.

    Args:
        skip: fitted.
        context: (rows, context).
        state: (rows, 4).
        expected_total: (rows,) points.
    """
    import torch

    with torch.inference_mode():
        said = skip(torch.from_numpy(context), torch.from_numpy(state), torch.from_numpy(expected_total).float())
    return clipped(torch.stack([torch.sigmoid(said[0]), *said[1:]], dim=1).double().numpy())


def clipped(forecast: np.ndarray) -> np.ndarray:
    """The forecast with its probability kept away from 0 and 1."""
    forecast[:, 0] = np.clip(forecast[:, 0], P_FLOOR, 1 - P_FLOOR)
    return forecast


def fitted_baselines(train: InstantTable, skip: Any) -> list[Baseline]:
    """Every baseline, fitted on the training instants."""
    baselines: list[Baseline] = [
        HomeRate(),
        ScoreAndPrior("elo", prior="elo"),
        ScoreAndPrior("rating", prior="rating", total="rating"),
        RidgeOnContext(skip),
        Boosting(),
    ]
    return [baseline.fit(train) for baseline in baselines]
