"""Projected playing time once it is known which rotation players sit out (`lineups = reported`).

Starts from `rotation` and `absences`, and knows nothing else of the game. Who sits out is `absences.py`'s; here is who plays their
minutes instead. Constants from least squares on what was played in 2013-14 .. 2020-21.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from nba_pipeline.features import absences, rotation
from nba_pipeline.features.absences import PERSON, REPORTED
from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature, whole
from nba_pipeline.features.playing_time.candidates import KEY
from nba_pipeline.features.rotation import TEAM_MINUTES, scale_to_team
from nba_pipeline.league.seasons import Season

TEAM = ("game_id", "team_id")
LEAST_MINUTES = 0.05


@dataclass(frozen=True)
class Share:
    """Who gets the minutes that are free: minutes × (1 + stretch × need) + gain × need, need as a share of 240.

    Attributes:
        stretch: how a player's own minutes grow.
        gain: minutes that come on top, however few the player has.
    """

    stretch: float
    gain: float

    def of(self, minutes: pl.Expr, need: pl.Expr) -> pl.Expr:
        """Minutes once the absent ones' are shared out."""
        return minutes * (1 + self.stretch * need) + self.gain * need


ROTATION, BENCH = Share(stretch=-1.0, gain=39.0), Share(stretch=1.8, gain=6.8)
"""Regulars: those with fewer minutes gain more, up to 39. Bench: about half of what is free goes there, more than its share."""


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Rotation of every team game of `seasons`, absences known.

    Returns:
        The key columns of `rotation`, `p_play`, `expected_minutes`, which sum to 240 a team, and `lineups`, always `reported`.
    """
    reported = whole(history, absences.FEATURE, seasons).select(*PERSON, "reported_p_play")
    rows = whole(history, rotation.FEATURE, seasons).join(reported, on=PERSON, how="left", maintain_order="left")
    return project(rows)


def project(rows: pl.DataFrame) -> pl.DataFrame:
    """Shares the minutes of those who sit out among the others.

    Args:
        rows: of `rotation`, with `reported_p_play` of those who were asked about; a team of which nothing is known, or nobody is left,
            keeps its projection.

    Returns:
        As `build`.
    """
    regular, chance = pl.col("reported_p_play").is_not_null(), pl.coalesce("reported_p_play", "p_play")
    told = regular.any().over(TEAM) & (chance > 0).any().over(TEAM)
    rows = rows.with_columns(p_play=pl.when(told).then(chance).otherwise("p_play"), _told=told, _regular=regular)
    usual = pl.col("p_play") * pl.col("minutes_if_playing")
    need = (TEAM_MINUTES - usual.sum().over(TEAM)) / TEAM_MINUTES
    rotating = pl.col("p_play") * ROTATION.of(pl.col("minutes_if_playing"), need)
    shared = rows.with_columns(_minutes=pl.when("_regular").then(rotating).otherwise(BENCH.of(usual, need)).clip(LEAST_MINUTES))
    playing = pl.col("_told") & (pl.col("p_play") > 0)
    scaled = shared.filter(playing).select(*PERSON, "_minutes")
    scaled = scaled.with_columns(_scaled=scale_to_team(scaled, scaled["_minutes"].to_numpy()))
    minutes = pl.when("_told").then(pl.col("_scaled").fill_null(0.0)).otherwise("expected_minutes")
    joined = shared.join(scaled.drop("_minutes"), on=PERSON, how="left", maintain_order="left")
    return joined.select(*KEY, "p_play", expected_minutes=minutes, lineups=pl.lit(REPORTED))


FEATURE = Feature(
    name="rotation_reported",
    build=build,
    inputs=("games", "player_game_stats", "availability", "rotation", "absences"),
    key=PERSON,
    about="Projected minutes of each candidate once it is known which rotation players sit out, scaled to 240 a team",
    given=("absences",),
)
