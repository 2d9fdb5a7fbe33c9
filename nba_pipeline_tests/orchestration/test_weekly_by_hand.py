"""The weekly retraining, started by a person: recorded beside the Sundays if it was whole, and learned for them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.definitions import build_definitions
from nba_pipeline.orchestration.assets import weekly
from nba_pipeline.orchestration.jobs import EASTERN, current_season
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.weekly import WeeklyRecords, WeeklyRun, plan_week, weekly_freshness
from nba_pipeline_tests.weekly_year.growing_league import GrowingLeague
from nba_pipeline_tests.weekly_year.sundays import LIGHT, Sundays

SUNDAY = datetime(2020, 11, 8, 3, tzinfo=EASTERN)
WEDNESDAY = SUNDAY - timedelta(days=4)


@pytest.fixture
def store(tmp_path: Path) -> StoreResource:
    return StoreResource(data_dir=str(tmp_path / "data"), archive_dir=str(tmp_path / "raw"), source="archive", league_seed=1)


@pytest.fixture
def season() -> str:
    return current_season(datetime.now(UTC))


@pytest.fixture
def files(store: StoreResource, season: str) -> Path:
    file = Path(store.archive_dir) / f"leaguegamelog_teams_{season[:4]}.csv.xz"
    file.parent.mkdir()
    file.write_bytes(b"some games")
    return file


def record_by_hand(store: StoreResource, instance: dg.DagsterInstance, *, whole: bool = True, **run) -> dg.ExecuteInProcessResult:
    """Only the record is computed, as if all else had been, or not."""
    defs = dg.Definitions(assets=[weekly.weekly_record], resources={"store": store}, jobs=[dg.define_asset_job("one", "weekly_record")])
    with pytest.MonkeyPatch.context() as patch:
        if whole:
            patch.setattr(weekly, "LEARNED", frozenset())
        return defs.resolve_job_def("one").execute_in_process(instance=instance, raise_on_error=False, **run)


def reason_of(result: dg.ExecuteInProcessResult) -> str:
    (event,) = (one for one in result.all_events if one.is_step_failure)
    return str(event.step_failure_data.error)


def test_the_sunday_after_finds_nothing_new(store: StoreResource, instance: dg.DagsterInstance, files: Path, season: str):
    assert record_by_hand(store, instance).success
    (run,) = WeeklyRecords(store.warehouse).all()
    now = datetime.now(EASTERN)
    assert (run.outcome, run.season, "-hand-" in run.week, run.reason.startswith("started by hand")) == ("trained", season, True, True)
    sunday = plan_week(now, season, store.archive, [run])
    assert not sunday.trains and run.week in sunday.reason and sunday.week != run.week
    files.write_bytes(b"more games")
    assert plan_week(now, season, store.archive, [run]).trains
    assert weekly_freshness([run], now).fresh and not weekly_freshness([run], now + timedelta(days=9)).fresh


def test_the_record_of_the_sunday_before_stays(store: StoreResource, instance: dg.DagsterInstance, files: Path, season: str):
    plan = plan_week(datetime.now(EASTERN) - timedelta(minutes=1), season, store.archive, [])
    sunday = WeeklyRun(**vars(plan), finished_at=plan.scheduled_at, trained={"elo": {"version": 1}})
    WeeklyRecords(store.warehouse).write(sunday)
    assert record_by_hand(store, instance).success
    first, second = WeeklyRecords(store.warehouse).all()
    assert first == sunday and second.week != sunday.week and second.archive == sunday.archive


def test_files_that_came_during_the_run_are_learned_on_sunday(store: StoreResource, instance: dg.DagsterInstance, files: Path, season: str):
    def sunday_trains(started: datetime) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(weekly, "_started", lambda context: started)
            assert record_by_hand(store, instance).success
        return plan_week(started, season, store.archive, WeeklyRecords(store.warehouse).all()[-1:]).trains

    written = datetime.fromtimestamp(files.stat().st_ctime, UTC)
    assert sunday_trains(written - timedelta(seconds=30)) and not sunday_trains(written + timedelta(seconds=30))


def test_a_part_of_a_week_is_no_week(store: StoreResource, instance: dg.DagsterInstance, files: Path, season: str):
    part = record_by_hand(store, instance, whole=False)
    other = record_by_hand(store, instance, tags={"dagster/partition": "2015-16"})
    assert not part.success and "model_version, tuned_elo" in reason_of(part) and f"weekly_retrain on {season}" in reason_of(part)
    assert not other.success and f"{season} left out" in reason_of(other)
    assert WeeklyRecords(store.warehouse).all() == []
    assert record_by_hand(store, instance).success
    assert record_by_hand(store, instance, whole=False).success, "nothing was to be trained"
    assert [run.outcome == "trained" for run in WeeklyRecords(store.warehouse).all()] == [True, False]


def test_the_whole_job_leaves_nothing_out():
    layer = build_definitions().resolve_job_def("weekly_retrain").asset_layer
    assert {key.to_user_string() for key in layer.selected_asset_keys} > weekly.LEARNED


def test_a_wednesday_by_hand_between_two_sundays(store: StoreResource, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch):
    league = GrowingLeague(Path(store.archive_dir), ("2019-20", "2020-21"), clubs=6)
    ModelManager(store.warehouse).create("elo", "elo", {"k_factor": [10.0, 40.0]}, method="grid", cv_folds=2)
    sundays = Sundays(store, instance)
    league.write_until(WEDNESDAY.date())
    sundays.write_history(["2019-20"])
    light = [name for name in LIGHT if name != "tuned_logistic"]
    monkeypatch.setattr(weekly, "LEARNED", frozenset(light))
    monkeypatch.setattr(weekly, "_rests", lambda *asked: True)
    with monkeypatch.context() as patch:
        patch.setattr(weekly, "_started", lambda context: WEDNESDAY)
        assert sundays.by_hand("2020-21", light).success
    assert [(run.outcome, set(run.trained)) for run in sundays.records()] == [("trained", {"elo"})]
    sunday = sundays.run(SUNDAY, light)
    assert sunday is not None and (sunday.week, sunday.outcome) == ("2020-W45", "late")
    league.write_until(date(2020, 11, 15))
    second = sundays.run(SUNDAY + timedelta(weeks=1), light)
    assert second is not None and second.trained["elo"]["version"] == 2
    assert [run.week for run in sundays.records()] == ["2020-W45-hand-1104T030000", "2020-W45", "2020-W46"]
