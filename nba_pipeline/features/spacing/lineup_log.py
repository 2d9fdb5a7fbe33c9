"""What each five of a team has done together: seconds, and the places they have shot from, both fading with time.

Belongs here: finding the five behind a shot, and the record of fives. What a record says about spacing is `lineup_hulls`' business.
"""

from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.spacing.shot_charts import Fading
from nba_pipeline.features.spacing.shot_hull import CELLS
from nba_pipeline.league.clock import PLAYERS_ON_COURT
from nba_pipeline.league.ids import TeamId

SIDES = ("home", "away")
FIVE = ("game_date", "team_id", "five")

NEVER = -1
"""Code of fives that have never played together."""


def lineup_facts(history: History, shots: pl.DataFrame) -> pl.DataFrame:
    """Every five of every date: game_date, team_id, five, code, seconds together, cells of their shots; in time order.

    Args:
        history: gives `games` and `stints`.
        shots: of `shot_charts.placed_shots`.
    """
    fives = _fives(history)
    time = fives.select(*FIVE, seconds=(pl.col("end_seconds") - pl.col("start_seconds")).cast(pl.Float64))
    facts = pl.concat([time, on_court(shots, fives).select(*FIVE, "cell")], how="diagonal")
    together = facts.group_by(FIVE, maintain_order=True).agg(pl.col("seconds").sum(), cells=pl.col("cell").drop_nulls())
    together = together.sort("game_date", maintain_order=True)
    codes = together.select("team_id", "five").unique(maintain_order=True).with_row_index("code")
    return together.join(codes, on=["team_id", "five"], maintain_order="left").select(*FIVE, "code", "seconds", "cells")


def _fives(history: History) -> pl.DataFrame:
    """Two rows a stint, each with one side's five; sides whose five is not known are left out."""
    schedule = history.schedule().select("game_id", "home_team_id", "away_team_id")
    stints = history.dated("stints").sort("game_date", "game_id", "stint_index").join(schedule, on="game_id", maintain_order="left")
    sides = [
        stints.select(
            "game_id", "game_date", "period", "start_seconds", "end_seconds", team_id=f"{side}_team_id", five=f"{side}_lineup"
        ).drop_nulls()
        for side in SIDES
    ]
    return pl.concat(sides).sort("game_date", maintain_order=True)


def on_court(shots: pl.DataFrame, fives: pl.DataFrame) -> pl.DataFrame:
    """The shots with the shooter's `five`, where it is known and he is one of it.

    What happens in one second of the clock belongs to who was on court when that second began, as in `warehouse.stints`.
    """
    by_clock = fives.select("game_id", "team_id", "period", "five", elapsed_seconds="start_seconds")
    found = (
        shots.with_columns(pl.col("elapsed_seconds").cast(by_clock.schema["elapsed_seconds"]))
        .with_row_index("_order")
        .sort("elapsed_seconds", maintain_order=True)
        .join_asof(
            by_clock.sort("elapsed_seconds", maintain_order=True),
            on="elapsed_seconds",
            by=["game_id", "team_id", "period"],
            allow_exact_matches=False,
            check_sortedness=False,
        )
    )
    return found.filter(pl.col("five").arr.contains(pl.col("player_id"))).sort("_order").drop("_order")


class LineupLog:
    """Seconds and shots of every five so far.

    Args:
        facts: of `lineup_facts`; only names the fives that `learn` may bring.
    """

    def __init__(self, facts: pl.DataFrame) -> None:
        fives = facts.unique("code", maintain_order=True)
        self.members, team = fives["five"].to_numpy().reshape(-1, PLAYERS_ON_COURT), fives["team_id"].to_numpy()
        self._of_team = {int(one): np.flatnonzero(team == one) for one in np.unique(team)}
        self._seconds, self._shots = np.zeros(fives.height + 1), dict[int, tuple[list[int], list[float]]]()
        self._fading = Fading()
        self.latest_shots: date | None = None

    def learn(self, news: pl.DataFrame) -> None:
        """Takes in facts of dates that are over."""
        if news.is_empty():
            return
        weights = self._fading.weights(news["game_date"])
        np.add.at(self._seconds, news["code"].to_numpy(), weights * news["seconds"].to_numpy())
        for weight, (day, code, cells) in zip(weights, news.select("game_date", "code", "cells").iter_rows(), strict=True):
            if cells:
                known_cells, known_weights = self._shots.setdefault(code, ([], []))
                known_cells.extend(cells)
                known_weights.extend([weight] * len(cells))
                self.latest_shots = day

    def most_used(self, team: TeamId, players: list[int], count: int) -> np.ndarray:
        """Codes of the fives of a team with the most faded seconds together, among those made of `players` only; ties by first use."""
        codes = self._of_team.get(team, np.zeros(0, dtype=np.int64))
        codes = codes[self._seconds[codes] > 0]
        codes = codes[np.isin(self.members[codes], players).all(axis=1)]
        return codes[np.argsort(-self._seconds[codes], kind="stable")[:count]]

    def code_of(self, team: TeamId, five: list[int]) -> int:
        """Code of a five, ids ascending; `NEVER` where they have not played together."""
        codes = self._of_team.get(team, np.zeros(0, dtype=np.int64))
        found = codes[(self.members[codes] == five).all(axis=1) & (self._seconds[codes] > 0)]
        return int(found[0]) if len(found) else NEVER

    def seconds(self, codes: np.ndarray, day: date) -> np.ndarray:
        """Faded seconds together before `day`, (codes,)."""
        return self._seconds[codes] / self._fading.weight(day)

    def shots(self, codes: np.ndarray, day: date) -> np.ndarray:
        """Faded shots together before `day`, (codes, cells)."""
        counts = np.zeros((len(codes), CELLS))
        for row, code in enumerate(codes):
            cells, weights = self._shots.get(int(code), ([], []))
            counts[row] = np.bincount(np.array(cells, dtype=np.int64), weights, CELLS)
        return counts / self._fading.weight(day)
