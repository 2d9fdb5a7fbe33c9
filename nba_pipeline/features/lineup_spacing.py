"""How much floor a team spreads the defence over tonight: by its expected five, and by everybody's expected minutes.

`hull_area` pools the earlier shots of the five with the most expected minutes (`rotation`), so that who has shot more weighs more, and
mixes in `PRIOR_SHOTS` shots with the league's pattern, which keeps fives of unknown players near the usual area; the context reads it.
`rotation_hull_area` is that of the shots to be expected of the whole rotation, each player for his expected minutes
(`spacing/shot_charts.py`). The hull itself is defined in `spacing/shot_hull.py`; fives that have played together are in `lineup_hulls`.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, Night, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.spacing.shot_charts import ShotCharts, chart_facts, placed_shots
from nba_pipeline.features.spacing.shot_hull import hull_area
from nba_pipeline.league.clock import PLAYERS_ON_COURT
from nba_pipeline.league.seasons import Season

PRIOR_SHOTS, POOL_HALF_LIFE_DAYS = 500.0, 365.0
"""Of the pooled shots of `hull_area`."""

USUAL_HULL_AREA = 800.0
"""Square feet where no shot of anyone is known yet."""

SCHEMA = pl.Schema({
    "game_id": pl.String, "season": pl.String, "game_date": pl.Date, "team_id": pl.Int64,
    "hull_area": pl.Float64, "rotation_hull_area": pl.Float64, "shots_known": pl.Float64, "fallback": pl.Boolean,
})  # fmt: skip


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per team and game of the asked seasons, home team first.

    Returns:
        game_id, season, game_date, team_id, hull_area (square feet, expected five), rotation_hull_area (square feet, expected
        minutes), shots_known (of the five, decayed), fallback (there are no shots of the last earlier game date, so that older
        ones had to do, or none).
    """
    teams = history.team_schedule(seasons).select("game_id", "season", "game_date", "team_id")
    targets, facts = expected_rotations(history.table("rotation"), teams), chart_facts(history, placed_shots(history))
    players, played = facts["player_id"].unique(maintain_order=True).to_list(), history.schedule()["game_date"].unique().sort()
    pool, charts, parts = ShotCharts(players, POOL_HALF_LIFE_DAYS), ShotCharts(players), [pl.DataFrame(schema=SCHEMA)]
    for night in walk_dates(targets, facts):
        pool.learn(night.news)
        charts.learn(night.news)
        parts.append(_areas(night, pool, charts, fallback=is_stale(charts.latest, played, night.day)))
    return pl.concat(parts)


def _areas(night: Night, pool: ShotCharts, charts: ShotCharts, *, fallback: bool) -> pl.DataFrame:
    """Hulls of one date's teams."""
    rows = night.targets
    five, league = pool.pooled(rows["players"].list.head(PLAYERS_ON_COURT), night.day), pool.league()
    rotation = charts.expected(rows["players"], rows["minutes"], night.day)
    usual = np.full(rows.height, USUAL_HULL_AREA)
    rows = rows.with_columns(
        hull_area=pl.Series(usual if league is None else hull_area(five + PRIOR_SHOTS * league)),
        rotation_hull_area=pl.Series(usual if rotation is None else hull_area(rotation)),
        shots_known=pl.Series(five.sum(axis=1)),
        fallback=pl.lit(fallback),
    )
    return rows.select(list(SCHEMA)).cast(SCHEMA)


def is_stale(latest: date | None, played: pl.Series, day: date) -> bool:
    """Whether the latest of some facts is older than the last game date before `day`.

    Args:
        latest: date of the facts; None without any.
        played: all game dates, ascending.
        day: the instant.
    """
    return latest is None or latest != played.filter(played < day).max()


def expected_rotations(rotation: pl.DataFrame, teams: pl.DataFrame) -> pl.DataFrame:
    """`teams` with `players`, the most expected minutes first, ties by id, and their `minutes`; null where nobody is projected."""
    order = rotation.select("game_id", "team_id", "player_id", "expected_minutes").sort(
        "expected_minutes", "player_id", descending=[True, False], nulls_last=True
    )
    minutes = pl.col("expected_minutes").cast(pl.Float64).fill_null(0.0)
    lists = order.group_by("game_id", "team_id", maintain_order=True).agg(players="player_id", minutes=minutes)
    return teams.join(lists, on=["game_id", "team_id"], how="left", maintain_order="left")


def fallbacks(rows: pl.DataFrame) -> pl.DataFrame:
    """Per season of a table with `fallback`: rows, how many rest on older shots, and their share."""
    counts = rows.group_by("season").agg(rows=pl.len(), older=pl.col("fallback").sum(), share=pl.col("fallback").mean())
    return counts.sort("season")


FEATURE = Feature(
    name="lineup_spacing",
    build=build,
    inputs=("games", "shots", "player_game_stats", "rotation"),
    key=("game_id", "team_id"),
    about="square feet of floor from which the expected five, and the expected minutes of all, shoot, as of each date",
)
