"""Rows of `era_form` as arrays: features, targets in units of the league's level, and what each target is worth in counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.features.era_form import BASELINES, FEATURES, KEY, TARGETS


@dataclass(frozen=True)
class Rows:
    """What models see of some rows.

    Attributes:
        key: game_id, season, game_date, team_id, player_id, career_games.
        features: (rows, features) float32, NaN where a count was not kept.
        units: targets over the league's level, (rows, 4) float32; NaN where one was not kept, or is not known yet.
        levels: (rows, 4) float32: counts of one unit.
        ewma: the baseline in counts, (rows, 4) float32.
        columns: names of the features.
    """

    key: pl.DataFrame
    features: np.ndarray
    units: np.ndarray
    levels: np.ndarray
    ewma: np.ndarray
    columns: tuple[str, ...] = FEATURES

    def __len__(self) -> int:
        return len(self.features)

    def where(self, chosen: np.ndarray) -> "Rows":
        """Some of the rows: a mask or indices."""
        key = self.key.filter(pl.Series(chosen)) if chosen.dtype == bool else self.key[chosen]
        return Rows(key, self.features[chosen], self.units[chosen], self.levels[chosen], self.ewma[chosen], self.columns)

    @property
    def seasons(self) -> np.ndarray:
        """The season of each row."""
        return self.key["season"].to_numpy()

    @property
    def counts(self) -> np.ndarray:
        """Targets as counts, (rows, 4) float32."""
        return self.units * self.levels


def as_rows(table: pl.DataFrame) -> Rows:
    """Arrays of rows of `era_form`; without its targets those are NaN."""
    names = [name if name in table.columns else None for name in TARGETS]
    counts = np.column_stack([_numbers(table, [name])[:, 0] if name else np.full(table.height, np.nan, np.float32) for name in names])
    levels = _numbers(table, [f"level_{stat}" for stat in TARGETS])
    with np.errstate(divide="ignore", invalid="ignore"):
        units = counts / levels
    units[~np.isfinite(units)] = np.nan
    key = table.select(*KEY, pl.col("career_games"))
    return Rows(key, _numbers(table, FEATURES), units.astype(np.float32), levels, _numbers(table, BASELINES))


def _numbers(table: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    return np.ascontiguousarray(table.select(pl.col(name).cast(pl.Float32).fill_null(float("nan")) for name in columns).to_numpy())
