"""Which rotation players sit out tonight, as an injury report says shortly before tip-off (`lineups = reported`).

From the table `availability` in a season that has a file of reports; in a season without one, a backtest, from who appears in
the box. Only players with `ROTATION_MINUTES` expected minutes are asked about. What their absence does to the minutes of the
others is `rotation_reported.py`'s. A season's rows have one origin: where a file has no report of a date, nothing is known.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features import rotation
from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature, whole
from nba_pipeline.features.playing_time.candidates import KEY
from nba_pipeline.league.seasons import Season

REPORTED = "reported"
"""Value of the column `lineups` in every table that knows tonight's absences."""

ROTATION_MINUTES = 14.0
CHANCES = {"Out": 0.0, "Doubtful": 0.25, "Questionable": 0.5, "Probable": 0.75, "Available": 1.0}
"""What the league's words stand for; whoever is not on a date's report plays."""

PERSON = ("game_id", "team_id", "player_id")


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per rotation player and game.

    Returns:
        The key columns of `rotation`, `reported_p_play` (0 for those who sit out; null where nothing is known yet), `told` (whether
        anything is known of his team's absences) and `origin` (`injury report` or `box`).
    """
    projected = whole(history, rotation.FEATURE, seasons)
    players = projected.filter(pl.col("expected_minutes") >= ROTATION_MINUTES).select(KEY)
    reports = history.table("availability")
    has_file = pl.col("season").is_in(reports["season"].unique().to_list())
    rows = pl.concat(
        [from_reports(players.filter(has_file), reports), from_box(players.filter(~has_file), history.table("player_game_stats"))]
    )
    told = pl.col("reported_p_play").is_not_null().any().over("game_id", "team_id")
    return rows.with_columns(told=told).sort("game_date", "game_id", "team_id", "player_id")


def from_reports(players: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Adds what the reports say.

    Args:
        players: rotation players with `KEY`.
        reports: rows of the table `availability`.
    """
    dates = reports.select("game_date", _reported=pl.lit(True)).unique()
    rows = players.join(dates, on="game_date", how="left").join(reports.select(*PERSON, "status"), on=PERSON, how="left")
    chance = pl.col("status").replace_strict(CHANCES, default=1.0, return_dtype=pl.Float64)
    return rows.select(*KEY, reported_p_play=pl.when("_reported").then(chance), origin=pl.lit("injury report"))


def from_box(players: pl.DataFrame, box: pl.DataFrame) -> pl.DataFrame:
    """Adds who appeared, the stand-in for a report in games of the past; a team without any line has not played yet.

    Args:
        players: rotation players with `KEY`.
        box: who appeared: game_id, team_id, player_id; no other column is read.
    """
    teams = box.select("game_id", "team_id", _played=pl.lit(True)).unique()
    appeared = box.select(*PERSON, _here=pl.lit(1.0)).unique()
    rows = players.join(teams, on=["game_id", "team_id"], how="left").join(appeared, on=PERSON, how="left")
    return rows.select(*KEY, reported_p_play=pl.when("_played").then(pl.col("_here").fill_null(0.0)), origin=pl.lit("box"))


FEATURE = Feature(
    name="absences",
    build=build,
    inputs=("games", "player_game_stats", "availability", "rotation"),
    key=PERSON,
    about="Which rotation players are reported out, and how that is known",
    observed=("reported_p_play", "origin", "told"),
)
