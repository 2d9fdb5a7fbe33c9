"""A player's last games before a row, game by game: what the temporal memory reads.

What does not belong here: averages over them (`features/eras/averages.py`), the net (`meta_net.py`).
"""

import numpy as np
import polars as pl

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.features.eras.levels import in_units, levels

SEEN = ("min", *TARGETS, "fga", "fta")
"""What is remembered of a game, in units of the league's level."""

LONGEST_GAP_DAYS = 400.0
TOKEN = len(SEEN) + 2
"""Numbers a game: `SEEN`, where it was, and how long ago (log days over log 400)."""


def remembered(rows: pl.DataFrame, lines: pl.DataFrame, games: int) -> np.ndarray:
    """The last games of each row's player, of strictly earlier dates.

    Args:
        rows: player_id and game_date.
        lines: rows of `era_lines`.
        games: how many.

    Returns:
        Array (rows, games, `TOKEN`) float32, the latest game last; a game that was not is all NaN, and so is a count that was not kept.
    """
    level = levels(lines, lines["game_date"].unique())
    lines = lines.join(rows.select("player_id").unique(), on="player_id", how="semi").sort("player_id", "game_date", "game_id")
    units = in_units(lines, level, SEEN)
    facts = np.column_stack([units[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in (*SEEN, "is_home")])
    day, asked_day = (frame["game_date"].to_physical().cast(pl.Int64).to_numpy() for frame in (lines, rows))
    code = {player: at for at, player in enumerate(lines["player_id"].unique(maintain_order=True))}
    far = 1_000_000
    place = np.array([code[player] for player in lines["player_id"]], dtype=np.int64) * far + day
    asked = np.array([code.get(player, -1) for player in rows["player_id"]], dtype=np.int64)
    first = np.searchsorted(place, asked * far - far // 2)  # days before 1970 are negative
    end = np.where(asked >= 0, np.searchsorted(place, asked * far + asked_day), 0)
    answer = np.full((rows.height, games, TOKEN), np.nan, np.float32)
    for back in range(1, games + 1):
        at = end - back
        there = (asked >= 0) & (at >= first)
        answer[there, games - back, :-1] = facts[at[there]]
        gap = np.clip(asked_day[there] - day[at[there]], 1, LONGEST_GAP_DAYS)
        answer[there, games - back, -1] = np.log(gap) / np.log(LONGEST_GAP_DAYS)
    return answer
