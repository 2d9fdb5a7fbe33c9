"""One game as far as it has come, as the arrays that the nets read: a finished game replayed, or one that is being played.

Both take one road: plays become tokens and the ten on court by the functions that make the feature tables. Everything an instant
sees comes from plays before it; the graph is that of the ten after the last known play. What does not belong here: forecasts
(`win_probability.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nba_pipeline.features.lineup_graphs import STINT_FACTS, with_nodes
from nba_pipeline.features.sequences import event_lists
from nba_pipeline.league.clock import REGULATION_PERIODS
from nba_pipeline.league.events import EventType
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import games_from_frames
from nba_pipeline.prediction.game.facts import GameFacts, UnknownGameError
from nba_pipeline.prediction.instant import Instant
from nba_pipeline.sources.growing_file import read_growing_plays
from nba_pipeline.warehouse.play_rows import play_rows
from nba_pipeline.warehouse.plays import plays_from_rows
from nba_pipeline.warehouse.store import Warehouse

NO_BOX = pl.DataFrame(schema={"game_id": pl.String, "team_id": pl.Int64, "player_id": pl.Int64, "min": pl.Int32})
"""Of a game that is being played there is no box yet."""


@dataclass(frozen=True)
class LiveGame:
    """A game as far as it has come.

    Attributes:
        facts: what was known before it.
        plays: its plays so far, as in the table `plays`.
        arrays: what the nets read, of this one game.
    """

    facts: GameFacts
    plays: pl.DataFrame
    arrays: GameArrays

    @property
    def is_over(self) -> bool:
        """Whether the last play ends the fourth quarter or an overtime without a tie.

        Some records go on after that with the review of a call, or with the start of a period that was not played.
        """
        played = self.plays.filter(~pl.col("event_type").is_in((EventType.PERIOD_START, EventType.REPLAY)))
        if played.is_empty():
            return False
        last = played.row(-1, named=True)
        ended = last["event_type"] == EventType.PERIOD_END and last["period"] >= REGULATION_PERIODS
        return ended and last["home_score"] != last["away_score"]


def replayed(warehouse: Warehouse, facts: GameFacts, at: Instant | None = None) -> LiveGame:
    """A game of the warehouse, whole or as of an instant.

    Raises:
        UnknownGameError: the warehouse has no plays of it.
        StoreError: its season has no plays at all.
    """
    plays = warehouse.read("plays", [facts.game["season"][0]]).filter(pl.col("game_id") == facts.game_id)
    if plays.is_empty():
        raise UnknownGameError(f"the warehouse has no plays of game {facts.game_id}: give a file of them (--plays), or choose another game")
    return as_far_as(facts, plays, at)


def followed(path: Path, facts: GameFacts, at: Instant | None = None) -> LiveGame:
    """A game from a file of raw plays that may still grow.

    Rows after `at` are left out before anything is made of them, who is on court too.

    Raises:
        ArchiveError: the file is not there, no play-by-play, or of another game.
        PlaysError: a row cannot be read.
    """
    raw = read_growing_plays(path, facts.game_id).rows
    if raw.is_empty():
        return as_far_as(facts, None)
    rows = play_rows(raw, facts.game)
    known = rows.filter(at.is_known()) if at else rows
    return as_far_as(facts, plays_from_rows(known, NO_BOX).plays if known.height else None)


def as_far_as(facts: GameFacts, plays: pl.DataFrame | None, at: Instant | None = None) -> LiveGame:
    """The game with only the plays at or before an instant; none yet when there are no plays."""
    known = _NO_PLAYS if plays is None else plays.sort("play_index")
    known = known.filter(at.is_known()) if at else known
    graphs = pl.concat([facts.pregame_graph, with_nodes(_tens(facts, known), facts.players)], how="diagonal_relaxed")
    row = facts.game.join(facts.context, on="game_id").with_columns(
        score_sd=pl.lit(facts.score_sd, pl.Float64), rating_total=facts.priors["rating_total"]
    )
    row = row.join(event_lists(known), on="game_id", how="left")
    return LiveGame(facts, known, games_from_frames(row, graphs))


def _tens(facts: GameFacts, plays: pl.DataFrame) -> pl.DataFrame:
    """One row per run of plays with the same ten on court, as `lineup_graphs` has one per stint."""
    changed = [pl.col(name).ne_missing(pl.col(name).shift()) for name in ("home_lineup", "away_lineup")]
    firsts = plays.filter(pl.any_horizontal(changed) | (pl.int_range(pl.len()) == 0))
    return firsts.select(
        "game_id", "season",
        pl.lit(facts.game["game_date"][0]).alias("game_date"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("graph_index"),
        pl.col("play_index").cast(pl.Int32).alias("start_play_index"),
        "home_lineup", "away_lineup",
        *(pl.lit(0).alias(fact) for fact in STINT_FACTS),
    )  # fmt: skip


_FIVE = pl.Array(pl.Int64, 5)
_NO_PLAYS = pl.DataFrame(
    schema={
        "game_id": pl.String, "play_index": pl.Int32, "season": pl.String, "event_num": pl.Int32, "period": pl.Int32,
        "clock_seconds": pl.Int32, "elapsed_seconds": pl.Int32, "event_type": pl.Int8, "event_action_type": pl.Int16, "team_id": pl.Int64,
        "player1_id": pl.Int64, "player2_id": pl.Int64, "player3_id": pl.Int64, "home_score": pl.Int32, "away_score": pl.Int32,
        "home_lineup": _FIVE, "away_lineup": _FIVE, "description": pl.String,
    }
)  # fmt: skip
"""The table `plays`, before the first play."""
