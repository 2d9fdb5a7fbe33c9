"""A progress bar over the trials of a search."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from nba_pipeline.tuning.trials import OnTrial, Trial


@contextmanager
def tuning_bar(console: Console, *, quiet: bool) -> "Iterator[OnTrial]":
    """Gives what a search tells its trials to; the bar shows the best loss so far and goes when the search ends.

    Args:
        console: where it is drawn.
        quiet: draw nothing.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    best = float("inf")
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("trials", total=None)

        def told(trial: "Trial", of: int) -> None:
            nonlocal best
            best = best if trial.pruned else min(best, trial.loss)
            bar.update(task, total=of, advance=1, description=f"trials, best log loss {best:.4f}")

        yield told
