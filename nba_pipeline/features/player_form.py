"""`player_form`: everything the player-points models look at, one row per candidate and game.

The sets of columns are versioned: a model names the one it was trained on. A new idea is a new set, never a change of an old one.
Nothing of tonight is known (`lineups = projected`) but what books offered on a player's points, which only `v2_37features` has: it is
`observed`, as an injury report is, since the files do not say at what hour a line was seen.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features import rotation
from nba_pipeline.features.asof import History, join_before
from nba_pipeline.features.feature import Feature, whole
from nba_pipeline.features.playing_time.candidates import KEY
from nba_pipeline.features.scoring.lines import AFTER_EACH_GAME, scoring_lines
from nba_pipeline.features.scoring.surroundings import (
    SURROUNDINGS,
    UNKNOWN_POSITION,
    opponent_allowed,
    positions,
    with_mates_out,
    with_teams,
)
from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.player_game_stats import COUNTS
from nba_pipeline.warehouse.player_prop_lines import consensus

LONGEST_PAUSE_DAYS = 300
DAYS_PER_YEAR = 365.25

PROJECTION = ("p_play", "minutes_if_playing", "expected_minutes")
PERSON = ("rate_times_minutes", "days_since_last", "age", "position")
LINE = "points_line"
KNOWN = ("known_through", "known_boxes")
COUNTED = ("player_id", "min", *COUNTS)
"""Of a box line, what its checksum is of."""

FEATURE_SETS: dict[str, tuple[str, ...]] = {
    "v1_36features": (*AFTER_EACH_GAME, *PROJECTION, *SURROUNDINGS, *PERSON),
    "v2_37features": (*AFTER_EACH_GAME, *PROJECTION, *SURROUNDINGS, *PERSON, LINE),
}
"""Columns by the name that the model registry knows, in the order in which models take them. The number is how many they are."""


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per candidate of `rotation` and game of `seasons`.

    Returns:
        `KEY`, opponent_id, known_through and known_boxes (the last date of which any box line was known, and the checksum of all that
        were: rows that were built before a line came in or was corrected show it), and the columns of `FEATURE_SETS` as Float64. Without
        an earlier game of the season `points_season` is null, without a birth date `age`, without a line `points_line`.
    """
    rows = whole(history, rotation.FEATURE, seasons).select(*KEY, *PROJECTION)
    rows = join_before(rows, scoring_lines(history), by=["player_id"])
    rows = with_teams(with_mates_out(_of_this_season(rows)), history, seasons)
    rows = _with_person(rows, history).with_columns(rate_times_minutes=pl.col("points_per_minute_15") * pl.col("minutes_if_playing"))
    rows = rows.with_columns(pl.Series("opponent_allowed", opponent_allowed(rows, history)))
    rows = rows.join(consensus(history.table("player_prop_lines")), on=["game_id", "player_id"], how="left", maintain_order="left")
    rows = join_before(rows.rename({"line": LINE}).with_columns(_all=1), _known_days(history), by=["_all"])
    return rows.select(*KEY, "opponent_id", *KNOWN, *(pl.col(name).cast(pl.Float64) for name in FEATURE_SETS["v2_37features"]))


def known_days(box: pl.DataFrame) -> pl.DataFrame:
    """The dates of which there are box lines, in order, and what is known once they are over.

    Args:
        box: game_date and `COUNTED` of rows of `player_game_stats`.

    Returns:
        game_date, the same as known_through, and known_boxes: a sum over all lines up to then, in which each count of each player has a
        weight of its own.
    """
    counts = pl.sum_horizontal(place * pl.col(stat).cast(pl.Int64).fill_null(0) for place, stat in enumerate(COUNTED[1:], start=1))
    daily = box.group_by("game_date").agg(known_boxes=(pl.col("player_id") * (1 + counts)).sum()).sort("game_date")
    return daily.select("game_date", known_through="game_date", known_boxes=pl.col("known_boxes").cum_sum())


def _known_days(history: History) -> pl.DataFrame:
    return known_days(history.dated("player_game_stats")).with_columns(_all=1)


def _of_this_season(rows: pl.DataFrame) -> pl.DataFrame:
    """Averages of an earlier season are no averages of this one."""
    same = pl.col("last_season") == pl.col("season")
    days = (pl.col("game_date") - pl.col("last_date")).dt.total_days().clip(0, LONGEST_PAUSE_DAYS)
    return rows.with_columns(
        points_season=pl.when(same).then("points_season"),
        games_season=pl.when(same).then("games_season").otherwise(0.0),
        days_since_last=days,
    )


def _with_person(rows: pl.DataFrame, history: History) -> pl.DataFrame:
    players = history.table("players")
    known = positions(players).join(players.select("player_id", "birth_date"), on="player_id")
    rows = rows.join(known, on="player_id", how="left", maintain_order="left")
    years = (pl.col("game_date") - pl.col("birth_date")).dt.total_days() / DAYS_PER_YEAR
    return rows.with_columns(pl.col("position").fill_null(UNKNOWN_POSITION), age=years)


FEATURE = Feature(
    name="player_form",
    build=build,
    inputs=("games", "player_game_stats", "players", "player_prop_lines", "rotation", "team_form"),
    key=("game_id", "team_id", "player_id"),
    about="A player's scoring, projected minutes, team-mates out, opponent and rest: what the points models see",
    observed=(LINE,),
    pregame=pl.lit(True),
)
