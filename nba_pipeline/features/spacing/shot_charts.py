"""Where players shoot from: counts per cell of the floor that fade with time, and where a group of players can be expected to shoot from.

Belongs here: counting, fading, shrinking. Does not belong here: who is in a group (`lineup_spacing`, `lineup_hulls`), the geometry of
the hull (`shot_hull`).
"""

from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.spacing.shot_hull import CELLS, cells
from nba_pipeline.league.clock import elapsed_seconds

HALF_LIFE_DAYS = 180.0
"""Of shots and minutes, where what is expected next is the question."""

PLAYER_PRIOR_SHOTS = 100.0
"""Shots at the league's pace and from the league's places that each player's own are mixed with; docs/methods.md has the choice."""


def placed_shots(history: History) -> pl.DataFrame:
    """Shots with their cell, without heaves, in time order: game_date, game_id, team_id, player_id, period, elapsed_seconds, cell."""
    shots = history.dated("shots")
    place = cells(shots["x_feet"].cast(pl.Float64).to_numpy(), shots["y_feet"].cast(pl.Float64).to_numpy())
    elapsed = elapsed_seconds(pl.col("period"), pl.col("clock_seconds")).cast(pl.Int32)
    placed = shots.with_columns(cell=pl.Series(place, dtype=pl.Int64), elapsed_seconds=elapsed)
    known = placed.filter((pl.col("cell") >= 0) & pl.col("player_id").is_not_null()).sort("game_date", "game_id", "shot_index")
    return known.select("game_date", "game_id", "team_id", "player_id", "period", "elapsed_seconds", "cell")


def chart_facts(history: History, shots: pl.DataFrame) -> pl.DataFrame:
    """What `ShotCharts` learns from: each of the shots, and each player's minutes in the games that have shots."""
    lines = history.dated("player_game_stats").join(shots, on="game_id", how="semi").sort("game_date", "game_id", "player_id")
    minutes = lines.select("game_date", "player_id", minutes=pl.col("min").cast(pl.Float64).fill_null(0.0))
    return pl.concat([shots.select("game_date", "player_id", "cell"), minutes], how="diagonal")


class Fading:
    """Weights with a half-life. New facts weigh more and more instead of old ones less; answers are divided by the weight of their day."""

    def __init__(self, half_life_days: float = HALF_LIFE_DAYS) -> None:
        self._half_life_days = half_life_days
        self._first: date | None = None
        self.latest: date | None = None

    def weights(self, days: pl.Series) -> np.ndarray:
        """Weights of facts that are taken in now, (facts,); their days ascend."""
        known = days.unique(maintain_order=True).to_list()
        self._first, self.latest = self._first or known[0], known[-1]
        return days.replace_strict(known, [self.weight(day) for day in known], return_dtype=pl.Float64).to_numpy()

    def weight(self, day: date) -> float:
        """Of a fact of this day; 1 on the first day."""
        return 2.0 ** ((day - (self._first or day)).days / self._half_life_days)


class ShotCharts:
    """Faded shots per player and cell, and faded minutes per player.

    Args:
        players: everybody who may be asked about; others count as without a shot.
        half_life_days: after which a shot weighs half.
    """

    def __init__(self, players: list[int], half_life_days: float = HALF_LIFE_DAYS) -> None:
        self._codes = {player: code for code, player in enumerate(players)}
        self._counts, self._minutes = np.zeros((len(players) + 1, CELLS)), np.zeros(len(players) + 1)
        self._all_minutes, self._fading = np.zeros(1), Fading(half_life_days)

    @property
    def latest(self) -> date | None:
        """Date of the latest shots taken in."""
        return self._fading.latest

    def learn(self, news: pl.DataFrame) -> None:
        """Takes in `chart_facts` of dates that are over; added one by one, so that the sums do not depend on how news is cut."""
        if news.is_empty():
            return
        code, weight, is_shot = (
            self._code(news["player_id"]),
            self._fading.weights(news["game_date"]),
            news["cell"].is_not_null().to_numpy(),
        )
        np.add.at(self._counts, (code[is_shot], news["cell"].drop_nulls().to_numpy()), weight[is_shot])
        minutes = weight[~is_shot] * news["minutes"].drop_nulls().to_numpy()
        np.add.at(self._minutes, code[~is_shot], minutes)
        np.add.at(self._all_minutes, np.zeros(len(minutes), dtype=np.int64), minutes)

    def _code(self, players: pl.Series) -> np.ndarray:
        """Rows of the counts; the last one, always empty, for players who never shot."""
        return players.replace_strict(self._codes, default=len(self._codes), return_dtype=pl.Int64).to_numpy()

    def pooled(self, groups: pl.Series, day: date) -> np.ndarray:
        """All earlier shots of each group's players, (groups, cells), however long each has played for them."""
        counts = np.zeros((len(groups), CELLS))
        np.add.at(counts, _owners(groups), self._counts[self._code(groups.explode().drop_nulls())])
        return counts / self._fading.weight(day)

    def league(self) -> np.ndarray | None:
        """Share of all shots that came from each cell, (cells,); None before any shot is known."""
        total = self._counts.sum(axis=0)
        return None if self.latest is None else total / total.sum()

    def expected(self, groups: pl.Series, minutes: pl.Series, day: date) -> np.ndarray | None:
        """Share of each group's next shots from each cell: every player at his own pace and from his own places, in the minutes he gets.

        Pace and places are shrunk to the league's by `PLAYER_PRIOR_SHOTS`. A group of nobody shoots as the league does.

        Args:
            groups: lists of players.
            minutes: lists of their minutes tonight, in the same order.
            day: the instant; only what `learn` was given is known.

        Returns:
            (groups, cells), rows that sum to 1; None before any shot is known.
        """
        league = self.league()
        if league is None:
            return None
        weight, code = self._fading.weight(day), self._code(groups.explode().drop_nulls())
        prior_minutes = PLAYER_PRIOR_SHOTS * self._all_minutes / self._counts.sum(axis=0).sum()
        per_shot = minutes.explode().drop_nulls().to_numpy() / (self._minutes[code] / weight + prior_minutes)
        shots = np.zeros((len(groups), CELLS))
        np.add.at(shots, _owners(groups), per_shot[:, None] * (self._counts[code] / weight + PLAYER_PRIOR_SHOTS * league))
        shots[shots.sum(axis=1) == 0] = league
        return shots / shots.sum(axis=1, keepdims=True)


def _owners(groups: pl.Series) -> np.ndarray:
    """Row of the group that each of its players belongs to."""
    return np.repeat(np.arange(len(groups)), groups.list.len().fill_null(0).to_numpy())
