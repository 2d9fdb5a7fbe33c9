"""What the projected players add up to: each side's RAPM, weighted by expected minutes.

Belongs here: the sum. Does not belong here: who plays (`rotation`) and how good they are (`player_rapm`).
"""

import numpy as np
import polars as pl

RAPM_COLUMNS = ("orapm", "drapm", "rapm")

REGULATION_MINUTES = 48.0


def team_rapm(team_games: pl.DataFrame, rotation: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Adds orapm, drapm and rapm of each side: Σ player's × expected minutes/48, in points per 100 possessions.

    Args:
        team_games: rows with game_id, game_date, team_id.
        rotation: game_id, team_id, player_id, expected_minutes.
        snapshots: game_date, player_id and `RAPM_COLUMNS`, known before that date. A player without one is league average, 0.

    Returns:
        `team_games` in the same order; 0 for a side without a projected rotation.
    """
    keys = team_games.select("game_id", "game_date", "team_id").with_row_index("_row")
    players = rotation.select("game_id", "team_id", "player_id", "expected_minutes").join(keys, on=["game_id", "team_id"])
    players = players.join(snapshots.select("game_date", "player_id", *RAPM_COLUMNS), on=["game_date", "player_id"]).sort(
        "_row", "player_id"
    )
    share = players["expected_minutes"].to_numpy() / REGULATION_MINUTES
    sums = {
        column: np.bincount(players["_row"].to_numpy(), weights=players[column].to_numpy() * share, minlength=keys.height)
        for column in RAPM_COLUMNS
    }
    return team_games.with_columns(**{column: pl.Series(values) for column, values in sums.items()})
