"""A game's curve and score as SVG, for the page.

What does not belong here: the page around it (`page.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from nba_pipeline.prediction.game.story import GameStory
from nba_pipeline.prediction.game.swings import Swing

WIDTH, CHANCE, GAP, LEAD, LEFT, RIGHT, TOP, BOTTOM = 960, 300, 26, 110, 88, 14, 12, 24
HEIGHT = TOP + CHANCE + GAP + LEAD + BOTTOM
_MIDDLE, _LEAD_MIDDLE = TOP + CHANCE / 2, TOP + CHANCE + GAP + LEAD / 2


def game_svg(story: GameStory) -> str:
    """The drawing, with classes instead of colours: `home`, `away`, `curve`, `grid`, `badge`."""
    x = [_x(seconds, story) for seconds in story.curve["as_of_seconds"]]
    chance = [_y(p) for p in story.curve["p_home_win"]]
    leads = (story.curve["home_score"] - story.curve["away_score"]).to_list()
    most = max(10, *(abs(lead) for lead in leads))
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="win probability and score">',
        *_clips(),
        *_grid(story, most),
        *_two_sided(_area(x, chance, _MIDDLE), "chance"),
        f'<polyline id="curve" class="curve" points="{_points(x, chance)}"/>',
        *_two_sided(_area(*_steps(x, [_LEAD_MIDDLE - lead / most * LEAD / 2 for lead in leads]), _LEAD_MIDDLE), "lead"),
        *(_badge(number, swing, story) for number, swing in enumerate(story.swings, start=1)),
        f'<line id="cursor" class="cursor" y1="{TOP}" y2="{HEIGHT - BOTTOM}" visibility="hidden"/>',
        "</svg>",
    ]
    return "\n".join(parts)


def _x(seconds: float, story: GameStory) -> float:
    return LEFT + seconds / story.end_seconds * (WIDTH - LEFT - RIGHT)


def _y(p: float) -> float:
    return TOP + (1 - p) * CHANCE


def _points(x: Sequence[float], y: Sequence[float]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _area(x: Sequence[float], y: Sequence[float], middle: float) -> str:
    return _points([x[0], *x, x[-1]], [middle, *y, middle])


def _steps(x: Sequence[float], y: Sequence[float]) -> tuple[list[float], list[float]]:
    """Corners of a line that changes at once."""
    corners = [(x[0], y[0])]
    for i in range(1, len(x)):
        corners += [(x[i], y[i - 1]), (x[i], y[i])]
    return [a for a, _ in corners], [b for _, b in corners]


def _clips() -> list[str]:
    """What is above and below the middle of each of the two drawings."""
    bands = {
        "chance-home": (TOP, CHANCE / 2), "chance-away": (_MIDDLE, CHANCE / 2),
        "lead-home": (TOP + CHANCE + GAP, LEAD / 2), "lead-away": (_LEAD_MIDDLE, LEAD / 2),
    }  # fmt: skip
    rows = (
        f'<clipPath id="{name}"><rect x="0" y="{y}" width="{WIDTH}" height="{height}"/></clipPath>' for name, (y, height) in bands.items()
    )
    return ["<defs>", *rows, "</defs>"]


def _two_sided(points: str, what: str) -> list[str]:
    return [f'<polygon class="{side}" points="{points}" clip-path="url(#{what}-{side})"/>' for side in ("home", "away")]


def _grid(story: GameStory, most: int) -> list[str]:
    bottom = HEIGHT - BOTTOM
    levels = [(0.0, f"{story.away} 100 %"), (0.25, "75 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, f"{story.home} 100 %")]
    rows = [(_y(p), text) for p, text in levels]
    rows += [(_LEAD_MIDDLE, "0"), (_LEAD_MIDDLE - LEAD / 2, f"{story.home} +{most}"), (_LEAD_MIDDLE + LEAD / 2, f"{story.away} +{most}")]
    lines = [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for y, text in rows
    ]
    starts = [*story.breaks, (story.end_seconds, "")]
    for (start, name), (end, _) in pairwise(starts):
        a, b = _x(start, story), _x(end, story)
        lines.append(f'<line class="grid" x1="{a:.1f}" x2="{a:.1f}" y1="{TOP}" y2="{bottom}"/>')
        lines.append(f'<text x="{(a + b) / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{name}</text>')
    return lines


def _badge(number: int, swing: Swing, story: GameStory) -> str:
    x, y = _x(swing.at.elapsed_seconds, story), _y(swing.p_home_win)
    side = "home" if swing.points > 0 else "away"
    return (
        f'<g class="badge {side}"><title>{escape(swing.label)}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="9"/>'
        f'<text x="{x:.1f}" y="{y + 3.5:.1f}" text-anchor="middle">{number}</text></g>'
    )
