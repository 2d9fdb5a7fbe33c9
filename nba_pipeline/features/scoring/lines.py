"""What a player's earlier games say of tonight's points: averages, spread, minutes, shots, after each game he has played.

Whoever joins these rows to a game takes the latest of a strictly earlier date. What does not belong here: team-mates and opponents
(`surroundings.py`).
"""

import polars as pl

from nba_pipeline.features.asof import History

HALF_LIVES = (3, 8, 20, 60)
"""Games over which an average of points fades by half."""

RATE_HALF_LIVES = (15, 60)
MINUTES_HALF_LIVES = (3, 8, 20)
SPREAD_HALF_LIFE, SHOOTING_HALF_LIFE, COUNT_HALF_LIFE = 20, 40, 8
MEDIAN_GAMES = 10
FREE_THROW_SHARE = 0.44
"""Free throws that use up a possession, as a share of all."""

COUNTS = ("fga", "fta", "fg3a", "ast", "reb")
AFTER_EACH_GAME = (
    *(f"points_ewm_{games}" for games in HALF_LIVES), *(f"points_per_minute_{games}" for games in RATE_HALF_LIVES),
    "points_season", "games_season", "points_spread", "points_median_10", *(f"minutes_ewm_{games}" for games in MINUTES_HALF_LIVES),
    "minutes_spread", *(f"{count}_ewm_{COUNT_HALF_LIFE}" for count in COUNTS), "true_shooting", "prior_games",
)  # fmt: skip


def scoring_lines(history: History) -> pl.DataFrame:
    """Each appearance with what is known once it is over.

    Returns:
        player_id, game_date, last_season, last_date, and `AFTER_EACH_GAME`: points and counts per game, minutes, shares;
        `points_season` and `games_season` are of `last_season`.
    """
    log = history.dated("player_game_stats").sort("game_date", "game_id", "player_id", "team_id")
    numbers = [pl.col(name).cast(pl.Float64).fill_null(0.0) for name in ("pts", "min", *COUNTS)]
    lines = log.select("player_id", "game_date", *numbers, last_season="season", last_date="game_date")
    points, minutes = pl.col("pts"), pl.col("min")
    chances = pl.col("fga") + FREE_THROW_SHARE * pl.col("fta")
    return lines.select(
        "player_id",
        "game_date",
        "last_season",
        "last_date",
        *(_average(points, games).alias(f"points_ewm_{games}") for games in HALF_LIVES),
        *(_ratio(points, minutes, games).alias(f"points_per_minute_{games}") for games in RATE_HALF_LIVES),
        *(_average(minutes, games).alias(f"minutes_ewm_{games}") for games in MINUTES_HALF_LIVES),
        *(_average(pl.col(count), COUNT_HALF_LIFE).alias(f"{count}_ewm_{COUNT_HALF_LIFE}") for count in COUNTS),
        points_season=points.cum_sum().over("player_id", "last_season") / points.cum_count().over("player_id", "last_season"),
        games_season=points.cum_count().over("player_id", "last_season").cast(pl.Float64),
        points_spread=_spread(points),
        minutes_spread=_spread(minutes),
        points_median_10=points.rolling_median(MEDIAN_GAMES, min_samples=1).over("player_id"),
        true_shooting=_ratio(points, 2 * chances, SHOOTING_HALF_LIFE),
        prior_games=points.cum_count().over("player_id").cast(pl.Float64),
    )


def _average(values: pl.Expr, games: float) -> pl.Expr:
    return values.ewm_mean(half_life=games).over("player_id")


def _ratio(values: pl.Expr, per: pl.Expr, games: float) -> pl.Expr:
    below = _average(per, games)
    return pl.when(below > 0).then(_average(values, games) / below).otherwise(0.0)


def _spread(values: pl.Expr) -> pl.Expr:
    return (_average(values**2, SPREAD_HALF_LIFE) - _average(values, SPREAD_HALF_LIFE) ** 2).clip(0.0, None).sqrt()
