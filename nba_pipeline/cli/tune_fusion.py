"""`nba tune fusion`: the few knobs of the net, searched on folds."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings
from nba_pipeline.cli.tuning_bar import tuning_bar

if TYPE_CHECKING:
    from nba_pipeline.tuning.fusion_search import FusionSearch

COUNTED_AS = "tune_fusion"
"""On the ledger; no asset has this name."""


@click.command("fusion")
@click.option("--trials", type=click.IntRange(min=1), default=6, show_default=True, help="In all; an interrupted search goes on.")
@click.option("--folds", type=click.IntRange(min=2), default=2, show_default=True, help="Blocks of dates to judge on.")
@click.option("--epochs", type=click.IntRange(min=1), default=2, show_default=True, help="Most passes of each training.")
@click.option("--seasons", default="", help="NBA_SEASONS when not given; the last is held out.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), help="Minutes that the search may take.")
@json_option
def fusion(trials: int, folds: int, epochs: int, seasons: str, budget: float | None, as_json: bool) -> None:
    """Search learning rate, weight decay, dropout, share of pre-game samples and skip of the fusion net.

    Every fold trains the whole net from new weights, because the pre-trained nets know games that a fold is judged on: its numbers
    compare knobs and are not those of a registered net. Nothing is registered or changed. The first trial is what training uses today.

    \b
    Examples:
      nba tune fusion --trials 6 --budget 60
      NBA_SEASONS=2018-19:2021-22 nba tune fusion --trials 12 --epochs 4 --json

    \b
    Exit codes: 0 searched; 2 tables are missing, over NBA_BUDGET, or wrong usage.
    """
    settings = read_settings()
    from nba_pipeline.league.seasons import UnknownSeasonError, parse_seasons
    from nba_pipeline.models.ledger import BudgetError, Ledger
    from nba_pipeline.models.samples.training_data import NothingToTrainOnError
    from nba_pipeline.models.training.compute import DeviceError, resolve_device
    from nba_pipeline.tuning.folds import FoldError
    from nba_pipeline.tuning.fusion_search import search_fusion
    from nba_pipeline.warehouse.store import StoreError, Warehouse

    warehouse = Warehouse(settings.source_dir, settings.source)
    ledger = Ledger(warehouse, settings.prices)
    with plain_errors(BudgetError, StoreError, DeviceError):
        said, device = ledger.require_budget(COUNTED_AS, [""], settings.budget), resolve_device(settings.device)
    if said and not as_json:
        console.print(said, style="dim", highlight=False, soft_wrap=True)
    known = (UnknownSeasonError, NothingToTrainOnError, FoldError, StoreError)
    counted = ledger.spent(COUNTED_AS, device=device.type)
    with plain_errors(*known), tuning_bar(console, quiet=as_json) as on_trial, counted:
        found = search_fusion(
            warehouse,
            parse_seasons(seasons or settings.seasons),
            trials,
            folds=folds,
            epochs=epochs,
            seed=settings.seed,
            budget_seconds=60 * budget if budget else None,
            device=str(device),
            on_trial=on_trial,
        )
    print_json(_plain(found)) if as_json else _show(found)


def _plain(found: "FusionSearch") -> dict[str, Any]:
    trials = [asdict(trial) | {"loss": trial.loss} for trial in found.trials]
    return asdict(found) | {"trials": trials, "best_params": dict(found.best.params), "alike": found.alike}


def _show(found: "FusionSearch") -> None:
    import polars as pl

    from nba_pipeline.tuning.trials import trials_table

    table = trials_table(found.trials).with_columns(pl.col("skip").replace_strict({True: "yes", False: "no"}, return_dtype=pl.String))
    print_table("Trials, log loss before tip-off", table.drop("folds", *([] if table["pruned"].any() else ["pruned"])).to_dicts())
    for line in _said(found):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _said(found: "FusionSearch") -> Iterator[str]:
    """What the trials say, in words."""
    from nba_pipeline.tuning.fusion_search import TODAY

    difference, best = found.difference, found.best
    knobs = ", ".join(f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in best.params.items())
    yield f"best: trial {best.number}{', what training uses today' if dict(best.params) == TODAY else ''}: {knobs}"
    if len(found.alike) > 1:
        yield (
            f"trials {', '.join(map(str, found.alike))} are exactly alike: no epoch was better than the net as it starts, and the knobs "
            "in which they differ changed nothing"
        )
    yield (
        f"held out ({found.held_out}, {difference.games:,} games): best {found.log_loss:.4f}, today's settings {found.log_loss_today:.4f}, "
        f"best minus today's {difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"
    )
    yield f"{found.seconds:.0f} s; nets without pre-training: the numbers compare knobs, and nothing was registered"
