"""What a player's own earlier games say of his playing time: averages, load, gaps, and how long he has been at the club.

One row per appearance, as known after it; whoever asks joins strictly earlier rows (`candidates.py`).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, join_before
from nba_pipeline.features.player_ratings.totals import OVERTIME_MINUTES, REGULATION_MINUTES

HALF_LIVES = (2, 5, 12, 40)
"""Games; each gives an average of the minutes of a player's earlier games, overtime scaled away."""

LOAD_DAYS = (4, 7)
LONGEST_GAP, LONGEST_MEAN_GAP = 40, 20
GAP_GAMES = 25
"""Half-life, in appearances, of how often and for how long a player is missing between them."""

CLOSE_GAMES, CLOSE_POINTS = 6, 12.0
"""Half-life of the minutes in close games, and the final margin at which a game counts half."""


def player_lines(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """Each appearance with averages over the player's games up to and including it.

    Args:
        history: gives player_game_stats and results.
        schedule: team games with their running `number`.
    """
    log = history.dated("player_game_stats").sort("game_date", "game_id", "player_id")
    lines = log.select("game_id", "season", "game_date", "team_id", "player_id", last_minutes=pl.col("min").cast(pl.Float64).fill_null(0.0))
    lines = lines.join(schedule.select("game_id", "team_id", last_number="number"), on=["game_id", "team_id"], maintain_order="left")
    lines = lines.join(_games(history), on="game_id", how="left", maintain_order="left")
    return _with_gaps(
        _with_averages(lines.with_columns(pl.col("_share", "_close").fill_null(1.0), pl.col("last_game_margin").fill_null(0.0)))
    )


def _games(history: History) -> pl.DataFrame:
    """Of every played game: the share of it that was regulation time, its weight as a close one, and by how much it was won."""
    results = history.results()
    overtimes = results["overtimes"].fill_null(0).cast(pl.Float64).to_numpy()
    margin = np.abs(results["margin"].cast(pl.Float64).to_numpy())
    share = REGULATION_MINUTES / (REGULATION_MINUTES + OVERTIME_MINUTES * overtimes)  # numpy, as for the expected totals: same bits
    return results.select("game_id").with_columns(_share=share, _close=1 / (1 + (margin / CLOSE_POINTS) ** 2), last_game_margin=margin)


def _with_averages(lines: pl.DataFrame) -> pl.DataFrame:
    minutes, actual, close = pl.col("last_minutes") * pl.col("_share"), pl.col("last_minutes"), pl.col("_close")
    moves = (pl.col("team_id") != pl.col("team_id").shift(1)).fill_null(True).cum_sum()
    in_close = (minutes * close).ewm_mean(half_life=CLOSE_GAMES).over("player_id") / close.ewm_mean(half_life=CLOSE_GAMES).over("player_id")
    return (
        lines.with_columns(
            *(minutes.ewm_mean(half_life=games).over("player_id").alias(f"minutes_ewm_{games}") for games in HALF_LIVES),
            _square=(minutes**2).ewm_mean(half_life=12).over("player_id"),
            close_minutes=in_close,
            career_minutes=actual.cum_sum().over("player_id"),
            player_games=pl.col("game_id").cum_count().over("player_id").clip(0, 500),
            team_games=pl.col("game_id").cum_count().over("player_id", "team_id").clip(0, 200),
            season_games=pl.col("game_id").cum_count().over("player_id", "season"),
            season_minutes=actual.cum_sum().over("player_id", "season") / pl.col("game_id").cum_count().over("player_id", "season"),
            last_date=pl.col("game_date"),
            minutes_2_ago=actual.shift(1).over("player_id").fill_null(actual),
            minutes_3_ago=actual.shift(2).over("player_id").fill_null(actual),
            _spell=moves.over("player_id"),
        )
        .with_columns(
            minutes_sd=(pl.col("_square") - pl.col("minutes_ewm_12") ** 2).clip(0.0, None).sqrt(),
            joined=pl.col("game_date").first().over("player_id", "_spell"),
        )
        .drop("_square", "_share", "_close", "_spell")
    )


def _with_gaps(lines: pl.DataFrame) -> pl.DataFrame:
    """Team games missed between appearances: how long it was last, how often, and how long as a rule."""
    gap = (pl.col("last_number").diff().over("player_id", "team_id") - 1).fill_null(0)
    lines = lines.with_columns(_gap=gap).with_columns(_run=(pl.col("_gap") > 0).cum_sum().over("player_id", "team_id"))

    def share(value: pl.Expr) -> pl.Expr:
        return value.cast(pl.Float64).ewm_mean(half_life=GAP_GAMES).over("player_id")

    return (
        lines.with_columns(
            streak=pl.col("game_id").cum_count().over("player_id", "team_id", "_run").clip(0, 500),
            last_gap=pl.col("_gap").first().over("player_id", "team_id", "_run").clip(0, LONGEST_GAP),
            gaps=share(pl.col("_gap") > 0),
            single_gaps=share(pl.col("_gap") == 1),
            _length=share(pl.col("_gap").clip(0, LONGEST_MEAN_GAP)),
        )
        .with_columns(mean_gap=pl.col("_length") / (pl.col("gaps") + 0.02))
        .drop("_gap", "_run", "_length")
    )


def with_loads(rows: pl.DataFrame, lines: pl.DataFrame, days: Sequence[int] = LOAD_DAYS) -> pl.DataFrame:
    """Adds `load_{d}`: minutes that the player played in the d days before `game_date`.

    Args:
        rows: with player_id, game_date and `career_minutes`, those before the date.
        lines: of `player_lines`.
        days: windows.
    """
    totals = lines.select("player_id", "game_date", _before="career_minutes")
    loads = []
    for count in days:
        asked = rows.select("player_id", pl.col("game_date") - pl.duration(days=count))
        before = join_before(asked, totals, by=["player_id"])["_before"].fill_null(0.0)
        loads.append((rows["career_minutes"] - before).alias(f"load_{count}"))
    return rows.with_columns(loads)
