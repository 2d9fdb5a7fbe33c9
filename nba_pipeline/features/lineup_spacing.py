"""How much floor the expected five spread the defence over: the hull of the places they have shot from.

The five are those with the most expected minutes (`rotation`). Their earlier shots, half as heavy after a year, are counted in
cells and pooled, so that who shoots more weighs more; `PRIOR_SHOTS` shots with the league's pattern as of the date are mixed
in, which keeps fives of unknown players near the usual area. The hull itself is defined in `shot_hull`.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.shot_hull import CELLS, cells, hull_area
from nba_pipeline.league.seasons import Season

HALF_LIFE_DAYS = 365.0
PRIOR_SHOTS = 500.0
USUAL_HULL_AREA = 800.0
"""Square feet where no shot of anyone is known yet."""

SCHEMA = pl.Schema({
    "game_id": pl.String, "season": pl.String, "game_date": pl.Date, "team_id": pl.Int64,
    "hull_area": pl.Float64, "shots_known": pl.Float64, "fallback": pl.Boolean,
})  # fmt: skip


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row per team and game of the asked seasons, home team first.

    Returns:
        game_id, season, game_date, team_id, hull_area (square feet), shots_known (of the five, decayed), fallback (there are no
        shots of the last earlier game date, so that older ones had to do, or none).
    """
    teams = history.team_schedule(seasons).select("game_id", "season", "game_date", "team_id")
    shots = _placed(history.dated("shots"))
    charts, played = _Charts(shots["player_id"].unique(maintain_order=True).to_list()), history.schedule()["game_date"].unique().sort()
    parts = [pl.DataFrame(schema=SCHEMA)]
    for night in walk_dates(expected_fives(history.table("rotation"), teams), shots):
        charts.learn(night.news)
        before = played.filter(played < night.day).max()
        parts.append(_night(night.targets, charts, night.day, stale=charts.latest is None or charts.latest != before))
    return pl.concat(parts)


def _night(rows: pl.DataFrame, charts: "_Charts", day: date, *, stale: bool) -> pl.DataFrame:
    """Hulls of one date's fives."""
    five = charts.pooled(rows["five"], day)
    known, league = five.sum(axis=1), charts.league()
    area = np.full(len(five), USUAL_HULL_AREA) if league is None else hull_area(five + PRIOR_SHOTS * league)
    rows = rows.with_columns(hull_area=pl.Series(area), shots_known=pl.Series(known), fallback=pl.lit(stale))
    return rows.select(list(SCHEMA)).cast(SCHEMA)


class _Charts:
    """Decayed counts of shots per player and cell. New shots weigh more and more instead of old ones less; queries divide."""

    def __init__(self, players: list[int]) -> None:
        self._codes = {player: code for code, player in enumerate(players)}
        self._counts = np.zeros((len(players) + 1, CELLS))
        self._first: date | None = None
        self.latest: date | None = None

    def _growth(self, day: date) -> float:
        return 2.0 ** ((day - (self._first or day)).days / HALF_LIFE_DAYS)

    def learn(self, news: pl.DataFrame) -> None:
        """Takes in the shots of dates that are over, one date at a time."""
        for shots in news.partition_by("game_date", maintain_order=True):
            day = shots["game_date"][0]
            self._first, self.latest = self._first or day, day
            codes = self._code(shots["player_id"])
            np.add.at(self._counts, (codes, shots["cell"].to_numpy()), self._growth(day))

    def _code(self, players: pl.Series) -> np.ndarray:
        """Rows of the counts; the last one, always empty, for players who never shot."""
        return players.replace_strict(self._codes, default=len(self._codes), return_dtype=pl.Int64).to_numpy()

    def pooled(self, fives: pl.Series, day: date) -> np.ndarray:
        """Shots of each five before `day`, (fives, cells)."""
        owner = np.repeat(np.arange(len(fives)), fives.list.len().fill_null(0).to_numpy())
        counts = np.zeros((len(fives), CELLS))
        np.add.at(counts, owner, self._counts[self._code(fives.explode().drop_nulls())])
        return counts / self._growth(day)

    def league(self) -> np.ndarray | None:
        """Share of all shots that came from each cell, (cells,); None before any shot is known."""
        total = self._counts.sum(axis=0)
        return None if self.latest is None else total / total.sum()


def expected_fives(rotation: pl.DataFrame, teams: pl.DataFrame) -> pl.DataFrame:
    """`teams` with `five`: at most five players each, those with the most expected minutes, ties by id."""
    order = rotation.select("game_id", "team_id", "player_id", "expected_minutes").sort(
        "expected_minutes", "player_id", descending=[True, False], nulls_last=True
    )
    fives = order.group_by("game_id", "team_id", maintain_order=True).agg(five=pl.col("player_id").head(5))
    return teams.join(fives, on=["game_id", "team_id"], how="left", maintain_order="left")


def _placed(shots: pl.DataFrame) -> pl.DataFrame:
    """Shots with their cell, without heaves, in time order; `player` counts shooters by first appearance."""
    place = cells(shots["x_feet"].cast(pl.Float64).to_numpy(), shots["y_feet"].cast(pl.Float64).to_numpy())
    placed = shots.select("game_date", "game_id", "shot_index", "player_id").with_columns(cell=pl.Series(place, dtype=pl.Int64))
    return placed.filter((pl.col("cell") >= 0) & pl.col("player_id").is_not_null()).sort("game_date", "game_id", "shot_index")


FEATURE = Feature(
    name="lineup_spacing",
    build=build,
    inputs=("games", "shots", "rotation"),
    key=("game_id", "team_id"),
    about="square feet of floor from which the expected five have shot, as of each date",
)
