"""`era_form`: what the window models look at, one row per player who played, for every season since 1946-47.

Numbers are in units of the league's level as it was known then, so that a model of one era can be asked about another. What an era did not
keep is null in every column made of it. Nothing of tonight is known but where, when and against whom; what he did is in `TARGETS`,
`observed`.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.features.asof import History, join_before
from nba_pipeline.features.eras.averages import AVERAGES, era_averages
from nba_pipeline.features.eras.context import CONTEXT, era_context
from nba_pipeline.features.eras.fading import faded
from nba_pipeline.features.eras.levels import in_units, levels
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.era_lines import STATS

TARGETS = ("pts", "reb", "ast", "fg3m")
"""What is forecast: points, rebounds, assists, threes."""

BASELINE_HALF_LIFE = 8
BASELINES = tuple(f"ewma_{stat}" for stat in TARGETS)
"""The moving average to beat, in the count's own unit."""

INTERACTIONS = (
    *(f"{stat}_rate_minutes" for stat in TARGETS), "pts_by_opponent", "share_of_team_pts", "min_trend",
)  # fmt: skip
"""Products and ratios that say more than their parts: rate x minutes, average x what the opponent allows, share of the team's points."""

FEATURES = (*AVERAGES, *CONTEXT, *INTERACTIONS)
"""Columns that models take, in order."""

KEY = ("game_id", "season", "game_date", "team_id", "player_id")
ASKED = (*KEY, "opponent_id", "is_home")


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per line of `era_lines` in `seasons`.

    Returns:
        `KEY`, opponent_id, `TARGETS` (observed), `level_<target>` and `BASELINES` in counts a game, `FEATURES` as Float32.
    """
    lines = history.dated("era_lines").sort("game_date", "game_id", "team_id", "player_id")
    tonight = lines.filter(pl.col("season").is_in(list(seasons)))
    rows = rows_of(tonight.select(ASKED), lines)
    return rows.join(tonight.select("game_id", "player_id", "team_id", *TARGETS), on=["game_id", "player_id", "team_id"], how="left")


def rows_of(asked: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """What is known of some players' games before their dates; someone who never played has no averages.

    Args:
        asked: `ASKED`; the games need not have been played.
        lines: rows of `era_lines`, in time order, as far as they go.

    Returns:
        `KEY`, opponent_id, `level_<target>`, `BASELINES`, `FEATURES`, in the order of `asked`.
    """
    lines = _careers_of(asked, lines)
    days = pl.concat([asked["game_date"], lines["game_date"]]).unique()
    level = levels(lines, days)
    units = in_units(lines, level)
    # of teams, and of the league, everybody's lines count; averages are only needed of those who are asked about
    own = units.join(asked.select("player_id").unique(), on="player_id", how="semi", maintain_order="left")
    rows = join_before(era_context(asked, units), era_averages(own), by=["player_id"])
    rows = join_before(rows, _baselines(own, lines), by=["player_id"])
    rows = rows.join(level.select("game_date", *(f"level_{stat}" for stat in TARGETS)), on="game_date", how="left", maintain_order="left")
    same = pl.col("last_season") == pl.col("season")
    moved = [
        column
        for stat in STATS
        for column in (
            pl.when(same).then(f"{stat}_season").alias(f"{stat}_season"),
            pl.when(same).then(f"{stat}_before").otherwise(f"{stat}_season").alias(f"{stat}_before"),
        )
    ]
    rows = _with_interactions(rows.with_columns(moved))
    numbers = [*(f"level_{stat}" for stat in TARGETS), *BASELINES, *FEATURES]
    return rows.select(*KEY, "opponent_id", *(pl.col(name).cast(pl.Float32) for name in numbers))


def _careers_of(asked: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Nothing after the last date that is asked about."""
    return lines.filter(pl.col("game_date") <= asked["game_date"].max()) if asked.height else lines.clear()


def _baselines(own: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    counts = lines.join(own.select("player_id").unique(), on="player_id", how="semi", maintain_order="left")
    averages = {f"ewma_{stat}": faded(pl.col(stat).cast(pl.Float64), BASELINE_HALF_LIFE, "player_id") for stat in TARGETS}
    return counts.select("player_id", "game_date", **averages)


def _with_interactions(rows: pl.DataFrame) -> pl.DataFrame:
    products = {f"{stat}_rate_minutes": pl.col(f"{stat}_rate") * pl.col("min_ewm_8") for stat in TARGETS}
    team = pl.col("team_pts_for")
    return rows.with_columns(
        **products,
        pts_by_opponent=pl.col("pts_ewm_8") * pl.col("opponent_pts_against"),
        share_of_team_pts=pl.when(team > 0).then(pl.col("pts_ewm_8") / team),
        min_trend=pl.col("min_ewm_3") - pl.col("min_ewm_8"),
    )


FEATURE = Feature(
    name="era_form",
    build=build,
    inputs=("era_lines",),
    key=("game_id", "team_id", "player_id"),
    about="A player's box lines in units of his era, his rest, career, team and opponent: what the window models see",
    observed=TARGETS,
)
