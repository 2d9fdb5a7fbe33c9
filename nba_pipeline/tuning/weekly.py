"""The weekly retraining: what a Sunday has to do, what it did, and whether it happened at all.

A week is planned from the raw files alone: it trains if the season's files are others than those of the last week that trained. What
does not belong here: Dagster, which asks and records (`orchestration/schedules.py`, `orchestration/assets/weekly.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.tuning.model_database import ModelDatabase, insert
from nba_pipeline.warehouse.store import Warehouse

Outcome = Literal["trained", "unchanged", "summer", "late", "no_files"]
NOTHING_NEW: tuple[Outcome, ...] = ("unchanged", "summer", "late", "no_files")
"""Weeks in which nothing is registered."""

SUMMER_MONTHS = range(5, 10)
"""May to September: the regular season is over."""

MOST_DAYS_BETWEEN = 8


@dataclass(frozen=True)
class WeeklyPlan:
    """What a week has to do.

    Attributes:
        week: ISO year and week; of a run that a person started, with its moment.
        scheduled_at: when it was to start, ISO 8601.
        season: the one in progress.
        outcome: `trained` if there is something to train on; else why there is not.
        reason: the same in words.
        archive: hash of the season's raw files.
    """

    week: str
    scheduled_at: str
    season: Season
    outcome: Outcome
    reason: str
    archive: str

    @property
    def trains(self) -> bool:
        """Whether there is something to train on."""
        return self.outcome not in NOTHING_NEW


@dataclass(frozen=True)
class WeeklyRun:
    """A week that happened: its plan, when it was done, and what it registered, by model."""

    week: str
    scheduled_at: str
    finished_at: str
    outcome: Outcome
    reason: str
    season: Season
    archive: str
    trained: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Freshness:
    """Whether the weekly run happened lately, and what to say about it."""

    fresh: bool
    said: str
    age_days: float | None = None


def iso_week(at: datetime) -> str:
    """The week of a moment, such as `2024-W02`."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02d}"


def plan_week(at: datetime, season: Season, archive: RawArchive | None, runs: Sequence[WeeklyRun]) -> WeeklyPlan:
    """Decides what a week has to do.

    Args:
        at: when it was to start, in Eastern time.
        season: the season of that moment.
        archive: the raw files; None for a simulated league, which plays a season at once and then never changes.
        runs: earlier weeks, oldest first.
    """
    digest = archive.digest(season) if archive else f"simulated {season}"
    outcome, reason = _outcome(at, season, archive, bool(archive and archive.paths(season)), digest, runs)
    return WeeklyPlan(iso_week(at), at.isoformat(), season, outcome, reason, digest)


def plan_by_hand(plan: WeeklyPlan, *, whole: bool, archive_rests: bool = True) -> WeeklyPlan:
    """The plan of a run that a person started, under a key of its own: the Sunday of its week is recorded beside it.

    Args:
        plan: of the moment at which it started.
        whole: whether everything was made, whatever the plan says; else nothing was to be made.
        archive_rests: whether the raw files are those of the start; if not, the next Sunday trains again.
    """
    at = datetime.fromisoformat(plan.scheduled_at)
    return replace(
        plan,
        week=f"{plan.week}-hand-{at:%m%dT%H%M%S}{f'.{at.microsecond:06d}' if at.microsecond else ''}",
        outcome="trained" if whole else plan.outcome,
        reason=f"started by hand; {plan.reason}",
        archive=plan.archive if archive_rests else "",
    )


def _outcome(
    at: datetime, season: Season, archive: RawArchive | None, has_files: bool, digest: str, runs: Sequence[WeeklyRun]
) -> tuple[Outcome, str]:
    if archive and not has_files:
        return (
            "no_files",
            f"no file of {season} in {archive.root}: the season has not begun, or its files are late; next Sunday looks again",
        )
    last = next((run for run in reversed(runs) if run.outcome == "trained"), None)
    if last is None or last.archive != digest:
        since = f"other files of {season} than in {last.week}" if last else f"the first weekly run, on {season}"
        return "trained", since
    if archive is None:
        return "unchanged", f"the simulated {season} was played at once and learned in {last.week}"
    if at.month in SUMMER_MONTHS:
        return "summer", f"no file of {season} has changed since {last.week}: the season is over"
    return "late", f"no file of {season} has changed since {last.week}: its data is late; next Sunday looks again"


def weekly_freshness(runs: Sequence[WeeklyRun], now: datetime) -> Freshness:
    """Whether a week happened within eight days before `now`; a week without anything to train on happened too."""
    if not runs:
        return Freshness(False, "no weekly run is recorded: keep the daemon up (make ui), or start weekly_retrain")
    last = max(runs, key=lambda run: datetime.fromisoformat(run.scheduled_at))
    age = now - datetime.fromisoformat(last.scheduled_at)
    said = f"{last.week} ({last.outcome}): {last.reason}"
    if age > timedelta(days=MOST_DAYS_BETWEEN):
        said = (
            f"the last week that happened is {last.week}, {age.days} days ago: look for its failed runs and whether the daemon ticks "
            "(nba status), then start weekly_retrain"
        )
    return Freshness(age <= timedelta(days=MOST_DAYS_BETWEEN), said, age / timedelta(days=1))


class WeeklyRecords:
    """The table `weekly_runs`.

    Args:
        warehouse: whose `nba.duckdb` holds it.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._tables = ModelDatabase(warehouse)

    def all(self) -> list[WeeklyRun]:
        """Weeks that happened, oldest first."""
        runs = [WeeklyRun(**row) for row in self._tables.rows("weekly_runs", WeeklyRun)]
        return sorted(runs, key=lambda run: (datetime.fromisoformat(run.scheduled_at), run.week))

    def write(self, run: WeeklyRun) -> None:
        """Records a week; one that is run again replaces what it said."""
        with self._tables.write() as database:
            insert(database, "weekly_runs", run.to_dict(), replace=True)
