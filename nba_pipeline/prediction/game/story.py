"""Everything that a picture, a page or a table of one game shows, worked out once.

What does not belong here: drawing (`picture.py`, `page.py`) and printing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from nba_pipeline.league.clock import REGULATION_PERIODS, REGULATION_SECONDS, period_start_seconds
from nba_pipeline.prediction.game.live import LiveGame
from nba_pipeline.prediction.game.swings import Swing, biggest_swings
from nba_pipeline.prediction.game.win_probability import excitement
from nba_pipeline.prediction.instant import Instant

HOME_COLOUR, AWAY_COLOUR = "#2f6690", "#b3702b"
"""Of the two sides in every picture; a team's own colours would say who is meant to win."""


@dataclass(frozen=True)
class GameStory:
    """One game as it is shown.

    Attributes:
        title: who plays whom, and when.
        home, away: three letters.
        curve: of `win_probability`, in time order.
        swings: the biggest ones, the biggest first.
        is_over: whether the game has ended.
        excitement: how far P(home win) travelled.
        asked: the reading of the clock that was asked for, if one was.
    """

    title: str
    home: str
    away: str
    curve: pl.DataFrame
    swings: Sequence[Swing]
    is_over: bool
    excitement: float
    asked: Instant | None = None

    @classmethod
    def of(cls, game: LiveGame, curve: pl.DataFrame, asked: Instant | None = None) -> GameStory:
        """The story of a game and its curve, as of an instant if one was asked for."""
        facts = game.facts
        return cls(
            title=facts.title,
            home=facts.abbreviation("home"),
            away=facts.abbreviation("away"),
            curve=curve,
            swings=biggest_swings(curve, facts.names),
            is_over=game.is_over,
            excitement=excitement(curve),
            asked=asked,
        )

    @property
    def now(self) -> dict[str, Any]:
        """The last row of the curve."""
        return self.curve.row(-1, named=True)

    @property
    def clock(self) -> str:
        """The instant of the last row; where another was asked for, both."""
        if self.is_over:
            return "final"
        last = "before tip-off" if self.now["play_index"] == 0 else str(clock_of(self.now))
        return last if self.asked is None or last == str(self.asked) else f"as of {self.asked}, last play {last}"

    @property
    def score(self) -> str:
        """Away and home points of the last row."""
        return f"{self.away} {self.now['away_score']} – {self.now['home_score']} {self.home}"

    @property
    def made_by(self) -> str:
        """What made the forecast."""
        return f"{self.now['model_version']}, source {self.now['source']}, lineups {self.now['lineups']}"

    def summary(self) -> dict[str, str | float]:
        """One row of a table of games."""
        biggest = self.swings[0] if self.swings else None
        return {
            "game": self.title,
            "score": self.score,
            "before tip-off": float(self.curve["p_home_win"][0]),
            "excitement": self.excitement,
            "biggest swing": f"{biggest.at} {biggest.label} {biggest.points:+.1f}" if biggest else "",
        }

    def as_plain_data(self, whole: bool = True) -> dict[str, Any]:
        """For machines: the game, the last row, the swings, and the whole curve if wanted."""
        game = {"title": self.title, "home": self.home, "away": self.away, "clock": self.clock, "is_over": self.is_over}
        swings = [{**asdict(swing), "at": str(swing.at)} for swing in self.swings]
        answer: dict[str, Any] = {**game, "excitement": self.excitement, "now": self.now, "swings": swings}
        return {**answer, "curve": self.curve.to_dicts()} if whole else answer

    @property
    def end_seconds(self) -> int:
        """Where the time axis ends: the end of regulation, or of the last overtime begun."""
        return period_start_seconds(max(int(self.curve["period"].max()), REGULATION_PERIODS) + 1)  # pyright: ignore[reportArgumentType]

    @property
    def breaks(self) -> list[tuple[int, str]]:
        """Seconds at which periods start, with their names."""
        periods = range(1, REGULATION_PERIODS + 1 + max(0, (self.end_seconds - REGULATION_SECONDS) // 300))
        return [(period_start_seconds(period), str(Instant(period, 0)).split("-")[0]) for period in periods]


def clock_of(row: dict[str, Any]) -> Instant:
    """The clock of a row of the curve."""
    return Instant(row["period"], row["clock_seconds"])
