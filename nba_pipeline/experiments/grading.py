"""Holding predictions against what happened. Grading twice, or in two processes at once, leaves the same rows.

A player who did not play is void. A game without a box stays open. A corrected box is graded anew. What does not belong here: sums over
many predictions (`leaderboard.py`, the views).
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, now
from nba_pipeline.experiments.predictions import KEY, predictions_of
from nba_pipeline.experiments.slate import LEAST_PRIOR_GAMES
from nba_pipeline.warehouse.store import Warehouse

WIN, LOSS, PUSH, VOID = "WIN", "LOSS", "PUSH", "VOID"
GRADES = ("actual_points", "prediction_error", "signed_error", "bet_outcome", "beat_baseline", "beat_vegas")


@dataclass(frozen=True)
class GradeReport:
    """What a grading did.

    Attributes:
        dates: dates that have predictions.
        predictions: rows looked at.
        graded: rows with a grade now: the player played.
        void: rows of players who did not play.
        still_open: rows of games without a box yet.
        changed: rows whose grade is new or another one.
        seconds: of the whole grading.
    """

    dates: int
    predictions: int
    graded: int
    void: int
    still_open: int
    changed: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def grade(predictions: pl.DataFrame, box: pl.DataFrame, baseline: str | None) -> pl.DataFrame:
    """Grades of predictions whose game has a box.

    Args:
        predictions: rows of `ml_model_predictions`.
        box: game_id, player_id, pts of every player who appeared.
        baseline: id of the baseline, if there is one.

    Returns:
        `KEY` and `GRADES`, one row per prediction of a game with a box. A bet is on the side of the line on which the forecast lies: WIN,
        LOSS, PUSH when the points equal the line, VOID for a player who did not play, null without a line or with a forecast on it.
    """
    played = box.group_by("game_id", "player_id").agg(_points=pl.col("pts").cast(pl.Float64).sum())
    rows = predictions.join(box.select("game_id").unique(), on="game_id", how="semi", maintain_order="left")
    rows = rows.join(played, on=["game_id", "player_id"], how="left", maintain_order="left")
    theirs = rows.filter(pl.col("model_id") == (baseline or "")).select("player_id", "game_id", _baseline="predicted_points")
    rows = rows.join(theirs, on=["player_id", "game_id"], how="left", maintain_order="left")
    forecast, line, points = pl.col("predicted_points"), pl.col("betting_line"), pl.col("_points")
    error = (forecast - points).abs()
    return rows.select(
        *KEY,
        actual_points=points,
        prediction_error=error,
        signed_error=forecast - points,
        bet_outcome=_bet(forecast, line, points),
        beat_baseline=error < (pl.col("_baseline") - points).abs(),
        beat_vegas=error < (line - points).abs(),
    )


def grade_dates(warehouse: Warehouse, dates: Sequence[date]) -> GradeReport:
    """Grades every prediction of some dates; those of games without a box stay open."""
    start, database = time.perf_counter(), ExperimentsDatabase.of(warehouse)
    box = _box(warehouse, dates)
    with database.writing() as connection:
        predictions = predictions_of(connection, dates)
        grades = grade(predictions, box, _baseline(connection))
        changed = write_grades(connection, grades)
    void = grades["actual_points"].null_count()
    return GradeReport(
        dates=predictions["game_date"].n_unique(),
        predictions=predictions.height,
        graded=grades.height - void,
        void=void,
        still_open=predictions.height - grades.height,
        changed=changed,
        seconds=time.perf_counter() - start,
    )


def open_dates(warehouse: Warehouse, before: date) -> list[date]:
    """Earlier dates with predictions that nothing has been held against yet: their boxes were late, or their games moved."""
    rows = (
        f"SELECT DISTINCT game_date FROM {SCHEMA}.ml_model_predictions "
        "WHERE actual_points IS NULL AND bet_outcome IS DISTINCT FROM ? AND game_date < ? ORDER BY game_date"
    )
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return [day for (day,) in connection.execute(rows, [VOID, before]).fetchall()]


def not_predicted(warehouse: Warehouse, dates: Sequence[date]) -> pl.DataFrame:
    """Players of some dates with enough earlier games who played without a prediction of any model: game_id, player_id, player_name.

    They came back after a long time, or from another team: nobody could know from earlier games that they would play.
    """
    log = warehouse.read("player_game_stats", columns=["game_id", "game_date", "player_id", "player_name"])
    earlier = pl.col("game_date").rank("ordinal").over("player_id") - 1
    played = log.filter(earlier >= LEAST_PRIOR_GAMES).filter(pl.col("game_date").is_in(list(dates)))
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        predicted = predictions_of(connection, dates).select("game_id", "player_id").unique()
    return played.join(predicted, on=["game_id", "player_id"], how="anti").sort("game_date", "game_id", "player_id")


def _bet(forecast: pl.Expr, line: pl.Expr, points: pl.Expr) -> pl.Expr:
    over, won_over = forecast > line, points > line
    decided = pl.when(over == won_over).then(pl.lit(WIN)).otherwise(pl.lit(LOSS))
    no_bet = line.is_null() | (forecast == line)
    return pl.when(points.is_null()).then(pl.lit(VOID)).when(no_bet).then(None).when(points == line).then(pl.lit(PUSH)).otherwise(decided)


def _box(warehouse: Warehouse, dates: Sequence[date]) -> pl.DataFrame:
    """Who appeared in the games of these dates; only games whose result is known."""
    games = warehouse.read("games", columns=["game_id", "game_date", "home_points"])
    over = games.filter(pl.col("game_date").is_in(list(dates)) & pl.col("home_points").is_not_null())
    box = warehouse.read("player_game_stats", columns=["game_id", "player_id", "pts"])
    return box.join(over.select("game_id"), on="game_id", how="semi").filter(pl.col("pts").is_not_null())


def _baseline(connection: duckdb.DuckDBPyConnection) -> str | None:
    found = connection.execute(f"SELECT model_id FROM {SCHEMA}.ml_model_registry WHERE is_baseline").fetchall()
    return found[0][0] if found else None


def write_grades(connection: duckdb.DuckDBPyConnection, grades: pl.DataFrame) -> int:
    """Keeps grades that are new or others than before; how many."""
    connection.register("new_grades", grades)
    differs = " OR ".join(f"p.{name} IS DISTINCT FROM g.{name}" for name in GRADES)
    same_row = " AND ".join(f"p.{name} = g.{name}" for name in KEY)
    values = ", ".join(f"{name} = g.{name}" for name in GRADES)
    at = now()
    changed = connection.execute(
        f"UPDATE {SCHEMA}.ml_model_predictions AS p SET {values}, graded_at = ?, updated_at = ? FROM new_grades AS g "
        f"WHERE {same_row} AND (p.graded_at IS NULL OR {differs})",
        [at, at],
    ).fetchall()
    connection.unregister("new_grades")
    return changed[0][0]
