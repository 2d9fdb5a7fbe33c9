"""Checks that look at more than one table's schema: reconciliation, missing numbers, acceptance, freshness.

The criteria and the reconciliation are data and pure functions elsewhere; here they get a face in the UI and stop what comes after.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import polars as pl

from nba_pipeline.evaluation.criteria import CRITERIA, verdict
from nba_pipeline.features.lineup_spacing import fallbacks
from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.candidates import FUSION, report_of
from nba_pipeline.orchestration.metadata import frame_metadata, number_metadata
from nba_pipeline.orchestration.partitions import seasons_of_run
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.tuning.weekly import NOTHING_NEW, WeeklyRecords, weekly_freshness
from nba_pipeline.warehouse.reconcile import reconcile

MOST_DAYS_BETWEEN_VERSIONS = 8

SPACING = ("lineup_spacing", "lineup_hulls")
MOST_FALLBACK = 0.05
"""Share of a season's rows that may rest on older shots: its first date, where the season before has none."""

RECONCILED: dict[str, str] = {
    "missing_games": "Games of the log without plays, in seasons that have plays",
    "final_score": "The last score of the plays is that of the game log",
    "points": "Points per player from plays equal the box",
    "rebounds": "Rebounds per player from plays equal the box",
    "assists": "Assists per player from plays equal the box",
    "threes": "Threes per player from plays equal the box",
    "five_on_court": "Five on each side at every live play",
    "stint_minutes": "Stint seconds per player equal the box minutes within a minute",
    "plus_minus": "Points margin per player while on court equals the box",
    "possessions": "Possessions per game are plausible",
}
"""All of them look at `stints`, the last of the tables, so that they see games, plays and box lines of the same run."""


@dg.multi_asset_check(
    name="reconciliation",
    specs=[dg.AssetCheckSpec(name, asset="stints", description=about, blocking=True) for name, about in RECONCILED.items()],
)
def reconciliation(context: dg.AssetCheckExecutionContext, store: StoreResource) -> Iterator[dg.AssetCheckResult]:
    """What the tables say of the same games must agree."""
    for check in reconcile(*(_rows(context, store, table) for table in ("games", "plays", "stints", "player_game_stats"))):
        yield dg.AssetCheckResult(
            asset_key="stints",
            check_name=check.name,
            passed=check.passed,
            severity=dg.AssetCheckSeverity[check.severity],
            description=", ".join(f"{name} {value:,.6g}" for name, value in check.metrics.items()),
            metadata={**number_metadata(check.metrics), "offenders": check.rows.height, "rows": frame_metadata(check.rows)},
        )


@dg.asset_check(asset="context_features", blocking=True, description="No feature of a played game is missing")
def no_missing_numbers(context: dg.AssetCheckExecutionContext, store: StoreResource) -> dg.AssetCheckResult:
    """Every number of every row is finite."""
    rows = _rows(context, store, "context_features")
    numbers = rows.select(pl.selectors.float())
    wrong = {name: count for name, count in _not_finite(numbers).items() if count}
    return dg.AssetCheckResult(passed=not wrong, metadata={"rows": rows.height, "columns_with_gaps": len(wrong), **number_metadata(wrong)})


@dg.multi_asset_check(
    name="shots_are_current",
    specs=[
        dg.AssetCheckSpec("shots_are_current", asset=name, description="Areas rest on shots up to the last date, not on those of before")
        for name in SPACING
    ],
)
def shots_are_current(context: dg.AssetCheckExecutionContext, store: StoreResource) -> Iterator[dg.AssetCheckResult]:
    """A season without shots falls back to what was known before it: no error, but counted."""
    for name in SPACING:
        counts = fallbacks(_rows(context, store, name))
        yield dg.AssetCheckResult(
            asset_key=name,
            check_name="shots_are_current",
            passed=bool((counts["share"] <= MOST_FALLBACK).all()),
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(f"{season}: {older:,} of {rows:,} on older shots" for season, rows, older, _ in counts.iter_rows()),
            metadata={"fallback_rows": int(counts["older"].sum()), "seasons": frame_metadata(counts)},
        )


@dg.multi_asset_check(
    name="acceptance",
    specs=[
        dg.AssetCheckSpec(one.name, asset=FUSION, blocking=one.severity == "ERROR", description=f"{one.key} {one.relation} bound")
        for one in CRITERIA
    ],
)
def acceptance(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """The acceptance criteria on the candidate's held-out games; with too few games they are only shown."""
    answer = verdict(report_of(context.instance, context.run))
    for result in answer.results:
        serious = result.severity == "ERROR" and answer.status != "insufficient"
        yield dg.AssetCheckResult(
            asset_key=FUSION,
            check_name=result.name,
            passed=result.passed,
            severity=dg.AssetCheckSeverity.ERROR if serious else dg.AssetCheckSeverity.WARN,
            description=result.message,
            metadata={**number_metadata({"value": result.value, "bound": result.bound}), "verdict": answer.status},
        )


@dg.asset_check(asset="weekly_record", description=f"A weekly run happened within {MOST_DAYS_BETWEEN_VERSIONS} days")
def weekly_happened(store: StoreResource) -> dg.AssetCheckResult:
    """Did Sunday's run reach its end? Its record is asked, not the schedule."""
    found = weekly_freshness(WeeklyRecords(store.warehouse).all(), datetime.now(UTC))
    age = {"age_days": found.age_days} if found.age_days is not None else {}
    return dg.AssetCheckResult(passed=found.fresh, description=found.said, metadata=number_metadata(age))


@dg.asset_check(
    asset="model_version", description=f"The newest version is at most {MOST_DAYS_BETWEEN_VERSIONS} days old, or nothing is new"
)
def fresh_version(store: StoreResource) -> dg.AssetCheckResult:
    """Did the weekly retrain really produce a version, if it had something to train on? The registry is asked, not the schedule."""
    from nba_pipeline.models.registry import ModelRegistry

    runs = WeeklyRecords(store.warehouse).all()
    if runs and runs[-1].outcome in NOTHING_NEW and weekly_freshness(runs, datetime.now(UTC)).fresh:
        return dg.AssetCheckResult(passed=True, description=f"nothing is new: {runs[-1].reason}")
    versions = ModelRegistry(store.models_root).list_versions()
    if not versions:
        return dg.AssetCheckResult(passed=False, description="no version is registered: run weekly_retrain, or make run")
    newest = max(datetime.fromisoformat(str(version.created_at)) for version in versions)
    age = datetime.now(UTC) - newest.astimezone(UTC)
    fresh = age <= timedelta(days=MOST_DAYS_BETWEEN_VERSIONS)
    remedy = "" if fresh else ": look at the last weekly_retrain run (nba status); it failed, was refused, or never started"
    return dg.AssetCheckResult(
        passed=fresh,
        description=f"the newest version is {age / timedelta(days=1):.1f} days old{remedy}",
        metadata={"age_days": age / timedelta(days=1), "versions": len(versions)},
    )


def _rows(context: dg.AssetCheckExecutionContext, store: StoreResource, table: str) -> pl.DataFrame:
    """The table's rows of this run's seasons; of all that are built when a check is run by itself."""
    seasons: tuple[Season, ...] = seasons_of_run(context.run) or store.warehouse.seasons(table)
    return store.warehouse.read(table, seasons)


def _not_finite(numbers: pl.DataFrame) -> dict[str, int]:
    counts = numbers.select(pl.all().is_finite().fill_null(False).not_().sum())
    return counts.row(0, named=True)


CHECKS = [reconciliation, no_missing_numbers, shots_are_current, acceptance, fresh_version, weekly_happened]
