"""The graph before tip-off once it is known which rotation players sit out (`lineups = reported`).

Its ten are then expected to play most. There are no rows within the game, where everybody sees who is on court. The recipe is that
of `lineup_graphs.py`.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features import lineup_graphs
from nba_pipeline.features.absences import REPORTED
from nba_pipeline.features.asof import History
from nba_pipeline.features.context_features_reported import INSTEAD
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import Season


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """The rows of `lineup_graphs` before tip-off, and `lineups`, always `reported`."""
    reported = history.instead(INSTEAD)
    reported.keep("stints", history.table("stints").clear())
    return lineup_graphs.build(reported, seasons).with_columns(lineups=pl.lit(REPORTED))


FEATURE = Feature(
    name="lineup_graphs_reported",
    build=build,
    inputs=tuple(dict.fromkeys(INSTEAD.get(name, name) for name in (*lineup_graphs.FEATURE.inputs, "absences"))),
    key=lineup_graphs.FEATURE.key,
    about="the ten expected starters as a graph once it is known who sits out, one row a game",
    given=("absences",),
)
