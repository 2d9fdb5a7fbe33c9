"""The plays that moved the forecast most, named: who, what, and by how many points of probability.

What does not belong here: the curve (`win_probability.py`) and how it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from nba_pipeline.league.events import MISS_MARK, EventType
from nba_pipeline.league.ids import PlayerId
from nba_pipeline.prediction.game.facts import team_name
from nba_pipeline.prediction.instant import Instant

SHOWN = 5
_BRACKETS = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True)
class Swing:
    """A play and what it did to the forecast.

    Attributes:
        at: clock of the play.
        play_index: of the instant after it.
        team: three letters of the acting team; empty for none.
        player: who acted; empty for a team or nobody.
        action: what was done.
        points: of probability (hundredths) that it added to the home team's chance.
        p_home_win: after it.
        home_score, away_score: after it.
    """

    at: Instant
    play_index: int
    team: str
    player: str
    action: str
    points: float
    p_home_win: float
    home_score: int
    away_score: int

    @property
    def label(self) -> str:
        """Player (or team) and action."""
        return f"{self.player or self.team} {self.action}".strip()


def biggest_swings(curve: pl.DataFrame, names: Mapping[PlayerId, str], count: int = SHOWN) -> list[Swing]:
    """The plays that moved P(home win) most, the biggest first; of equal ones the earlier.

    The start of a period is none of them: what it moves is that another forecast may be served before tip-off than in the game.

    Args:
        curve: of `win_probability`.
        names: players by id.
        count: how many.
    """
    moved = (
        curve.filter((pl.col("swing") != 0) & (pl.col("event_type") != EventType.PERIOD_START))
        .sort(pl.col("swing").abs(), "play_index", descending=[True, False])
        .head(count)
    )
    return [_swing(row, names) for row in moved.iter_rows(named=True)]


def _swing(row: Mapping[str, Any], names: Mapping[PlayerId, str]) -> Swing:
    player = names.get(row["player1_id"], "") if row["player1_id"] else ""
    return Swing(
        at=Instant(row["period"], row["clock_seconds"]),
        play_index=row["play_index"],
        team=team_name(row["team_id"]) if row["team_id"] else "",
        player=player,
        action=action(row["description"] or "", player),
        points=100 * row["swing"],
        p_home_win=row["p_home_win"],
        home_score=row["home_score"],
        away_score=row["away_score"],
    )


def action(description: str, player: str) -> str:
    """What a play's description says without the player's name and the counts in brackets.

    Example:
        >>> action("MISS Curry 27' 3PT Jump Shot", "Stephen Curry")
        "misses 27' 3PT Jump Shot"
        >>> action("Curry 27' 3PT Jump Shot (3 PTS) (Green 1 AST)", "Stephen Curry")
        "27' 3PT Jump Shot"
    """
    surname = player.split()[-1] if player else ""
    parts = _BRACKETS.sub("", description).split(" | ")
    text = next((part for part in parts if surname and surname in part), parts[0]).strip()
    if text.startswith("SUB:"):
        return text
    missed, text = text.startswith(MISS_MARK), text.removeprefix(MISS_MARK).strip()
    text = text.split(surname, 1)[1].strip() if surname and surname in text else text
    text = text.removeprefix("Violation:").strip() or "acts"
    return f"misses {text}" if missed else text.replace("REBOUND", "rebound")
