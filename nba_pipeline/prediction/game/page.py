"""A game as one HTML page that needs nothing else: the forecast now, the curve with a reading under the mouse, the biggest swings.

What does not belong here: the drawing (`svg.py`), what is shown (`story.py`), style and script (`page_text.py`).
"""

from __future__ import annotations

import json
from html import escape

from nba_pipeline.prediction.game.page_text import PAGE, SCRIPT, STYLE
from nba_pipeline.prediction.game.story import GameStory, clock_of
from nba_pipeline.prediction.game.svg import LEFT, RIGHT, WIDTH, game_svg
from nba_pipeline.prediction.simulated import WHAT_IT_IS


def game_page(story: GameStory) -> str:
    """The page's text."""
    is_simulated = story.now["source"] == "simulated"
    return PAGE.substitute(
        style=STYLE,
        script=SCRIPT,
        title=escape(story.title),
        score=escape(story.score),
        clock=escape(story.clock),
        made_by=escape(story.made_by),
        notice=f"<p>{escape(WHAT_IT_IS)}</p>" if is_simulated else "",
        home=escape(story.home),
        cards="\n".join(_cards(story)),
        drawing=game_svg(story),
        swings="\n".join(_swing_rows(story)) or "<tr><td colspan='6'>none yet</td></tr>",
        rows=json.dumps(_readings(story)).replace("</", "<\\/"),
        end=story.end_seconds,
        left=LEFT,
        span=WIDTH - LEFT - RIGHT,
    )


def _cards(story: GameStory) -> list[str]:
    now = story.now
    ahead = story.home if now["margin"] >= 0 else story.away
    margins = f"80 %: {now['margin_low']:+.0f} … {now['margin_high']:+.0f} for {story.home}"
    cards = [
        (f"P({story.home} wins)", f"{now['p_home_win']:.1%}", f"before tip-off {story.curve['p_home_win'][0]:.1%}"),
        ("margin", f"{ahead} by {abs(now['margin']):.1f}", margins),
        ("total", f"{now['total']:.0f}", f"80 %: {now['total_low']:.0f} … {now['total_high']:.0f}"),
        ("excitement", f"{story.excitement:.1f}", "how far P travelled"),
    ]
    return [f"<div class='card'><span>{escape(a)}</span><b>{escape(b)}</b><span>{escape(c)}</span></div>" for a, b, c in cards]


def _swing_rows(story: GameStory) -> list[str]:
    rows = []
    for number, swing in enumerate(story.swings, start=1):
        cells = [str(number), str(swing.at), swing.team, swing.label, f"{swing.away_score} – {swing.home_score}"]
        side = "home" if swing.points > 0 else "away"
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + f"<td class='{side}'>{swing.points:+.1f}</td></tr>")
    return rows


def _readings(story: GameStory) -> list[tuple[int, str]]:
    return [(int(row["as_of_seconds"]), _reading(story, row)) for row in story.curve.iter_rows(named=True)]


def _reading(story: GameStory, row: dict) -> str:
    score = f"{story.away} {row['away_score']} – {row['home_score']} {story.home}"
    return f"{clock_of(row)} · {score} · P({story.home} wins) {row['p_home_win']:.1%} · {row['description'] or 'before tip-off'}"
