"""A game's whole curve: what the model says after every play, in one batch.

What does not belong here: the forecast itself (`forecaster.py`), where the plays come from (`live.py`), pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from nba_pipeline.prediction.game.live import LiveGame
from nba_pipeline.prediction.instant import TIP_OFF

if TYPE_CHECKING:
    from nba_pipeline.prediction.forecaster import Forecaster

TABLE = "win_probability"
_OF_THE_PLAY = ("period", "clock_seconds", "home_score", "away_score", "event_type", "team_id", "player1_id", "description")


def win_probability(forecaster: Forecaster, game: LiveGame) -> pl.DataFrame:
    """One row per instant of a game, the one before tip-off first, then one after every play that is a token.

    Args:
        forecaster: a loaded version.
        game: as far as it has come.

    Returns:
        The columns of every forecast (`Forecaster.forecast`), then of the last known play: period, clock_seconds (left in the period),
        home_score, away_score (after it), event_type, team_id, player1_id, description; and `swing`, what the play added to
        P(home win), 0 before tip-off.
    """
    known = np.arange(int(game.arrays.event_counts()[0]) + 1)
    said = forecaster.forecast(game.arrays, np.zeros_like(known), known, game.facts.priors)
    plays = game.plays.select("game_id", (pl.col("play_index") + 1).cast(said.schema["play_index"]).alias("play_index"), *_OF_THE_PLAY)
    curve = said.join(plays, on=["game_id", "play_index"], how="left", maintain_order="left").with_columns(
        pl.col("period").fill_null(TIP_OFF.period),
        pl.col("clock_seconds").fill_null(TIP_OFF.clock_seconds),
        pl.col("home_score", "away_score").fill_null(0),
    )
    return curve.with_columns(swing=pl.col("p_home_win").diff().fill_null(0.0))


def excitement(curve: pl.DataFrame) -> float:
    """How far P(home win) travelled in all: 0 for a forecast that never moved, 5 and more for a thriller."""
    return float(curve["swing"].abs().sum())
