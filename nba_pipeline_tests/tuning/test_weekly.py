"""What a Sunday has to do follows from the raw files, and whether it happened from the record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.weekly import WeeklyPlan, WeeklyRecords, WeeklyRun, plan_by_hand, plan_week, weekly_freshness

SUNDAY = datetime(2024, 1, 14, 8, tzinfo=UTC)
SEASON = "2023-24"


@pytest.fixture
def archive(tmp_path: Path) -> RawArchive:
    (tmp_path / "leaguegamelog_teams_2023.csv.xz").write_bytes(b"some games")
    return RawArchive(tmp_path)


def happened(plan: WeeklyPlan) -> WeeklyRun:
    return WeeklyRun(plan.week, plan.scheduled_at, plan.scheduled_at, plan.outcome, plan.reason, plan.season, plan.archive, {})


def test_new_files_are_trained_on_and_the_same_files_are_not(archive: RawArchive):
    first = plan_week(SUNDAY, SEASON, archive, [])
    assert (first.week, first.trains, first.outcome) == ("2024-W02", True, "trained")
    second = plan_week(SUNDAY + timedelta(days=7), SEASON, archive, [happened(first)])
    assert (second.week, second.outcome) == ("2024-W03", "late") and "2024-W02" in second.reason
    archive.files(SEASON)[0].path.write_bytes(b"some games more")
    third = plan_week(SUNDAY + timedelta(days=14), SEASON, archive, [happened(first), happened(second)])
    assert third.trains and third.archive != first.archive


def test_a_week_that_failed_is_not_taken_for_one_that_trained(archive: RawArchive):
    first = plan_week(SUNDAY, SEASON, archive, [])
    archive.files(SEASON)[0].path.write_bytes(b"more")
    assert plan_week(SUNDAY + timedelta(days=7), SEASON, archive, [happened(first)]).trains
    assert plan_week(SUNDAY + timedelta(days=14), SEASON, archive, [happened(first)]).trains


def test_the_summer_and_a_season_without_files_say_so(archive: RawArchive):
    first = plan_week(SUNDAY, SEASON, archive, [])
    july = plan_week(datetime(2024, 7, 7, 7, tzinfo=UTC), SEASON, archive, [happened(first)])
    october = plan_week(datetime(2024, 10, 6, 7, tzinfo=UTC), "2024-25", archive, [happened(first)])
    assert (july.outcome, october.outcome) == ("summer", "no_files")
    assert "the season is over" in july.reason and "no file of 2024-25" in october.reason
    assert not july.trains and not october.trains


def test_a_run_by_hand_learns_for_the_sunday_after_it_and_keeps_a_record_of_its_own(archive: RawArchive, manager: ModelManager):
    wednesday, records = SUNDAY - timedelta(days=4), WeeklyRecords(manager.warehouse)
    by_hand = plan_by_hand(plan_week(wednesday, SEASON, archive, []), whole=True)
    records.write(happened(by_hand))
    assert (by_hand.week, by_hand.reason) == ("2024-W02-hand-0110T080000", f"started by hand; the first weekly run, on {SEASON}")
    sunday = plan_week(SUNDAY, SEASON, archive, records.all())
    assert (sunday.week, sunday.outcome) == ("2024-W02", "late")
    records.write(happened(sunday))
    assert [run.week for run in records.all()] == [by_hand.week, "2024-W02"]


def test_by_hand_everything_is_trained_again_and_files_that_came_meanwhile_are_not_learned(archive: RawArchive):
    first = plan_week(SUNDAY, SEASON, archive, [])
    again = plan_week(SUNDAY + timedelta(days=1), SEASON, archive, [happened(first)])
    assert (again.outcome, plan_by_hand(again, whole=True).outcome, plan_by_hand(again, whole=False).outcome) == ("late", "trained", "late")
    restless = plan_by_hand(again, whole=True, archive_rests=False)
    assert plan_week(SUNDAY + timedelta(days=7), SEASON, archive, [happened(first), happened(restless)]).trains


def test_records_are_in_the_order_of_time_whatever_their_zone(archive: RawArchive, manager: ModelManager):
    records, early = WeeklyRecords(manager.warehouse), happened(plan_week(SUNDAY, SEASON, archive, []))
    late = replace(early, week="later", scheduled_at=(SUNDAY + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-5))).isoformat())
    for run in (late, early):
        records.write(run)
    assert [run.week for run in records.all()] == [early.week, "later"]


def test_a_simulated_season_is_learned_once():
    first = plan_week(SUNDAY, SEASON, None, [])
    assert first.trains and plan_week(SUNDAY + timedelta(days=7), SEASON, None, [happened(first)]).outcome == "unchanged"
    assert plan_week(SUNDAY + timedelta(days=365), "2024-25", None, [happened(first)]).trains


def test_a_week_that_is_skipped_turns_red(archive: RawArchive, manager: ModelManager):
    records = WeeklyRecords(manager.warehouse)
    assert records.all() == [] and not weekly_freshness([], SUNDAY).fresh
    run = happened(plan_week(SUNDAY, SEASON, archive, []))
    records.write(run)
    records.write(run)
    assert records.all() == [run]
    days = {after: weekly_freshness(records.all(), SUNDAY + timedelta(days=after)) for after in (1, 7, 8, 9)}
    assert {after: found.fresh for after, found in days.items()} == {1: True, 7: True, 8: True, 9: False}
    assert "2024-W02, 9 days ago" in days[9].said and "nba status" in days[9].said


def test_a_week_without_anything_new_happened_too(archive: RawArchive):
    run = happened(plan_week(datetime(2024, 10, 6, 7, tzinfo=UTC), "2024-25", archive, []))
    assert weekly_freshness([run], datetime(2024, 10, 9, tzinfo=UTC)).fresh
