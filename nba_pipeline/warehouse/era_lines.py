"""`era_lines`: the box line of every player who ever played, with his opponent, from the player logs alone (1946-47 on).

It is `player_game_stats` over the whole of history, kept apart from it: features of games read every season that is on disk, and
seventy years of box lines are of no use to them. What was not recorded is null. What does not belong here: averages and rates.
"""

import polars as pl

from nba_pipeline.league.finished_later import FINISHED_ON
from nba_pipeline.warehouse.games import build_games_from_player_log
from nba_pipeline.warehouse.player_game_stats import COUNTS, build_player_game_stats

STATS = ("min", *COUNTS, "plus_minus")
"""What a box line counts, minutes first."""


def build_era_lines(player_log: pl.DataFrame) -> pl.DataFrame:
    """One row per player, team and game, by date.

    Args:
        player_log: raw rows of `RawArchive.player_log`, one season.

    Returns:
        game_id, season, game_date, player_id, player_name, team_id, opponent_id, is_home, and `STATS`. The date is that of the game: one
        that was finished months later counts from that day, which is the later of two dates of the log, or that of `FINISHED_ON`.

    Raises:
        GameLogError: a game of the log does not consist of two teams.
    """
    lines = build_player_game_stats(player_log)
    games = build_games_from_player_log(player_log).select("game_id", "home_team_id", "away_team_id", played_on=_known_on())
    home = pl.col("team_id") == pl.col("home_team_id")
    return (
        lines.join(games, on="game_id", how="inner", maintain_order="left")
        .select(
            "game_id",
            "season",
            "player_id",
            "player_name",
            "team_id",
            *STATS,
            game_date="played_on",
            opponent_id=pl.when(home).then("away_team_id").otherwise("home_team_id"),
            is_home=home,
        )
        .select("game_id", "season", "game_date", "player_id", "player_name", "team_id", "opponent_id", "is_home", *STATS)
        .sort("game_date", "game_id", "team_id", "player_id")
    )


def _known_on() -> pl.Expr:
    """The date from which a game counts."""
    finished = pl.col("game_id").replace_strict(FINISHED_ON, default=None, return_dtype=pl.Date)
    return pl.max_horizontal("game_date", finished)
