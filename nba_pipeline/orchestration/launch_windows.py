"""What `nba windows` starts: tables of all of history, windows side by side, the meta-learner and backtests behind the gate.

All of it is assets on the same Dagster instance as the UI. What does not belong here: training (`windows`).
"""

from collections.abc import Sequence

import dagster as dg
from rich.console import Console

from nba_pipeline.league.seasons import Season, parse_seasons
from nba_pipeline.league.windows import WindowName
from nba_pipeline.models.ledger import Ledger
from nba_pipeline.orchestration.apart import run_apart
from nba_pipeline.orchestration.launch import OK, JobMaker, execute, report_stale_runs
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.stages import Stage, span, without_gaps
from nba_pipeline.orchestration.window_gate import require_windows
from nba_pipeline.settings import Settings
from nba_pipeline.sources.layout import PLAYER_LOG

ERA_TABLES = ("era_lines", "era_form")


class NoLogsError(LookupError):
    """There are no player logs to read; the message says where they were looked for."""


def logged_seasons(settings: Settings) -> tuple[Season, ...]:
    """Seasons of which the archive has a player log.

    Raises:
        NoLogsError: none.
    """
    root = StoreResource.from_settings(settings).archive.root
    seasons = PLAYER_LOG.seasons(root)
    if not seasons:
        raise NoLogsError(
            f"no {PLAYER_LOG.name}_*{PLAYER_LOG.suffix} in {root}: set NBA_SOURCE=archive and NBA_ARCHIVE_DIR, or nba run once to simulate"
        )
    return seasons


def build_tables(seasons: Sequence[Season], instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Reads player logs into tables, range by range; the first exit code that is not 0."""
    report_stale_runs(instance, console)
    stages = [Stage(f"box lines {span(part)}", ERA_TABLES, part) for part in without_gaps(seasons)]
    return next((code for code in (execute(stage, instance, job, console) for stage in stages) if code != OK), OK)


def train_windows(windows: Sequence[WindowName], settings: Settings, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """Trains windows, `NBA_WORKERS` at a time, each in a process and run of its own; the worst exit code.

    Raises:
        BudgetError: all of them together would cost more than is left; none was started.
    """
    _require_budget("window_models", windows, settings, console)
    report_stale_runs(instance, console)
    if len(windows) == 1 or settings.workers == 1:
        codes = [execute(Stage(f"window {one}", ("window_models",), partition=one), instance, job, console) for one in windows]
        return max(codes, default=OK)
    return run_apart([["windows", "train", one] for one in windows], settings.workers, instance, console)


def train_meta(settings: Settings, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """The gate, then the meta-learner; returns the exit code.

    Raises:
        IncompleteEnsembleError: a window is missing or damaged; nothing was started.
        BudgetError: it would cost more than is left; it was not started.
    """
    require_windows(StoreResource.from_settings(settings))
    _require_budget("meta_learner", [""], settings, console)
    report_stale_runs(instance, console)
    return execute(Stage("meta-learner", ("window_ensemble", "meta_learner")), instance, job, console)


def score_seasons(seasons: str, settings: Settings, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """The gate, then a backtest; returns the exit code.

    Raises:
        IncompleteEnsembleError: a window is missing or damaged; nothing was started.
        BudgetError: it would cost more than is left; it was not started.
        NoLogsError: the tables have no such season.
    """
    store = StoreResource.from_settings(settings)
    require_windows(store)
    there = store.warehouse.seasons("era_form")
    if absent := [season for season in parse_seasons(seasons) if season not in there]:
        raise NoLogsError(f"era_form has no season {', '.join(absent)}: nba windows data")
    _require_budget("windows_backtest", [""], settings, console)
    report_stale_runs(instance, console)
    config = {"ops": {"windows_backtest": {"config": {"seasons": seasons}}}}
    return execute(Stage(f"windows {seasons}", ("window_ensemble", "windows_backtest")), instance, job, console, run_config=config)


def _require_budget(asset: str, parts: Sequence[str], settings: Settings, console: Console) -> None:
    """Asks before a run is started; the asset asks again."""
    ledger = Ledger(StoreResource.from_settings(settings).warehouse, settings.prices)
    if said := ledger.require_budget(asset, list(parts), settings.budget):
        console.print(said, highlight=False, soft_wrap=True)
