"""How tired a team arrives: days off, back-to-back nights, miles flown. Reads the schedule only, never a result.

What does not belong here: minutes of players (`rotation`), and what tiredness costs in points (`elo`, the models).
"""

from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import Season
from nba_pipeline.league.teams import TEAM_BY_ID, arena_miles

LONGEST_REST_DAYS = 7
"""Rest is capped here, and a season's opener counts as fully rested."""


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Two rows a game, home first.

    Args:
        history: gives the schedule (`games`).
        seasons: seasons whose rows are wanted.

    Returns:
        game_id, team_id, season, game_date, is_home (Boolean), rest_days (days off since the last game: 0 on a back-to-back,
        at most 7, 7 before a season's opener), back_to_back (Int8), travel_miles (great circle from the arena of the team's
        previous game of the season; an opener is reached from the own arena). A neutral floor counts as the home team's
        arena; a club without a known arena travels 0 miles.
    """
    rows = with_travel(with_rest(history.team_schedule(seasons)))
    return rows.select("game_id", "team_id", "season", "game_date", "is_home", "rest_days", "back_to_back", "travel_miles")


def with_rest(schedule: pl.DataFrame) -> pl.DataFrame:
    """Adds rest_days and back_to_back to rows of `History.team_schedule`."""
    days_off = (pl.col("game_date") - pl.col("game_date").shift(1).over("team_id", "season")).dt.total_days() - 1
    return schedule.with_columns(
        rest_days=days_off.clip(0, LONGEST_REST_DAYS).fill_null(LONGEST_REST_DAYS).cast(pl.Int32),
        back_to_back=(days_off <= 0).fill_null(False).cast(pl.Int8),
    )


def with_travel(schedule: pl.DataFrame) -> pl.DataFrame:
    """Adds travel_miles to rows of `History.team_schedule`."""
    host = pl.when("is_home").then("team_id").otherwise("opponent_id")
    rows = schedule.with_columns(host_id=host)
    rows = rows.with_columns(from_id=pl.col("host_id").shift(1).over("team_id", "season").fill_null(pl.col("team_id")))
    miles = rows.join(arena_distances(), on=["from_id", "host_id"], how="left", maintain_order="left")
    return miles.with_columns(pl.col("travel_miles").fill_null(0.0)).drop("host_id", "from_id")


@lru_cache
def arena_distances() -> pl.DataFrame:
    """Miles between every two known arenas: from_id, host_id, travel_miles."""
    pairs = [(one, other, arena_miles(one, other)) for one in TEAM_BY_ID for other in TEAM_BY_ID]
    return pl.DataFrame(pairs, schema={"from_id": pl.Int64, "host_id": pl.Int64, "travel_miles": pl.Float64}, orient="row")


FEATURE = Feature(
    name="fatigue",
    build=build,
    inputs=("games",),
    key=("game_id", "team_id"),
    about="days off, back-to-back and miles between arenas, from the schedule",
)
