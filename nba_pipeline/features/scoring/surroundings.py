"""What stands around a player tonight: team-mates who are likely out, what the opponent allows his position, pace, rest.

A player's own numbers are `lines.py`'s. Everything here is projected: nothing of tonight is known.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features import team_form
from nba_pipeline.features.asof import History, running_sums
from nba_pipeline.features.fatigue import with_rest
from nba_pipeline.features.feature import whole
from nba_pipeline.league.seasons import Season

POSITIONS = {"G": 0, "F": 1, "C": 2}
UNKNOWN_POSITION = 1
ALLOWED_HALF_LIFE_DAYS = 60.0
ALLOWED_PRIOR_MINUTES = 500.0
"""Minutes at the league's rate that are added to what an opponent allowed."""

SURROUNDINGS = (
    "mates_out_minutes", "mates_out_points", "opponent_allowed", "opponent_defence", "team_offence", "pace", "rest_days", "is_home",
)  # fmt: skip


def positions(players: pl.DataFrame) -> pl.DataFrame:
    """The first letter of a player's position as a number: player_id, position (guard 0, forward 1, centre 2)."""
    return players.select("player_id", position=pl.col("position").str.head(1).replace_strict(POSITIONS, default=UNKNOWN_POSITION))


def with_mates_out(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the minutes and points a game that the projection expects to be missing among a player's team-mates.

    Args:
        rows: every candidate with game_id, team_id, p_play, minutes_if_playing, points_ewm_20.
    """
    out = {"mates_out_minutes": "minutes_if_playing", "mates_out_points": "points_ewm_20"}
    missing = {name: (1 - pl.col("p_play")) * pl.col(value).fill_null(0.0) for name, value in out.items()}
    return rows.with_columns((value.sum().over("game_id", "team_id") - value).alias(name) for name, value in missing.items())


def with_teams(rows: pl.DataFrame, history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Adds opponent_id, is_home, rest_days, team_offence, opponent_defence (points per 100 possessions) and pace (mean of both teams).

    Args:
        rows: candidates with game_id and team_id.
        history: gives the schedule and `team_form`.
        seasons: those of the rows.
    """
    form = whole(history, team_form.FEATURE, seasons).select("game_id", "team_id", "off_rating", "def_rating", "pace")
    schedule = with_rest(history.team_schedule(seasons)).select("game_id", "team_id", "opponent_id", "is_home", "rest_days")
    games = schedule.join(form, on=["game_id", "team_id"], how="left").join(
        form, left_on=["game_id", "opponent_id"], right_on=["game_id", "team_id"], how="left", suffix="_opponent"
    )
    known = games.select(
        "game_id",
        "team_id",
        "opponent_id",
        pl.col("is_home").cast(pl.Float64),
        pl.col("rest_days").cast(pl.Float64),
        team_offence="off_rating",
        opponent_defence="def_rating_opponent",
        pace=(pl.col("pace") + pl.col("pace_opponent")) / 2,
    )
    return rows.join(known, on=["game_id", "team_id"], how="left", maintain_order="left")


def opponent_allowed(rows: pl.DataFrame, history: History) -> np.ndarray:
    """Points per minute that the opponent has allowed to the player's position, over those of the whole league; 1 is average.

    Args:
        rows: candidates with game_id, game_date, opponent_id, position.
        history: gives the box lines.

    Returns:
        Array (rows,).
    """
    against = history.team_schedule().select("game_id", "team_id", "opponent_id")
    box = history.dated("player_game_stats").join(against, on=["game_id", "team_id"], how="inner", maintain_order="left")
    place = positions(history.table("players"))
    facts = box.join(place, on="player_id", how="left", maintain_order="left").with_columns(pl.col("position").fill_null(UNKNOWN_POSITION))
    pair, values = pl.col("opponent_id") * 10 + pl.col("position"), ("pts", "min")
    at, asked = facts.with_columns(_pair=pair), rows.with_columns(_pair=pair)
    theirs = running_sums(asked, at, "_pair", values, half_life_days=ALLOWED_HALF_LIFE_DAYS)
    league = running_sums(asked, at, "position", values, half_life_days=ALLOWED_HALF_LIFE_DAYS)
    level = np.divide(league[:, 0], league[:, 1], out=np.zeros(rows.height), where=league[:, 1] > 0)
    allowed = (theirs[:, 0] + ALLOWED_PRIOR_MINUTES * level) / (theirs[:, 1] + ALLOWED_PRIOR_MINUTES)
    return np.divide(allowed, level, out=np.ones(rows.height), where=level > 0)
