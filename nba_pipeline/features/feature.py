"""What a feature is: a name, how to build it, and what it reads. The list of all of them is `catalogue.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.league.seasons import Season


@dataclass(frozen=True)
class Feature:
    """One feature table.

    Attributes:
        name: asset key, module and table folder.
        build: rows of the asked seasons, from everything earlier in the history; has `season` and `game_date` columns.
        inputs: tables it reads, features included.
        key: columns that identify a row.
        about: one line for people.
        observed: columns that record what happened in the game itself; whoever uses them cuts them at the play index
            of the instant (`models/samples/dataset.py`). All other columns must be known before the date.
        pregame: rows that exist before tip-off, where a table also has rows of the running game; all rows when None.
        given: features whose observed columns of the date itself are known beforehand, as an injury report is; whatever is built
            from such a feature says so too.
    """

    name: str
    build: Callable[[History, Sequence[Season]], pl.DataFrame]
    inputs: tuple[str, ...]
    key: tuple[str, ...]
    about: str
    observed: tuple[str, ...] = ()
    pregame: pl.Expr | None = None
    given: tuple[str, ...] = ()


def whole(history: History, feature: Feature, seasons: Sequence[Season]) -> pl.DataFrame:
    """A feature's rows of all the seasons: its table, and, built here once, the seasons that the table lacks."""
    table = history.table(feature.name)
    present = set(table["season"])
    lacking = [season for season in seasons if season not in present]
    if lacking:
        table = pl.concat([feature.build(history, lacking), table], how="vertical_relaxed")
        history.keep(feature.name, table)
    return table.filter(pl.col("season").is_in(list(seasons)))
