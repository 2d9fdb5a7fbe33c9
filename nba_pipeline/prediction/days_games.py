"""The games of a date, each with its curve.

What does not belong here: one game (`game/live.py`, `game/win_probability.py`), and forecasts before tip-off.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from nba_pipeline.prediction.game.facts import GameFacts
from nba_pipeline.prediction.game.live import replayed
from nba_pipeline.prediction.game.story import GameStory
from nba_pipeline.prediction.game.win_probability import win_probability
from nba_pipeline.warehouse.store import Warehouse

if TYPE_CHECKING:
    from nba_pipeline.prediction.forecaster import Forecaster


def stories_of(warehouse: Warehouse, forecaster: Forecaster, day: date) -> list[GameStory]:
    """Every game of a date that has plays, by id; none on a date without games.

    Raises:
        StoreError: a table is missing.
        UnknownGameError: a game's features are missing.
    """
    games = warehouse.read("games", columns=["game_id", "game_date", "has_plays"])
    wanted = games.filter((pl.col("game_date") == day) & pl.col("has_plays"))["game_id"].sort()
    stories = []
    for game_id in wanted:
        game = replayed(warehouse, GameFacts.read(warehouse, game_id))
        stories.append(GameStory.of(game, win_probability(forecaster, game)))
    return stories
