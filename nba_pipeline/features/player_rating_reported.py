"""The `rating` forecast once it is known which rotation players sit out (`lineups = reported`).

The same recipe as `player_rating.py` over the minutes of `rotation_reported.py`, learned on such minutes too. It is no input of the nets:
their context is projected, and the two are never mixed.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features import player_rating, rotation_reported
from nba_pipeline.features.absences import REPORTED
from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import Season


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """The columns of `player_rating`, and `lineups`, always `reported`."""
    return player_rating.forecast(history, seasons, rotation_reported.FEATURE).with_columns(lineups=pl.lit(REPORTED))


FEATURE = Feature(
    name="player_rating_reported",
    build=build,
    inputs=("games", "player_game_stats", "stints", "elo", "availability", "rotation", "absences", "rotation_reported"),
    key=("game_id",),
    about="the `rating` forecast over minutes that know which rotation players sit out",
    given=("absences",),
)
