"""An instant before or within a game, and the same world with everything on and after it changed or gone."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from nba_pipeline.features.leaks import Mutation, mutate
from nba_pipeline.league.ids import GameId

Frames = dict[str, pl.DataFrame]

BEGUN = ("game_id", "stint_index", "season", "period", "start_seconds", "start_play_index", "home_lineup", "away_lineup")
"""What is known of a stint while it lasts: since when, and who is on court."""


@dataclass(frozen=True)
class Instant:
    """As of which moment.

    Attributes:
        day: date of the games.
        mutation: how what follows is changed.
        game_id: the running game; None before the first tip-off of the date.
        play_index: plays of the running game with a smaller index are known.
    """

    day: date
    mutation: Mutation
    game_id: GameId | None = None
    play_index: int = 0


def without_future(frames: Frames, instant: Instant, seed: int = 0) -> Frames:
    """Every raw table with the facts on and after the instant changed; the running game keeps what has been seen of it."""
    changed = mutate(frames, instant.day, instant.mutation, seed)
    if instant.game_id is None:
        return changed
    seen, running = pl.col("play_index") < instant.play_index, pl.col("game_id") == instant.game_id
    plays = pl.concat([frames["plays"].filter(running & seen), changed["plays"].filter(~(running & seen))])
    stints = pl.concat([_stints_so_far(frames["stints"], instant), changed["stints"].filter(~running)])
    order = [("plays", plays, "play_index"), ("stints", stints, "stint_index")]
    return changed | {name: table.sort("game_id", index) for name, table, index in order}


def _stints_so_far(stints: pl.DataFrame, instant: Instant) -> pl.DataFrame:
    """Stints of the running game that have begun; the last of them one second old, without what it is going to bring."""
    begun = stints.filter((pl.col("game_id") == instant.game_id) & (pl.col("start_play_index") < instant.play_index)).sort("stint_index")
    is_last = pl.col("stint_index") == pl.col("stint_index").max()
    facts = [column for column in begun.columns if column not in BEGUN]
    so_far = {column: pl.lit(0) for column in facts} | {"end_seconds": pl.col("start_seconds") + 1}
    return begun.with_columns(
        pl.when(is_last).then(so_far[column]).otherwise(column).cast(begun.schema[column]).alias(column) for column in facts
    )
