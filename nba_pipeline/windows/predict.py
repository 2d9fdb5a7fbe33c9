"""Forecasts of the meta-learner in use, for any player and any game of any era.

What it looks at is of earlier dates, and every window that speaks has learned from earlier seasons; the meta-learner itself has learned
from everything up to its last date. A forecast of that date or before is hindsight, and says so. What does not belong here: who plays
(`candidates.py`), what would have been known (`backtest.py`).
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features.era_form import ASKED, TARGETS, rows_of
from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.forecasts import forecast_rows
from nba_pipeline.windows.meta_files import MetaStore
from nba_pipeline.windows.meta_fitting import Meta, gather
from nba_pipeline.windows.meta_training import window_store
from nba_pipeline.windows.rows import as_rows
from nba_pipeline.windows.window_files import windows_root
from nba_pipeline.windows.window_model import WindowModel

CAREER_SEASONS = 24
"""Seasons back in which careers are looked for; nobody has played longer."""


class Forecaster:
    """The meta-learner in use and its windows, loaded once.

    Args:
        warehouse: tables and, beside them, windows and meta-learner.

    Raises:
        ArtifactError: there is none, something is damaged, or a window is newer than the meta-learner.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.meta: Meta = MetaStore(windows_root(warehouse.root)).load()
        store = window_store(warehouse)
        self._models: list[WindowModel] = [store.load(name) for name in self.meta.windows]

    def predict(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Forecasts of games, from box lines of earlier dates.

        Args:
            asked: `era_form.ASKED`: whose, which game, when and against whom; the games need not have been played.

        Returns:
            The rows in their order with one column a target, in counts a game; `fallback`: no window spoke, so that the moving average
            did, corrected like any other; `hindsight`: the meta-learner has learned from games of this date or later ones. A target that
            the league did not keep yet is null.
        """
        if asked.is_empty():
            return asked.with_columns(
                *(pl.lit(None, pl.Float64).alias(name) for name in TARGETS), fallback=pl.lit(False), hindsight=pl.lit(False)
            )
        lines = self._warehouse.read("era_lines", self._careers(asked["season"].unique().to_list()))
        rows = as_rows(rows_of(asked.select(ASKED), lines))
        forecasts = forecast_rows(self._models, rows)
        counts = self.meta.counts(gather(rows, forecasts, lines, self.meta.config.memory_games))
        return asked.with_columns(
            *(pl.Series(name, counts[:, at], dtype=pl.Float64).fill_nan(None) for at, name in enumerate(TARGETS)),
            fallback=pl.Series(~forecasts.answered),
            hindsight=pl.col("game_date") <= self.meta.learned_through,
        )

    def _careers(self, seasons: Sequence[Season]) -> list[Season]:
        """Seasons that hold the careers of players of some seasons."""
        known = self._warehouse.seasons("era_lines")
        before = [season for season in known if season < min(seasons)][-CAREER_SEASONS:]
        return [*before, *(season for season in known if min(seasons) <= season <= max(seasons))]
