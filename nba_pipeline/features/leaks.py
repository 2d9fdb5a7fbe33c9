"""The proof of the as-of rule: change the future, rebuild, compare bits.

A feature row of date D may depend on nothing that happened on D or later. `find_leaks` rewrites every such fact at random,
or deletes it, or ends the world with D (not even the schedule of later dates is there), rebuilds the feature and names the
columns that moved. Every registered feature is put through it. A feature that
is given a report of the evening (`Feature.given`) gets D's report as it was, and nothing else of D.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from nba_pipeline.features.asof import SCHEDULE, History
from nba_pipeline.features.feature import Feature

Mutation = Literal["scramble", "delete", "end"]

FACTS = (
    "games", "player_game_stats", "era_lines", "plays", "stints", "shots", "betting_lines", "player_prop_lines", "availability",
    "lineup_flags",
)  # fmt: skip
"""Tables of things that happened; `players` (bios) and the schedule are known all along."""

IDENTITY = frozenset({*SCHEDULE, "play_index", "stint_index", "shot_index", "event_num", "period"})
ASKED_ABOUT = {"era_lines": frozenset({"player_id", "player_name", "team_id", "opponent_id", "is_home"})}
"""Columns that say what is asked, where rows are of whoever played: whose game, where and against whom; what he did is the fact."""


@dataclass(frozen=True)
class Leak:
    """A column that knew the future: in how many rows of which date."""

    feature: str
    column: str
    day: date
    rows: int


def mutate(frames: dict[str, pl.DataFrame], day: date, mutation: Mutation, seed: int = 0) -> dict[str, pl.DataFrame]:
    """The same world, with every fact dated `day` or later scrambled or gone.

    The schedule stays, but for `end`: there games after `day` do not exist, because some of it was known to nobody before (a season
    that stopped, a game that was moved).
    """
    future = frames["games"].filter(pl.col("game_date") >= day)["game_id"].implode()
    changed = dict(frames)
    if mutation == "end":
        changed["games"] = frames["games"].filter(pl.col("game_date") <= day)
    for name in FACTS:
        if name not in frames:
            continue
        table = changed[name]
        is_future = pl.col("game_id").is_in(future)
        if mutation != "scramble" and name != "games":
            changed[name] = table.filter(~is_future)
            continue
        facts = [column for column in table.columns if column not in IDENTITY | ASKED_ABOUT.get(name, frozenset())]
        later = table.filter(is_future)
        changed[name] = pl.concat(
            [table.filter(~is_future), _scramble(later, facts, seed) if mutation == "scramble" else _blank(later, facts)]
        )
    return changed


def _blank(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return rows.with_columns(pl.lit(None, dtype=rows.schema[column]).alias(column) for column in columns)


def _scramble(rows: pl.DataFrame, columns: list[str], seed: int) -> pl.DataFrame:
    """Deals each fact column out again in another order, and moves numbers that are not ids."""
    rng = np.random.default_rng(seed)
    dealt = rows
    for column in columns:
        dealt = dealt.with_columns(rows[column].gather(rng.permutation(rows.height)).alias(column))
        if rows.schema[column].is_numeric() and not column.endswith("_id"):
            dealt = dealt.with_columns((pl.col(column) + int(rng.integers(1, 9))).cast(rows.schema[column]))
    return dealt


def find_leaks(
    feature: Feature, frames: dict[str, pl.DataFrame], day: date, mutation: Mutation, upstream: tuple[Feature, ...] = ()
) -> list[Leak]:
    """Columns of the feature's rows up to `day` that change when the facts of `day` and later do.

    Args:
        feature: what is tested.
        frames: warehouse tables by name.
        day: the instant, before the first tip-off of that date.
        mutation: how the future is changed.
        upstream: features that `feature` reads, in the order to build them.
    """
    features = (*upstream, feature)
    before = build_world(frames, features)
    after = build_world(mutate(frames, day, mutation), features, Reports(before, day))
    return leaks_between(feature, before[feature.name], after[feature.name], day)


def leaks_between(feature: Feature, before: pl.DataFrame, after: pl.DataFrame, day: date) -> list[Leak]:
    """Columns that differ, up to and including the rows of `day`, between a feature and its rebuild after `mutate`."""
    known, rebuilt = _known_rows(feature, before, day), _known_rows(feature, after, day)
    if feature.observed and feature.pregame is None:  # a recording: a row exists where plays do, what it knew before must agree
        known, rebuilt = (one.join(other, on=feature.key, how="semi") for one, other in ((known, rebuilt), (rebuilt, known)))
    if known.height != rebuilt.height:
        return [Leak(feature.name, "<rows>", day, abs(known.height - rebuilt.height))]
    moved = {column: int((known[column].eq_missing(rebuilt[column]).not_()).sum()) for column in known.columns}
    return [Leak(feature.name, column, day, rows) for column, rows in moved.items() if rows]


def _known_rows(feature: Feature, rows: pl.DataFrame, day: date) -> pl.DataFrame:
    known = rows.filter(pl.col("game_date") <= day)
    if feature.pregame is not None:
        known = known.filter(feature.pregame)
    return known.drop(feature.observed).sort(feature.key)


@dataclass(frozen=True)
class Reports:
    """What had been reported before the first tip-off of a date.

    Attributes:
        world: every table, features included, as it was.
        day: the date.
    """

    world: Mapping[str, pl.DataFrame]
    day: date

    def told(self, feature: Feature, rows: pl.DataFrame) -> pl.DataFrame:
        """A feature's rows, those of the date with the observed columns as they were."""
        tonight = pl.col("game_date") == self.day
        known = self.world[feature.name].filter(tonight).select(*feature.key, *feature.observed)
        reported = rows.filter(tonight).drop(feature.observed).join(known, on=feature.key, how="left", maintain_order="left")
        return pl.concat([rows.filter(~tonight), reported.select(rows.columns)])


def build_world(frames: Mapping[str, pl.DataFrame], features: Sequence[Feature], reports: Reports | None = None) -> dict[str, pl.DataFrame]:
    """The tables and every feature over all their seasons.

    Args:
        frames: warehouse tables by name.
        features: in an order in which they can be built.
        reports: what features with `given` are told of the date itself, whatever the tables say.
    """
    world, by_name = dict(frames), {feature.name: feature for feature in features}
    seasons = tuple(world["games"]["season"].unique().sort())
    for step in features:
        told = {name: reports.told(by_name[name], world[name]) for name in step.given} if reports else {}
        world[step.name] = step.build(History.from_frames(world | told), seasons)
    return world
