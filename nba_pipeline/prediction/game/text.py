"""A game in a terminal: the forecast now, a small curve, the clock every few minutes, the biggest swings.

What does not belong here: what is shown (`story.py`), pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from nba_pipeline.league.clock import QUARTER_SECONDS, period_seconds
from nba_pipeline.prediction.game.story import GameStory, clock_of
from nba_pipeline.prediction.simulated import WHAT_IT_IS

EVERY_SECONDS = QUARTER_SECONDS // 4
"""Between two rows of the table."""

COLUMNS, LEVELS = 72, 8
_BLOCKS = " ▁▂▃▄▅▆▇█"


def print_story(console: Console, story: GameStory, whole: bool = True) -> None:
    """Prints a game: its header and its biggest swings, and in between, if `whole`, the curve and a table by the clock."""
    console.print(f"[bold]{story.title}[/]   {story.score} ({story.clock})   {story.made_by}", highlight=False, soft_wrap=True)
    if story.now["source"] == "simulated":
        console.print(WHAT_IT_IS, style="yellow", highlight=False, soft_wrap=True)
    if whole:
        for line in sparkline(story):
            console.print(line, highlight=False, markup=False)
        console.print(_by_the_clock(story))
    else:
        console.print(one_line(story, story.now), highlight=False, markup=False, soft_wrap=True)
    if story.swings:
        console.print(_swings(story))


def one_line(story: GameStory, row: dict[str, Any]) -> str:
    """An instant in one line."""
    return "   ".join(_cells(story, row))


def sparkline(story: GameStory) -> Iterator[str]:
    """P(home win) as blocks, `LEVELS` lines high, one column every 40 seconds of regulation."""
    at = np.linspace(0, story.end_seconds, COLUMNS, endpoint=False)
    elapsed = story.curve["as_of_seconds"].to_numpy()
    p = story.curve["p_home_win"].to_numpy()[np.searchsorted(elapsed, at, side="right") - 1]
    eighths = np.where(at <= elapsed[-1], np.rint(p * LEVELS * 8).astype(int), 0)
    for level in reversed(range(LEVELS)):
        axis = {LEVELS - 1: "100 %", LEVELS // 2 - 1: " 50 %", 0: "  0 %"}.get(level, "")
        yield f"{axis:>6} " + "".join(_BLOCKS[int(np.clip(value - 8 * level, 0, 8))] for value in eighths).rstrip()
    names = [" "] * COLUMNS
    for seconds, name in story.breaks:
        start = int(seconds / story.end_seconds * COLUMNS)
        names[start : start + len(name)] = name
    yield " " * 7 + "".join(names).rstrip()


def _by_the_clock(story: GameStory) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for name in ("clock", "score", f"P({story.home})", "margin [80 %]", "total [80 %]"):
        table.add_column(name, justify="left" if name == "clock" else "right", no_wrap=True)
    for row in rows_by_the_clock(story.curve).iter_rows(named=True):
        table.add_row(*_cells(story, row))
    return table


def rows_by_the_clock(curve: pl.DataFrame) -> pl.DataFrame:
    """The row before tip-off, the last of every three minutes of a period, and the last of all."""
    into_the_period = period_seconds(pl.col("period")) - pl.col("clock_seconds")
    slot = pl.struct("period", (into_the_period / EVERY_SECONDS).ceil())
    is_last_of_slot = (slot != slot.shift(-1)) & (into_the_period > 0)
    position = pl.int_range(pl.len())
    return curve.filter((position == 0) | (position == pl.len() - 1) | is_last_of_slot)


def _cells(story: GameStory, row: dict[str, Any]) -> tuple[str, ...]:
    clock = "before tip-off" if row["play_index"] == 0 else str(clock_of(row))
    return (
        clock,
        f"{story.away} {row['away_score']} – {row['home_score']} {story.home}",
        f"{row['p_home_win']:.1%}",
        f"{row['margin']:+.1f} [{row['margin_low']:+.1f}, {row['margin_high']:+.1f}]",
        f"{row['total']:.1f} [{row['total_low']:.1f}, {row['total_high']:.1f}]",
    )


def _swings(story: GameStory) -> Table:
    title = f"Biggest swings, points of P({story.home} wins); it travelled {story.excitement:.1f} in all"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for name in ("clock", "team", "play", "score", "points", "P after"):
        table.add_column(name, justify="right" if name in ("points", "P after") else "left", overflow="ellipsis")
    for swing in story.swings:
        score = f"{swing.away_score} – {swing.home_score}"
        table.add_row(str(swing.at), swing.team, swing.label, score, f"{swing.points:+.1f}", f"{swing.p_home_win:.1%}")
    return table
