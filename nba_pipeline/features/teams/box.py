"""What each team did in each game it has played: possessions, points per 100, the four factors. Facts, not forecasts.

Belongs here: sums of the players' box lines and the formulas on them. Does not belong here: anything averaged over games (`team_form`).
"""

import polars as pl

from nba_pipeline.features.asof import History

FREE_THROW_SHARE = 0.44
"""Share of free throws that end a possession (Oliver, Basketball on Paper)."""

RATES = ("rating", "pace", "efg_pct", "tov_pct", "orb_pct", "ft_rate")
"""Numbers of one team in one game: points per 100 possessions, possessions per 48 minutes, the four factors of its offence."""

_COUNTS = ("pts", "fgm", "fga", "fg3m", "ftm", "fta", "oreb", "dreb", "tov")


def team_games(history: History) -> pl.DataFrame:
    """Two rows per played game, home first, in time order.

    Args:
        history: gives `games` and `player_game_stats`.

    Returns:
        game_id, season, game_date, team_id, opponent_id, edge (1 at home, -1 away, 0 on a neutral floor) and `RATES`. A game whose
        box lines lack a column of the formulas (most of those before 1977-78) has no row.
    """
    lines = history.table("player_game_stats").group_by("game_id", "team_id").agg(_complete_sum(column) for column in _COUNTS)
    played = history.results().select("game_id", _minutes=48 + 5 * pl.col("overtimes").fill_null(0))
    rows = history.team_schedule().join(played, on="game_id", maintain_order="left")
    rows = rows.join(lines, on=["game_id", "team_id"], maintain_order="left")
    rows = rows.join(lines, left_on=["game_id", "opponent_id"], right_on=["game_id", "team_id"], suffix="_opponent", maintain_order="left")
    finite = pl.all_horizontal(pl.col(RATES).is_finite())
    edge = pl.when(pl.col("neutral_site").fill_null(False)).then(0.0).when("is_home").then(1.0).otherwise(-1.0)
    rows = rows.with_columns(*_rates(), edge=edge).filter(finite)
    return rows.select("game_id", "season", "game_date", "team_id", "opponent_id", "edge", *RATES)


def _complete_sum(column: str) -> pl.Expr:
    """The sum in which an unrecorded line makes the whole unknown."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum()).cast(pl.Float64).alias(column)


def possessions(suffix: str = "") -> pl.Expr:
    """A team's possessions from its box counts: attempts that were not rebounded, turnovers, trips to the line."""
    fga, oreb, tov, fta = (pl.col(f"{column}{suffix}") for column in ("fga", "oreb", "tov", "fta"))
    return fga - oreb + tov + FREE_THROW_SHARE * fta


def _rates() -> list[pl.Expr]:
    both = (possessions() + possessions("_opponent")) / 2
    fga, tov, oreb = pl.col("fga"), pl.col("tov"), pl.col("oreb")
    return [
        (100 * pl.col("pts") / both).alias("rating"),
        (48 * both / pl.col("_minutes")).alias("pace"),
        ((pl.col("fgm") + 0.5 * pl.col("fg3m")) / fga).alias("efg_pct"),
        (tov / (fga + FREE_THROW_SHARE * pl.col("fta") + tov)).alias("tov_pct"),
        (oreb / (oreb + pl.col("dreb_opponent"))).alias("orb_pct"),
        (pl.col("ftm") / fga).alias("ft_rate"),
    ]
