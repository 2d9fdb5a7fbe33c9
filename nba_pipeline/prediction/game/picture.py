"""A game as a PNG: win probability, score, and the biggest swings, numbered on the curve and named below it.

What does not belong here: what is shown (`story.py`), and the page (`page.py`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from nba_pipeline.prediction.game.story import AWAY_COLOUR, HOME_COLOUR, GameStory

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def game_picture(story: GameStory, dots_per_inch: int = 100) -> bytes:
    """PNG bytes, 9 by 6 inches.

    Args:
        story: the game.
        dots_per_inch: 60 is enough for metadata.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), dpi=dots_per_inch, layout="constrained", facecolor="white")
    chance, lead, words = figure.subplots(3, 1, height_ratios=[5, 2.2, 1.9])
    now = story.now
    figure.suptitle(f"{story.title}   {story.score} ({story.clock})", x=0.01, ha="left", fontsize=12, fontweight="bold")
    chance.set_title(f"P({story.home} wins) {now['p_home_win']:.0%}   ·   {story.made_by}", loc="left", fontsize=8.5, color="0.4")
    seconds = story.curve["as_of_seconds"].to_numpy()
    _two_coloured(chance, seconds, story.curve["p_home_win"].to_numpy(), 0.5)
    chance.set(
        ylim=(0, 1), yticks=[0, 0.25, 0.5, 0.75, 1], yticklabels=[f"{story.away} 100 %", "75 %", "50 %", "75 %", f"{story.home} 100 %"]
    )
    _numbers(chance, story)
    leads = (story.curve["home_score"] - story.curve["away_score"]).to_numpy()
    _two_coloured(lead, seconds, leads, 0, steps=True)
    lead.set_ylim(min(leads.min(), -10) - 1, max(leads.max(), 10) + 1)
    lead.set_ylabel("lead, points", fontsize=8)
    for axes in (chance, lead):
        _periods(axes, story, named=axes is lead)
    _named_swings(words, story)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _two_coloured(axes: Axes, x: np.ndarray, y: np.ndarray, middle: float, steps: bool = False) -> None:
    step = "post" if steps else None
    for colour, where in ((HOME_COLOUR, y >= middle), (AWAY_COLOUR, y <= middle)):
        axes.fill_between(x, y, middle, where=where, interpolate=not steps, step=step, color=colour, alpha=0.35, linewidth=0)
    axes.plot(x, y, color="0.15", linewidth=1.2, drawstyle="steps-post" if steps else "default")
    axes.axhline(middle, color="0.5", linewidth=0.8)


def _periods(axes: Axes, story: GameStory, named: bool) -> None:
    starts = [seconds for seconds, _ in story.breaks]
    middles = [(a + b) / 2 for a, b in zip(starts, [*starts[1:], story.end_seconds], strict=True)]
    for seconds in starts[1:]:
        axes.axvline(seconds, color="0.8", linewidth=0.8, zorder=0)
    axes.set(xlim=(0, story.end_seconds), xticks=middles, xticklabels=[name for _, name in story.breaks] if named else [""] * len(middles))
    axes.tick_params(length=0, labelsize=8)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)


def _numbers(axes: Axes, story: GameStory) -> None:
    for number, swing in enumerate(story.swings, start=1):
        colour = HOME_COLOUR if swing.points > 0 else AWAY_COLOUR
        where = (swing.at.elapsed_seconds, swing.p_home_win)
        axes.annotate(
            str(number), where, ha="center", va="center", color="white", fontsize=7.5, fontweight="bold",
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": colour, "edgecolor": "white", "linewidth": 0.8},
        )  # fmt: skip


def _named_swings(axes: Axes, story: GameStory) -> None:
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(max(len(story.swings), 1) - 0.5, -0.5))
    for row, swing in enumerate(story.swings):
        colour = HOME_COLOUR if swing.points > 0 else AWAY_COLOUR
        cells = [
            f"{row + 1}",
            str(swing.at),
            f"{swing.team}",
            swing.label,
            f"{swing.away_score} – {swing.home_score}",
            f"{swing.points:+.1f}",
        ]
        for x, text in zip((0.0, 0.03, 0.13, 0.19, 0.8, 0.96), cells, strict=True):
            axes.text(x, row, text, fontsize=8.5, va="center", ha="right" if x == 0.96 else "left", color=colour if x == 0.96 else "0.2")
