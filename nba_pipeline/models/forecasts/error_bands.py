"""How far a forecast may be off: the half-width of the interval that holds the result four times in five.

Measured on held-out games at the named instants; between them it is linear in the square root of the share of the game left,
as the spread of what is still to come is. What does not belong here: the forecast itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

LEVEL = 0.8
"""Share of results that the interval should hold."""

SHARE_LEFT = {"q4": 0.0, "q3": 0.25, "q2": 0.5, "q1": 0.75, "pregame": 1.0}
"""Share of regulation left at each named instant."""


@dataclass(frozen=True)
class ErrorBands:
    """Half-widths at the share of regulation left of each named instant, from the end of regulation to before tip-off.

    Attributes:
        margin, total: points, one number per instant of `SHARE_LEFT`.

    Example:
        >>> bands = ErrorBands(margin=(0.0, 7.0, 10.0, 12.0, 14.0), total=(0.0, 9.0, 13.0, 16.0, 18.0))
        >>> bands.half_widths(np.array([1.0, 0.25])).tolist()
        [[14.0, 18.0], [7.0, 9.0]]
    """

    margin: Sequence[float]
    total: Sequence[float]

    @classmethod
    def fit(cls, held_out: pl.DataFrame) -> Self:
        """Measures the widths on held-out games.

        Args:
            held_out: one row per game and named instant: instant, margin, total, final_margin, final_total. Games without plays
                have the row before tip-off only; an instant without rows gets the width before tip-off times the root of its share.
        """
        return cls(*(_widths(held_out, name) for name in ("margin", "total")))

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """The opposite of `to_dict`."""
        return cls(margin=tuple(content["margin"]), total=tuple(content["total"]))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for the metadata of a version."""
        return {"level": LEVEL, "margin": list(self.margin), "total": list(self.total)}

    def half_widths(self, share_left: np.ndarray) -> np.ndarray:
        """Half-widths of margin and total, (rows, 2) points, at shares of regulation left (rows,); overtime counts 5 of 48 minutes."""
        knots = np.sqrt(list(SHARE_LEFT.values()))
        root = np.sqrt(np.clip(share_left, 0.0, 1.0))
        return np.stack([np.interp(root, knots, width) for width in (self.margin, self.total)], axis=1)


def _widths(held_out: pl.DataFrame, name: str) -> tuple[float, ...]:
    """Quantiles of the absolute error by instant, never growing while the game goes on."""
    error = held_out.select("instant", error=(pl.col(name) - pl.col(f"final_{name}")).abs())
    found = dict(error.group_by("instant").agg(pl.col("error").quantile(LEVEL, "linear")).iter_rows())
    before = found["pregame"]
    widths = [found.get(instant, before * share**0.5) for instant, share in SHARE_LEFT.items()]
    return tuple(float(width) for width in np.maximum.accumulate(widths))
