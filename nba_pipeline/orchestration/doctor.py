"""Is everything there that a run needs? Each question gives a finding; a failed one says what to do."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import dagster as dg

import nba_pipeline
from nba_pipeline.league.seasons import Season, parse_seasons, start_year
from nba_pipeline.orchestration.stages import earlier_logs
from nba_pipeline.orchestration.stale_runs import end_stale_runs
from nba_pipeline.orchestration.status import daemon_status
from nba_pipeline.settings import Settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import DATASETS, PLAYER_INDEX, PLAYER_LOG, PLAYS, TEAM_LOG

Level = Literal["ok", "note", "problem"]

MEGABYTES_PER_SEASON = 40
"""Tables and features of one season: 20 on average over 2018-19 .. 2022-23, doubled for the copy that a rewrite needs."""

MEGABYTES_PER_RUN = 200
"""Nets, checkpoints, forecasts and run history."""

NEEDED = (TEAM_LOG.name, PLAYER_LOG.name)


@dataclass(frozen=True)
class Finding:
    """An answer: `problem` stops a run, `note` is worth knowing."""

    question: str
    level: Level
    answer: str


def examine(settings: Settings, instance: dg.DagsterInstance) -> list[Finding]:
    """Asks everything; ends stale runs on the way."""
    seasons = parse_seasons(settings.seasons)
    return [
        *versions(Path(nba_pipeline.__path__[0]).parent / "constraints.txt"),
        *(archive(RawArchive(settings.raw_dir), seasons) if settings.source == "archive" else [league(settings, seasons)]),
        disk(settings, len(seasons)),
        daemon(instance),
        stale(instance),
    ]


def versions(constraints: Path) -> Iterator[Finding]:
    """Are the installed packages those of constraints.txt?"""
    if not constraints.is_file():
        yield Finding("versions", "note", f"{constraints} is not here, so there is nothing to compare with")
        return
    pins = dict(line.split("==") for line in constraints.read_text().splitlines() if "==" in line)
    other = {name: (pin, found) for name, pin in pins.items() if (found := _installed(name)) not in (None, pin)}
    for name, (pin, found) in other.items():
        yield Finding("versions", "note", f"{name} is {found}, constraints.txt says {pin}: make clean setup")
    if not other:
        yield Finding("versions", "ok", f"{len(pins)} packages as in constraints.txt")


def league(settings: Settings, seasons: tuple[Season, ...]) -> Finding:
    """Can the seasons be simulated, and where is the league? It is never missing: a run makes what is not there."""
    from nba_pipeline.sources.simulator.summers import FOUNDED, UnsimulatedSeasonError

    if start_year(seasons[0]) < FOUNDED:
        return Finding("league", "problem", str(UnsimulatedSeasonError(seasons[0])))
    return Finding("league", "ok", f"simulated, seed {settings.league_seed}: a run writes what is not there yet to {settings.raw_dir}")


def archive(raw: RawArchive, seasons: tuple[Season, ...]) -> Iterator[Finding]:
    """Which files of the chosen seasons are there?"""
    for season in seasons:
        missing = [name for name, dataset in DATASETS.items() if dataset.seasonal and not dataset.optional and not raw.has(name, season)]
        needed = [name for name in missing if name in NEEDED]
        remedy = f" in {raw.root}: data/README.md says where to get them, or leave the season out of NBA_SEASONS"
        if needed:
            yield Finding(f"archive {season}", "problem", f"no {', '.join(needed)}{remedy}")
        elif missing:
            without = " (no plays: samples before tip-off only)" if PLAYS.name in missing else ""
            yield Finding(f"archive {season}", "note", f"no {', '.join(missing)}{without}")
        else:
            yield Finding(f"archive {season}", "ok", "complete")
    if not raw.has(PLAYER_INDEX.name):
        yield Finding(
            "archive", "problem", f"no {PLAYER_INDEX.path(raw.root, None).name} in {raw.root}: data/README.md says where to get it"
        )
    earlier = earlier_logs(raw, seasons[0])
    level: Level = "ok" if earlier else "note"
    yield Finding("earlier game logs", level, f"{len(earlier)} seasons before {seasons[0]} to start ratings from")


def disk(settings: Settings, seasons: int) -> Finding:
    """Is there room for the tables and a training run?"""
    folder = next(path for path in (settings.source_dir, *settings.source_dir.parents) if path.exists())
    needed, free = seasons * MEGABYTES_PER_SEASON + MEGABYTES_PER_RUN, shutil.disk_usage(folder).free / 2**20
    answer = f"about {needed:,} MB needed under {settings.source_dir}, {free:,.0f} MB free"
    return Finding("disk", "ok" if free > needed else "problem", answer if free > needed else f"{answer}: free some, or set NBA_DATA_DIR")


def daemon(instance: dg.DagsterInstance) -> Finding:
    """Will schedules tick?"""
    if daemon_status(instance)["running"]:
        return Finding("daemon", "ok", "alive: the weekly retrain will start by itself")
    return Finding("daemon", "note", "no heartbeat: schedules do not tick until `make ui` (or dagster-daemon run) is up")


def stale(instance: dg.DagsterInstance) -> Finding:
    """Does a dead run hold a pool slot? If so it is ended."""
    ended = end_stale_runs(instance)
    if not ended:
        return Finding("stale runs", "ok", "none")
    return Finding("stale runs", "note", f"ended {', '.join(run.run_id[:8] for run in ended)}: the process was gone, pool slots are free")


def _installed(package: str) -> str | None:
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return None
