"""Who may play for a team tonight, and what earlier games say about each of them.

A candidate's latest strictly earlier game was for this team, in this or the previous season, and they have missed at most
`MAX_MISSED` of its games this season. Facts about candidates belong here: what their own games say is `lines.py`'s,
the calendar and the teams are `context.py`'s, models of playing time `rotation.py`'s.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, join_before
from nba_pipeline.features.playing_time.context import TEAM_FEATURES, second_nights, team_context
from nba_pipeline.features.playing_time.lines import HALF_LIVES, LOAD_DAYS, player_lines, with_loads
from nba_pipeline.league.seasons import Season, season_label, start_year

KEY = ("game_id", "season", "game_date", "team_id", "player_id")
MAX_MISSED = 25
LONGEST_TENURE = 400

SHARE_WINDOWS = (3, 10, 20)
"""Team games over which a player's appearances are counted."""

FEATURES = (
    *(f"minutes_ewm_{games}" for games in HALF_LIVES), *(f"played_{games}" for games in SHARE_WINDOWS),
    "last_minutes", "minutes_sd", "season_minutes", "player_games", "team_games", "missed", "missed_season", "days_since", "game_number",
    "rest", "recent_share", "rank", "demand", "demand_now", "last_demand", "available", "absent", "newly_absent",
    "minutes_2_ago", "minutes_3_ago", "streak", "last_gap", "second_nights", "gaps", "single_gaps", "mean_gap", "season_games", "tenure",
    *(f"load_{days}" for days in LOAD_DAYS), "close_minutes", "last_game_margin", *TEAM_FEATURES,
)  # fmt: skip


def candidates(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per candidate and team game of `seasons`, with `KEY` and `FEATURES`, in time order."""
    schedule = _numbered_schedule(history)
    lines = player_lines(history, schedule)
    rows = pl.concat([_of_season(schedule, lines, season) for season in seasons])
    rows = with_loads(_with_team_context(_with_shares(rows, lines)), lines)
    rows = join_before(rows, second_nights(schedule, lines), by=["player_id"])
    rows = rows.join(team_context(history, schedule), on=["game_id", "team_id"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("second_nights").fill_null(1.0))


def _numbered_schedule(history: History) -> pl.DataFrame:
    """Team games with their running number, their place in the season, and the days since the team's last one.

    Games that are still to come count as missed by nobody: each has the number after the last one that was played.
    """
    games = history.team_schedule().select("game_id", "season", "game_date", "team_id", "opponent_id")
    played = pl.col("game_id").is_in(history.results()["game_id"].implode()).cast(pl.Int64)
    numbered = games.with_columns(number=(played.cum_sum() - played).over("team_id") + 1)
    return numbered.with_columns(
        game_number=pl.col("number") - pl.col("number").min().over("team_id", "season"),
        rest=pl.col("game_date").diff().dt.total_days().over("team_id", "season").fill_null(7).clip(1, 7),
    )


def _of_season(schedule: pl.DataFrame, lines: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Every date of the season crossed with every recent player, kept where the player's last team plays that date."""
    tonight = schedule.filter(pl.col("season") == season)
    recent = lines.filter(pl.col("season").is_in([season, season_label(start_year(season) - 1)]))
    nights = tonight.select("game_date").unique().sort("game_date")
    crossed = nights.join(recent.select("player_id").unique().sort("player_id"), how="cross")
    latest = join_before(crossed, recent.drop("game_id").rename({"season": "_last_season"}), by=["player_id"]).drop_nulls("team_id")
    rows = tonight.join(latest, on=["game_date", "team_id"], how="inner", maintain_order="left_right")
    return rows.with_columns(
        missed=pl.col("number") - pl.col("last_number") - 1,
        missed_season=pl.min_horizontal(pl.col("number") - pl.col("last_number") - 1, "game_number"),
        season_games=pl.when(pl.col("_last_season") == pl.col("season")).then("season_games").otherwise(0),
        tenure=(pl.col("game_date") - pl.col("joined")).dt.total_days().clip(0, LONGEST_TENURE),
        days_since=(pl.col("game_date") - pl.col("last_date")).dt.total_days().clip(0, 300),
    ).filter(pl.col("missed_season") <= MAX_MISSED)


def _with_shares(rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Share of the team's last games in which the player appeared for it, by counting numbers below tonight's."""
    pairs = pl.concat([lines.select("player_id", "team_id"), rows.select("player_id", "team_id")]).unique().sort("player_id", "team_id")
    pairs = pairs.with_columns(_base=pl.int_range(pl.len(), dtype=pl.Int64) * 100_000)
    on = ["player_id", "team_id"]
    played = lines.join(pairs, on=on, maintain_order="left").select(pl.col("_base") + pl.col("last_number")).to_series().sort().to_numpy()
    tonight = rows.join(pairs, on=on, maintain_order="left").select(pl.col("_base") + pl.col("number")).to_series().to_numpy()
    number = rows["number"].to_numpy()
    before = np.searchsorted(played, tonight)
    shares = {}
    for games in SHARE_WINDOWS:
        window = np.minimum(games, number - 1)
        shares[f"played_{games}"] = (before - np.searchsorted(played, tonight - window)) / np.maximum(window, 1)
    return rows.with_columns(pl.Series(name, values, dtype=pl.Float64) for name, values in shares.items())


def _with_team_context(rows: pl.DataFrame) -> pl.DataFrame:
    """What a candidate's minutes compete with: those who played last time, and those who did not."""
    team = ["game_id", "team_id"]
    usual, ready = pl.col("minutes_ewm_5"), pl.col("missed") == 0
    out = ~ready & (pl.col("game_number") > pl.col("missed_season"))
    sums = {
        "demand": usual * ready, "demand_now": pl.col("minutes_ewm_2") * ready, "last_demand": pl.col("last_minutes") * ready,
        "available": ready.cast(pl.Float64), "absent": usual * out, "newly_absent": usual * (pl.col("missed") == 1),
    }  # fmt: skip
    return rows.with_columns(
        *(value.sum().over(team).alias(name) for name, value in sums.items()),
        rank=usual.rank("ordinal", descending=True).over(team).cast(pl.Float64),
        recent_share=usual * pl.col("played_10"),
    )
