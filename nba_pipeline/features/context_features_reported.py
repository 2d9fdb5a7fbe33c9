"""The 32 numbers once it is known which rotation players sit out (`lineups = reported`).

The same recipe as `context_features.py` over the minutes of `rotation_reported.py` and the rating of `player_rating_reported.py`. Nets are
trained on projected lineups only; this table is what a forecast shortly before tip-off reads instead.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features import context_features, lineup_spacing
from nba_pipeline.features.absences import REPORTED
from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import Season

INSTEAD = {"rotation": "rotation_reported", "player_rating": "player_rating_reported"}
"""What stands in for the projected tables."""

READ = tuple(name for name in (*context_features.FEATURE.inputs, *lineup_spacing.FEATURE.inputs) if name != "lineup_spacing")


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """The columns of `context_features`, and `lineups`, always `reported`."""
    reported = history.instead(INSTEAD)
    reported.keep("lineup_spacing", lineup_spacing.build(reported, seasons))
    return context_features.build(reported, seasons).with_columns(lineups=pl.lit(REPORTED))


FEATURE = Feature(
    name="context_features_reported",
    build=build,
    inputs=tuple(dict.fromkeys(INSTEAD.get(name, name) for name in (*READ, "absences"))),
    key=("game_id",),
    about="the 32 numbers before tip-off once it is known who sits out, one row a game",
    given=("absences",),
)
