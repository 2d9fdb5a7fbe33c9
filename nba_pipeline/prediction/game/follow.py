"""Following a game that is being played: look again every few seconds, say something when there is something new.

What does not belong here: reading (`live.py`) and printing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import polars as pl

from nba_pipeline.prediction.game.live import LiveGame
from nba_pipeline.prediction.game.win_probability import win_probability

if TYPE_CHECKING:
    from nba_pipeline.prediction.forecaster import Forecaster


def follow(
    forecaster: Forecaster, look: Callable[[], LiveGame], every_seconds: float, wait: Callable[[float], None] = time.sleep
) -> Iterator[tuple[LiveGame, pl.DataFrame]]:
    """The game and its curve now, and again whenever its plays have changed, until it is over.

    Each time the whole curve is made anew from all plays so far: a late correction moves what it corrects, and who started a
    period becomes clear only as people act.

    Args:
        forecaster: a loaded version.
        look: reads the game as it is.
        every_seconds: between two looks.
        wait: sleeps; tests hand in something faster.
    """
    before: LiveGame | None = None
    while before is None or not before.is_over:
        if before is not None:
            wait(every_seconds)
        game = look()
        if before is None or not game.plays.equals(before.plays):
            yield game, win_probability(forecaster, game)
        before = game
