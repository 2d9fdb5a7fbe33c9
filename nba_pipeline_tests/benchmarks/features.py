"""Seconds of every registered feature for one season, tables read from disk as the assets read them."""

import polars as pl

from nba_pipeline.features import player_rapm
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.features.feature import Feature
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup
from nba_pipeline_tests.benchmarks.timing import Timing, timed

NAME = "Features of a season"


def measure(setup: Setup) -> list[Row]:
    """One row per feature in the order of the catalogue, their sum, and what a RAPM snapshot costs."""
    rows, rapm = [], []
    for feature in FEATURES:
        timing, frame = _build(setup, feature)
        rows.append(Row(NAME, feature.name, timing.seconds, "s", note=f"{frame.height:,} rows, {frame.width} columns"))
        if feature.name == player_rapm.FEATURE.name:
            rapm = _snapshots(timing, frame)
    return [*rows, Row(NAME, "all features", (sum(row.median for row in rows),), "s", note="sum of the medians"), *rapm]


def _build(setup: Setup, feature: Feature) -> tuple[Timing, pl.DataFrame]:
    warehouse, seasons = setup.warehouse, [setup.season]
    timing, frame = timed(lambda: feature.build(History.from_warehouse(warehouse, setup.season), seasons), setup.repeats)
    warehouse.write(feature.name, frame, setup.season)
    return timing, frame


def _snapshots(timing: Timing, frame: pl.DataFrame) -> list[Row]:
    dates = frame["game_date"].n_unique()
    players = frame.group_by("game_date").len()["len"].max() or 0
    note = f"{dates} snapshots of up to {players} players; plays of this season, box lines of the ones before"
    each = tuple(1e3 * seconds / dates for seconds in timing.seconds)
    return [Row("RAPM", "snapshots of a season", timing.seconds, "s", note=note), Row("RAPM", "one snapshot", each, "ms")]
