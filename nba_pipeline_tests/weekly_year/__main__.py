"""52 Sundays on the simulated league, 2022-10-02 .. 2023-09-24: real Elo and logistic models, and four weeks with the nets if asked for.

`python -m nba_pipeline_tests.weekly_year FOLDER` prints a line a week, and a summary at the end. With `--nets --clubs 6` a season of sixty
games builds every table and feature and trains the nets in four of its weeks.
"""

import argparse
import os
import shutil
import time
import warnings
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg

from nba_pipeline.orchestration.jobs import EASTERN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.sources.layout import PLAYER_LOG, TEAM_LOG
from nba_pipeline.tuning.model_manager import ModelManager
from nba_pipeline.tuning.weekly import WeeklyRun, weekly_freshness
from nba_pipeline_tests.weekly_year.growing_league import GrowingLeague
from nba_pipeline_tests.weekly_year.sundays import LIGHT, Sundays

ROOT = Path(__file__).resolve().parents[2]
HISTORY, SEASON = ("2020-21", "2021-22"), "2022-23"
FIRST, WEEKS = datetime(2022, 10, 2, 3, tzinfo=EASTERN), 52
LOGS = (TEAM_LOG, PLAYER_LOG)
NET_WEEKS = 4
ELO = {"k_factor": {"low": 8.0, "high": 40.0}, "home_advantage": {"low": 30.0, "high": 120.0}, "mean_reversion": {"low": 0.1, "high": 0.6}}


def year(folder: Path, *, nets: bool, clubs: int | None) -> None:
    """Runs the year and prints what happened.

    Args:
        folder: of data, raw files and runs; made anew.
        nets: whether four of the weeks build every table and feature and train the nets.
        clubs: how many; all thirty when not given.
    """
    shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    home.mkdir(parents=True)
    shutil.copy(ROOT / "dagster_home" / "dagster.yaml", home)
    league = GrowingLeague(folder / "raw", (*HISTORY, SEASON), clubs=clubs)
    store = StoreResource(data_dir=str(folder / "data"), archive_dir=str(league.root), source="archive", league_seed=1)
    os.environ["NBA_DATA_DIR"], os.environ["NBA_SOURCE"] = str(folder / "data"), "archive"
    with dg.DagsterInstance.from_config(str(home)) as instance:
        sundays = Sundays(store, instance, seasons=",".join((*HISTORY, SEASON)), epochs=1)
        league.write_until(date(2022, 9, 1), () if nets else LOGS)
        sundays.write_history(HISTORY)
        if nets:
            sundays.build_history(HISTORY)
        manager = ModelManager(store.warehouse)
        manager.create("elo", "elo", ELO, method="bayesian", n_trials=15)
        manager.create("logistic", "logistic", method="grid")
        played = [week for week in range(WEEKS) if any(0 < (_sunday(week) - day).days <= 7 for day in league.days(SEASON))]
        late, off, net_weeks = played[len(played) // 3], played[2 * len(played) // 3], played[1 :: max(1, len(played) // NET_WEEKS)]
        outcomes = list[str]()
        for week in range(WEEKS):
            if week != late:
                league.write_until(_sunday(week), () if nets else LOGS)
            everything = nets and week in net_weeks[:NET_WEEKS]
            outcomes.append("off" if week == off else _week(week, sundays, everything=everything))
        _summary(sundays, manager, Counter(outcomes), off)


def _sunday(week: int) -> date:
    return (FIRST + timedelta(weeks=week)).date()


def _week(week: int, sundays: Sundays, *, everything: bool) -> str:
    at, start = FIRST + timedelta(weeks=week), time.perf_counter()
    run = sundays.run(at, sundays.everything if everything else LIGHT)
    tomorrow = weekly_freshness(sundays.records(), at + timedelta(hours=6))
    print(f"{at:%Y-%m-%d} {_said(run)}; fresh {tomorrow.fresh}; {time.perf_counter() - start:.1f} s", flush=True)
    return run.outcome if run else "failed"


def _said(run: WeeklyRun | None) -> str:
    if run is None:
        return "failed"
    models = (f"{name} v{facts['version']} {facts.get('reason') or facts.get('status')}" for name, facts in run.trained.items())
    return f"{run.week} {run.outcome}: {'; '.join(models) or run.reason}"


def _summary(sundays: Sundays, manager: ModelManager, outcomes: Counter[str], week_off: int) -> None:
    off = FIRST + timedelta(weeks=week_off)
    until = [run for run in sundays.records() if datetime.fromisoformat(run.scheduled_at) < off]
    red = [day for day in range(8) if not weekly_freshness(until, off + timedelta(days=day, hours=6)).fresh]
    print(f"outcomes: {dict(outcomes)}; red from day {red[0] if red else 'never'} after the skipped Sunday")
    weeks = {run.week: datetime.fromisoformat(run.scheduled_at).date() for run in sundays.records()}
    for name in ("elo", "logistic"):
        learned = {run.trained[name]["version"]: weeks[run.week] for run in sundays.records() if name in run.trained}
        versions, in_use = manager.versions(name), manager.get(name).production_version
        knew = [one.version for one in versions if date.fromisoformat(one.data_last) >= learned[one.version]] or "none"
        print(f"{name}: {len(versions)} versions, in use v{in_use}; knew their own day or later: {knew}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nets", action="store_true", help="train the nets in four of the weeks")
    parser.add_argument("--clubs", type=int, help="a smaller league")
    warnings.simplefilter("ignore")
    given = parser.parse_args()
    year(given.folder.absolute(), nets=given.nets, clubs=given.clubs)
