"""`nba windows data`, `train`, `meta` and `backtest`: what runs as assets, on the same Dagster instance as the UI."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, print_table, read_settings

if TYPE_CHECKING:
    from nba_pipeline.settings import Settings


@click.command()
@click.option("--seasons", default="", help="A:B or a list; every season that the archive has a player log of when not given.")
def data(seasons: str) -> None:
    """Read player logs into `era_lines` and `era_form`; all of history takes about a minute.

    \b
    Exit codes: 0 done; 1 failed; 2 no logs.
    """
    from nba_pipeline.definitions import era_tables_job
    from nba_pipeline.league.seasons import parse_seasons
    from nba_pipeline.orchestration.launch_windows import build_tables, logged_seasons

    with _instance() as (settings, instance):
        chosen = parse_seasons(seasons) if seasons else logged_seasons(settings)
        code = build_tables(chosen, instance, era_tables_job, console)
    sys.exit(code)


@click.command()
@click.argument("names", nargs=-1, metavar="[WINDOW]...")
@click.option("--missing", is_flag=True, help="Those that are missing or damaged, and no others.")
def train(names: tuple[str, ...], missing: bool) -> None:
    """Train windows, such as 2019-2021, NBA_WORKERS at a time; all when none is named.

    A window that was trained before is trained anew, and its old files stay. NBA_BUDGET stops all of them before the first starts.

    \b
    Examples:
      nba windows train --missing
      nba windows train 2019-2021 2022-2024

    \b
    Exit codes: 0 all are trained; 1 one failed; 2 no such window, no tables, or the budget is spent.
    """
    from nba_pipeline.definitions import window_training_job
    from nba_pipeline.orchestration.launch_windows import train_windows
    from nba_pipeline.orchestration.resources import StoreResource
    from nba_pipeline.orchestration.window_gate import found_windows, windows_config

    with _instance() as (settings, instance):
        store, windows = StoreResource.from_settings(settings), windows_config().chosen
        chosen = list(dict.fromkeys(names)) or [one.name for one in windows]
        if unknown := sorted(set(chosen) - {one.name for one in windows}):
            raise RefusedError(f"no window {', '.join(unknown)}: nba windows status lists them")
        if missing:
            lacking = {one.window for one in found_windows(store).lacking}
            chosen = [name for name in chosen if name in lacking]
        if not chosen:
            console.print("nothing to train: every window is ready", highlight=False)
            return
        there = set(store.warehouse.seasons("era_form"))
        empty = [one.name for one in windows if one.name in chosen and not there & set(one.seasons)]
        if len(empty) == len(chosen):
            raise RefusedError(f"era_form has no season of {', '.join(empty)}: nba windows data")
        code = train_windows(chosen, settings, instance, window_training_job, console)
    sys.exit(code)


@click.command()
def meta() -> None:
    """Train the meta-learner over all windows, on the last seasons that are on disk; nothing is spent when a window is missing.

    \b
    Exit codes: 0 done; 1 failed, or a window is missing or damaged;
    2 nothing to work on, or the budget is spent.
    """
    from nba_pipeline.definitions import meta_training_job
    from nba_pipeline.orchestration.launch_windows import train_meta
    from nba_pipeline.windows.meta_files import MetaStore
    from nba_pipeline.windows.window_files import windows_root

    with _instance() as (settings, instance):
        code = train_meta(settings, instance, meta_training_job, console)
        if code == 0:
            manifest = MetaStore(windows_root(settings.source_dir)).files().manifest
            state = "production ready" if manifest["production_ready"] else "not production ready: fewer than the 27"
            console.print(
                f"{len(manifest['windows'])} windows ({state}), {manifest['rows']:,} rows of {', '.join(manifest['seasons'])}, "
                f"{manifest['players']:,} players",
                highlight=False,
                soft_wrap=True,
            )
    sys.exit(code)


@click.command()
@click.option("--seasons", required=True, help="Seasons to score: A:B or a list A,B.")
@json_option
def backtest(seasons: str, as_json: bool) -> None:
    """Score seasons: the meta-learner, it without each of its parts, and every baseline, on the same rows.

    Each season is forecast by windows and a meta-learner trained on earlier seasons only. Differences are paired, with 95 % intervals
    over dates.

    \b
    Examples:
      nba windows backtest --seasons 2021-22
      nba windows backtest --seasons 2022-23:2023-24 --json | jq '.against_average[]'

    \b
    Exit codes: 0 done; 1 failed, or a window is missing or damaged;
    2 nothing to work on, or the budget is spent.
    """
    from nba_pipeline.definitions import windows_scoring_job
    from nba_pipeline.orchestration.launch_windows import score_seasons
    from nba_pipeline.windows.backtest_files import read_backtest
    from nba_pipeline.windows.window_files import windows_root

    progress = Console(stderr=True) if as_json else console
    with _instance() as (settings, instance):
        code = score_seasons(seasons, settings, instance, windows_scoring_job, progress)
        if code == 0:
            found = read_backtest(windows_root(settings.source_dir), seasons)
    if code == 0:
        print_json(_plain(found)) if as_json else _show(found)
    sys.exit(code)


@contextmanager
def _instance() -> "Iterator[tuple[Settings, Any]]":
    """The settings and the Dagster instance; errors with a remedy are one line."""
    settings = read_settings()
    from nba_pipeline.league.seasons import UnknownSeasonError
    from nba_pipeline.league.windows import UnknownWindowError
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.ledger import BudgetError
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance
    from nba_pipeline.orchestration.launch_windows import NoLogsError
    from nba_pipeline.warehouse.store import StoreError
    from nba_pipeline.windows.config import WindowsConfigError
    from nba_pipeline.windows.ensemble import IncompleteEnsembleError

    known = (
        UnknownSeasonError,
        UnknownWindowError,
        ArtifactError,
        BudgetError,
        DagsterHomeError,
        NoLogsError,
        StoreError,
        WindowsConfigError,
    )
    with plain_errors(*known), dagster_instance(settings) as instance:
        try:
            yield settings, instance
        except IncompleteEnsembleError as error:
            raise click.ClickException(str(error)) from error


def _plain(found: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)


def _show(found: Any) -> None:
    rows = [one.to_dict() for one in found.against_average]
    for target in dict.fromkeys(row["target"] for row in rows):
        of_target = [{name: value for name, value in row.items() if name != "target"} for row in rows if row["target"] == target]
        against_full = {one.forecast: one for one in found.against_full if one.target == target}
        for row in of_target:
            other = against_full[row["forecast"]]
            row |= {"minus meta": other.difference, "meta low": other.low, "meta high": other.high}
        print_table(f"{target}: mean absolute error; minus ewma, and minus the meta-learner, with 95 % intervals", of_target)
    console.print(f"{found.fallback} rows were forecast without any window", style="dim", highlight=False)
