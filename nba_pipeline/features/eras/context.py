"""What surrounds a player's game in any era: home, rest, career, his team's season, the opponent; from the player logs alone.

Everything is of strictly earlier dates, but where and against whom he plays. What does not belong here: his own averages
(`averages.py`).
"""

import numpy as np
import polars as pl

from nba_pipeline.features.asof import join_before
from nba_pipeline.features.eras.fading import faded

LONGEST_REST = 30
TEAM_HALF_LIFE = 15
"""Team games over which its form fades by half."""

RECENT_DAYS = 21
TEAM_STATS = ("pts", "reb", "ast", "fg3m")
DAYS_PER_YEAR = 365.25

CONTEXT = (
    "is_home", "rest_days", "second_night", "games_7_days", "games_14_days", "season_games", "career_games", "seasons_played",
    "years_since_debut", "same_team", "games_with_team", "share_of_recent", "missed", "team_game", "team_rest", "opponent_rest",
    "team_pts_for", "team_pts_against", "opponent_pts_for", "opponent_pts_against",
    "opponent_reb_against", "opponent_ast_against", "opponent_fg3m_against",
)  # fmt: skip
"""Columns, in order; the last three exist where those counts were kept."""


def era_context(asked: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Adds `CONTEXT` to rows.

    Args:
        asked: game_id, season, game_date, player_id, team_id, opponent_id, is_home.
        lines: rows of `era_lines` in units, by date and game.
    """
    teams = _team_games(asked, lines)
    rows = _with_career(asked, lines)
    own = teams.select(
        "game_id", "team_id", "team_game", "team_number", "team_rest", "team_recent", team_pts_for="pts_for", team_pts_against="pts_against"
    )
    other = teams.select(
        "game_id",
        opponent_id="team_id",
        opponent_rest="team_rest",
        opponent_pts_for="pts_for",
        **{f"opponent_{stat}_against": pl.col(f"{stat}_against") for stat in TEAM_STATS},
    )
    rows = rows.join(own, on=["game_id", "team_id"], how="left", maintain_order="left")
    rows = rows.join(other, on=["game_id", "opponent_id"], how="left", maintain_order="left")
    played_for = teams.select("game_id", _last_team="team_id", _last_number="team_number")
    rows = rows.join(played_for, left_on=["last_game", "last_team"], right_on=["game_id", "_last_team"], how="left", maintain_order="left")
    same = pl.col("last_team") == pl.col("team_id")
    return rows.with_columns(
        pl.col("is_home").cast(pl.Float64),
        same_team=same.cast(pl.Float64),
        missed=pl.when(same).then((pl.col("team_number") - pl.col("_last_number") - 1).clip(0, 40)),
        share_of_recent=pl.when(pl.col("team_recent") > 0).then((pl.col("recent_games") / pl.col("team_recent")).clip(0.0, 1.0)),
    ).select(*asked.columns, *(column for column in CONTEXT if column not in asked.columns))


def _with_career(asked: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The player's own calendar: how much, how lately and for whom he has played."""
    player = lines.select("player_id", "game_date", "game_id", "season", "team_id").with_columns(
        career_games=pl.col("game_id").cum_count().over("player_id").cast(pl.Float64),
        games_with_team=pl.col("game_id").cum_count().over("player_id", "team_id").cast(pl.Float64),
        season_games=pl.col("game_id").cum_count().over("player_id", "season").cast(pl.Float64),
        seasons_played=pl.col("season").rle_id().over("player_id").cast(pl.Float64) + 1,
        debut=pl.col("game_date").min().over("player_id"),
    )
    known = player.rename({"game_id": "last_game", "season": "calendar_season", "team_id": "last_team"}).with_columns(last_date="game_date")
    rows = join_before(asked, known, by=["player_id"])
    days = (pl.col("game_date") - pl.col("last_date")).dt.total_days().cast(pl.Float64)
    counts = {name: _played_within(asked, lines, span) for name, span in (("7", 7), ("14", 14), ("recent", RECENT_DAYS))}
    return rows.with_columns(
        pl.col("career_games").fill_null(0.0),
        pl.col("seasons_played").fill_null(0.0),
        rest_days=days.clip(0, LONGEST_REST),
        second_night=(days <= 1).cast(pl.Float64),
        season_games=pl.when(pl.col("calendar_season") == pl.col("season")).then("season_games").otherwise(0.0),
        years_since_debut=(pl.col("game_date") - pl.col("debut")).dt.total_days() / DAYS_PER_YEAR,
        games_with_team=pl.when(pl.col("last_team") == pl.col("team_id")).then("games_with_team").otherwise(0.0),
        games_7_days=counts["7"],
        games_14_days=counts["14"],
        recent_games=counts["recent"],
    )


def _team_games(asked: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Each team game, played or asked about, with the team's form, rest and number before it."""
    by_game = ["game_id", "season", "game_date", "team_id", "opponent_id"]
    played = lines.group_by(by_game, maintain_order=True).agg(
        pl.when(pl.col(stat).count() > 0).then(pl.col(stat).sum()).alias(f"{stat}_for") for stat in TEAM_STATS
    )
    against = played.select("game_id", opponent_id="team_id", **{f"{stat}_against": pl.col(f"{stat}_for") for stat in TEAM_STATS})
    played = played.join(against, on=["game_id", "opponent_id"], how="left").sort("game_date", "game_id", "team_id")
    form = [f"{stat}_{side}" for stat in TEAM_STATS for side in ("for", "against")]
    after = played.select("team_id", "game_date", *(faded(pl.col(name), TEAM_HALF_LIFE, "team_id") for name in form))
    games = pl.concat([played.select(by_game), asked.select(by_game)]).unique(maintain_order=True).sort("game_date", "game_id", "team_id")
    games = games.with_columns(
        team_number=pl.int_range(1, pl.len() + 1).over("team_id").cast(pl.Int64),
        team_game=pl.int_range(pl.len()).over("team_id", "season").cast(pl.Float64),
        team_rest=pl.col("game_date").diff().dt.total_days().over("team_id").clip(0, LONGEST_REST).cast(pl.Float64),
    )
    games = games.with_columns(team_recent=_within(games, games, "team_id", RECENT_DAYS))
    return join_before(games, after, by=["team_id"])


def _played_within(asked: pl.DataFrame, lines: pl.DataFrame, days: int) -> pl.Series:
    return _within(asked, lines, "player_id", days)


def _within(asked: pl.DataFrame, facts: pl.DataFrame, key: str, days: int) -> pl.Series:
    """How many facts of the same key lie in the `days` days before each row's date."""
    far = 1_000_000

    def placed(frame: pl.DataFrame) -> np.ndarray:
        return (pl.Series(frame[key]).cast(pl.Int64) * far + frame["game_date"].to_physical().cast(pl.Int64)).to_numpy()

    at, where = np.sort(placed(facts)), placed(asked)
    return pl.Series((np.searchsorted(at, where) - np.searchsorted(at, where - days)).astype(float))
