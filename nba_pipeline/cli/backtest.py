"""`nba backtest`: how good forecasts would have been, season after season, each trained only on what was known."""

import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, print_table, read_settings

if TYPE_CHECKING:
    from nba_pipeline.orchestration.launch_backtest import BacktestRun
    from nba_pipeline.prediction.backtest.text import Section

RETRAIN = click.Choice(["season", "monthly", "weekly"])
EPOCHS_HELP = "Passes of the nets in each training; 0 leaves them as they start. NBA_EPOCHS when not given."


@click.command()
@click.option("--seasons", required=True, help="Seasons to forecast: A:B or a list A,B.")
@click.option("--retrain", type=RETRAIN, default="season", show_default=True, help="How long one training lasts.")
@click.option("--epochs", type=click.IntRange(min=0), help=EPOCHS_HELP)
@click.option("--seasons-back", type=click.IntRange(min=1), default=4, show_default=True, help="Earlier seasons each training sees.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Blocks at a time, each a process of its own.")
@click.option("--dry-run", is_flag=True, help="Only list the blocks that are still to be forecast.")
@click.option("--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Also write the report to this file.")
@click.option("--block", type=click.DateTime(["%Y-%m-%d"]), hidden=True, help="Forecast only the block that starts on this date.")
@json_option
def backtest(
    seasons: str,
    retrain: str,
    epochs: int | None,
    seasons_back: int,
    workers: int,
    dry_run: bool,
    markdown: Path | None,
    block: datetime | None,
    as_json: bool,
) -> None:
    """Walk forward: train on the past, forecast the next block of games, move on.

    Features must be there (make run, or the UI). Blocks that are forecast already, in the same way, are kept: a backtest that was
    stopped goes on. The report compares everything on the same games, paired, with 95 % intervals over dates.

    \b
    Examples:
      nba backtest --seasons 2015-16:2021-22 --epochs 2
      nba backtest --seasons 2021-22 --retrain monthly --epochs 0 --workers 2
      nba backtest --seasons 2021-22 --json | jq '.sections[0]'

    \b
    Exit codes: 0 every block is forecast and reported; 1 a block failed;
    2 wrong usage, features are missing, or the report cannot be written.
    """
    settings = read_settings()
    if markdown and not markdown.absolute().parent.is_dir():
        raise RefusedError(f"{markdown.absolute().parent} is no folder: make it first, or give another file to --markdown")
    from nba_pipeline.definitions import backtest_block_job, backtest_summary_job
    from nba_pipeline.league.seasons import UnknownSeasonError, parse_seasons
    from nba_pipeline.models.samples.training_data import NothingToTrainOnError
    from nba_pipeline.models.training.config import TrainingConfig
    from nba_pipeline.orchestration.apart import run_apart
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance
    from nba_pipeline.orchestration.launch_backtest import BacktestRun, run_block, run_blocks, run_summary
    from nba_pipeline.orchestration.resources import StoreResource
    from nba_pipeline.prediction.backtest.blocks import BacktestError, missing_blocks, read_report
    from nba_pipeline.prediction.backtest.text import as_markdown, sections

    run = BacktestRun(retrain, settings.epochs if epochs is None else epochs, seasons_back)
    warehouse, progress = StoreResource.from_settings(settings).warehouse, Console(stderr=True) if as_json else console
    with plain_errors(DagsterHomeError, UnknownSeasonError, BacktestError, NothingToTrainOnError), dagster_instance(settings) as instance:
        if block:
            sys.exit(run_block(run, block.date(), instance, backtest_block_job, progress))
        chosen = parse_seasons(seasons)
        todo = missing_blocks(warehouse, chosen, retrain, TrainingConfig(epochs=run.epochs, seed=settings.seed), seasons_back)
        if dry_run:
            _list([asdict(one) for one in todo], as_json)
            return
        firsts = [one.first for one in todo]
        code = (
            run_apart([_again(run, seasons, first) for first in firsts], workers, instance, progress)
            if workers > 1
            else run_blocks(run, firsts, instance, backtest_block_job, progress)
        ) or run_summary(run, seasons, instance, backtest_summary_job, progress)
        if code == 0:
            found = sections(read_report(warehouse, chosen, retrain))
            _show(found, as_json)
            if markdown:
                _write(markdown, as_markdown(found) + "\n")
    sys.exit(code)


def _again(run: "BacktestRun", seasons: str, first: date) -> list[str]:
    """The command of one block."""
    numbers = ("--epochs", run.epochs, "--seasons-back", run.seasons_back)
    return [str(part) for part in ("backtest", "--seasons", seasons, "--retrain", run.retrain, *numbers, "--block", first)]


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text)
    except OSError as error:
        raise RefusedError(f"{file} cannot be written ({error.strerror}): the blocks are kept, give another file to --markdown") from error


def _list(blocks: list[dict], as_json: bool) -> None:
    print_json(blocks) if as_json else print_table("Blocks to forecast", blocks, "none: all are there")


def _show(found: "list[Section]", as_json: bool) -> None:
    if as_json:
        print_json({"sections": [section._asdict() for section in found]})
        return
    for title, about, rows in found:
        print_table(title, rows)
        if about:
            console.print(about, style="dim", highlight=False)
