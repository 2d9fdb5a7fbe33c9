"""Sundays of a small league whose archive grows: it trains on what is new, registers nothing where nothing is, and keeps what is better."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import torch

from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.orchestration.assets.weekly import registered_since
from nba_pipeline.orchestration.checks import fresh_version, weekly_happened
from nba_pipeline.orchestration.jobs import EASTERN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.weekly import WeeklyRecords, WeeklyRun, weekly_freshness
from nba_pipeline_tests.orchestration.test_checks import check_alone
from nba_pipeline_tests.weekly_year.growing_league import GrowingLeague
from nba_pipeline_tests.weekly_year.sundays import Sundays

FIRST = datetime(2020, 11, 8, 3, tzinfo=EASTERN)
"""A Sunday in the middle of the season of six clubs, 2020-10-20 .. 2020-12-01."""


def sunday(week: int) -> datetime:
    return FIRST + timedelta(weeks=week)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> GrowingLeague:
    return GrowingLeague(tmp_path_factory.mktemp("growing"), ("2018-19", "2019-20", "2020-21"), clubs=6)


@pytest.fixture
def store(tmp_path: Path) -> StoreResource:
    return StoreResource(data_dir=str(tmp_path / "data"), archive_dir=str(tmp_path / "raw"), source="archive", league_seed=1)


@pytest.fixture
def sundays(store: StoreResource, played: GrowingLeague, instance: dg.DagsterInstance) -> Sundays:
    played.root = Path(store.archive_dir)
    played.write_until(date(2020, 9, 1))
    manager = ModelManager(store.warehouse)
    manager.create("elo", "elo", {"k_factor": [10.0, 40.0], "home_advantage": [60.0]}, method="grid", cv_folds=2)
    manager.create("logistic", "logistic", {"C": [0.01, 1.0]}, method="grid", cv_folds=2)
    made = Sundays(store, instance)
    made.write_history(["2018-19", "2019-20"])
    return made


def test_a_season_week_by_week(sundays: Sundays, played: GrowingLeague):
    manager = ModelManager(sundays.store.warehouse)
    assert sundays.run(FIRST - timedelta(weeks=4)) is not None and sundays.records()[0].outcome == "no_files"
    played.write_until(date(2020, 11, 8))
    first = sundays.run(sunday(0))
    assert first is not None and first.outcome == "trained" and set(first.trained) == {"elo", "logistic"}
    assert sundays.instance.get_runs()[0].tags["nba/week_outcome"] == "trained"
    late = sundays.run(sunday(1))
    assert late is not None and (late.outcome, late.trained) == ("late", {})
    played.write_until(date(2020, 11, 22))
    second = sundays.run(sunday(2))
    assert second is not None and second.trained["elo"]["version"] == 2
    july = sundays.run(datetime(2021, 7, 4, 3, tzinfo=EASTERN))
    assert july is not None and (july.outcome, july.trained) == ("summer", {})
    for name in ("elo", "logistic"):
        until = [date.fromisoformat(one.data_last) for one in manager.versions(name)]
        assert until == [date(2020, 11, 7), date(2020, 11, 21)], "each week learned its past, and nothing was registered in between"


def test_a_model_that_is_not_active_is_left_alone_and_a_truncated_file_fails_the_week(sundays: Sundays, played: GrowingLeague):
    ModelManager(sundays.store.warehouse).deactivate("logistic")
    played.write_until(date(2020, 11, 8))
    run = sundays.run(sunday(0))
    assert run is not None and set(run.trained) == {"elo"}
    log = played.root / "leaguegamelog_teams_2020.csv.xz"
    log.write_bytes(log.read_bytes()[:500])
    assert sundays.run(sunday(1)) is None
    assert [one.week for one in sundays.records()] == [run.week], "a week that failed is not recorded"
    assert ModelManager(sundays.store.warehouse).get("elo").production_version == 1
    assert not weekly_freshness(sundays.records(), sunday(1) + timedelta(days=3)).fresh


def test_the_checks_follow_the_record(store: StoreResource):
    def record(days: int, outcome: str) -> None:
        at = (datetime.now(EASTERN) - timedelta(days=days)).isoformat()
        WeeklyRecords(store.warehouse).write(WeeklyRun("week", at, at, outcome, "so it was", "2020-21", "", {}))  # pyright: ignore

    def passed() -> tuple[bool, bool]:
        (week,), (version,) = (check_alone(one, store, on).values() for one, on in CHECKED)
        return week.passed, version.passed

    CHECKED = ((weekly_happened, "weekly_record"), (fresh_version, "model_version"))
    assert passed() == (False, False)
    record(1, "summer")
    assert passed() == (True, True), "in summer nothing is to be registered"
    record(1, "trained")
    assert passed() == (True, False), "it says that it trained, and there is no version"
    record(9, "summer")
    assert passed() == (False, False), "a week was skipped"


def test_the_record_of_a_week_says_whether_the_net_is_in_use_and_why(store: StoreResource):
    registry, since = ModelRegistry(store.models_root), datetime.now(UTC).replace(microsecond=0)
    for comparison in (None, {"promoted": False, "reason": "worse than v1.0.0", "mean": 0.01}):
        registry.save_model(models={"fusion": torch.nn.Linear(1, 1)}, metrics={}, source="archive", comparison=comparison)
    told = {"version": "v1.1.0", "status": "insufficient", "in_use": False, "promoted": False, "reason": "worse than v1.0.0", "mean": 0.01}
    assert registered_since(store, since)["fusion"] == told
    assert registered_since(store, since + timedelta(hours=1)) == {}
