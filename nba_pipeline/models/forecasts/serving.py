"""What a version needs beside its nets to be used: which forecast is served before tip-off, how wide its intervals are, the home rate.

Decided once, on the validation games, when a candidate is written. What does not belong here: forecasting (`prediction/forecaster.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from nba_pipeline.evaluation.metrics import log_losses
from nba_pipeline.evaluation.scores import NET
from nba_pipeline.models.forecasts.error_bands import ErrorBands

SERVED = (NET, "ridge", "rating", "elo")
"""Forecasts that a version can make of its own files and the feature tables, in the order in which ties are broken."""


@dataclass(frozen=True)
class Serving:
    """How a version is used.

    Attributes:
        pregame: the forecast served before tip-off, one of `SERVED`: the one with the lowest log loss on the validation games, and so
            not the net where the net is not the best. In the game it is always the net, which starts from the ridge.
        home_rate: share of home wins, mean margin and mean total of the training games.
        bands: half-widths of the 80 % intervals.
    """

    pregame: str
    home_rate: tuple[float, float, float]
    bands: ErrorBands

    @classmethod
    def choose(cls, held_out: pl.DataFrame) -> Self:
        """Decides on held-out games.

        Args:
            held_out: one row per game and named instant: outcome, the net's forecast, and each baseline's with its name appended.
        """
        before = held_out.filter(pl.col("instant") == "pregame")
        won = before["home_win"].cast(pl.Float64).to_numpy()
        losses = {name: log_losses(before[_column("p_home_win", name)].to_numpy(), won).mean() for name in SERVED}
        best = min(SERVED, key=lambda name: (round(float(losses[name]), 6), SERVED.index(name)))
        rate = before.select("p_home_win_home_rate", "margin_home_rate", "total_home_rate").row(0)
        return cls(best, rate, ErrorBands.fit(served(held_out, best)))

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """The opposite of `to_dict`."""
        return cls(content["pregame"], tuple(content["home_rate"]), ErrorBands.from_dict(content["bands"]))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for the metadata of a version."""
        return {"pregame": self.pregame, "home_rate": list(self.home_rate), "bands": self.bands.to_dict()}


def served(forecasts: pl.DataFrame, pregame: str) -> pl.DataFrame:
    """The same rows, with the served forecast in the net's place before tip-off (`play_index` 0)."""
    before = pl.col("play_index") == 0
    return forecasts.with_columns(
        pl.when(before).then(_column(name, pregame)).otherwise(name).alias(name) for name in ("p_home_win", "margin", "total")
    )


def _column(name: str, forecast: str) -> str:
    return name if forecast == NET else f"{name}_{forecast}"


def with_intervals(forecasts: pl.DataFrame, bands: ErrorBands, share_left: Sequence[float] | np.ndarray) -> pl.DataFrame:
    """The same rows with margin_low, margin_high, total_low, total_high; `share_left` of regulation, one number a row."""
    width = bands.half_widths(np.asarray(share_left, float))
    return forecasts.with_columns(
        (pl.col(name) + sign * pl.Series(width[:, column])).alias(f"{name}_{end}")
        for column, name in enumerate(("margin", "total"))
        for end, sign in (("low", -1.0), ("high", 1.0))
    )
