"""The two periods of a drift report: which games a version was trained on, and which count as recent.

What does not belong here: what is compared (`drift.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import start_year
from nba_pipeline.models.samples.splits import split_games
from nba_pipeline.models.samples.training_data import TABLES
from nba_pipeline.models.versions.info import VersionInfo
from nba_pipeline.warehouse.store import Warehouse


class DriftError(RuntimeError):
    """There is nothing to compare; the message says what to do."""


@dataclass(frozen=True)
class Period:
    """Games of a stretch of time."""

    first: date
    last: date
    games: int

    def __str__(self) -> str:
        return f"{self.first} .. {self.last}, {self.games:,} games"


def seasons_of(warehouse: Warehouse, infos: Sequence[VersionInfo]) -> list[str]:
    """The seasons that the versions know, and every one built since."""
    chosen = {info.version: (info.config or {}).get("seasons", ()) for info in infos}
    for version, seasons in chosen.items():
        if not seasons:
            raise DriftError(f"{version} does not say which seasons it was trained on: choose one that does (nba train list)")
    known = {season for seasons in chosen.values() for season in seasons}
    built = set.intersection(*(set(warehouse.seasons(table)) for table in TABLES))
    return sorted(known | {season for season in built if season > max(known)}, key=start_year)


def part_of(games: pl.DataFrame, info: VersionInfo, part: str) -> np.ndarray:
    """Positions of the games of one part of a version's split.

    Args:
        games: in time order.
        info: of the version.
        part: `train`, `validation` or `test`.
    """
    config = info.config or {}
    there = pl.col("season").is_in(config["seasons"])
    if "split" in config:
        period = config["split"].get(part, {"first": "9999-12-31", "last": "0001-01-01"})
        chosen = there & pl.col("game_date").is_between(date.fromisoformat(period["first"]), date.fromisoformat(period["last"]))
        return np.flatnonzero(games.select(chosen).to_series().to_numpy())
    known = games.filter(there & (pl.col("game_date") <= date.fromisoformat(str((info.data_range or ["", "9999-12-31"])[1]))))
    return np.flatnonzero(games["game_id"].is_in(getattr(split_games(known), part).implode()).to_numpy())


def recent_games(games: pl.DataFrame, trained: Sequence[np.ndarray], since: date | None, wanted: int) -> np.ndarray:
    """Positions of the games that count as recent.

    Args:
        games: in time order.
        trained: positions of the games that each version was trained on; recent ones are after all of them.
        since: those from this date on; without it the last `wanted`.
        wanted: how many, where no date is given.

    Raises:
        DriftError: there are none, or of one date only.
    """
    last = max(games["game_date"][int(rows[-1])] for rows in trained)
    after = np.flatnonzero((games["game_date"] > last).to_numpy())
    chosen = after[-wanted:] if since is None else after[(games["game_date"][after.tolist()] >= since).to_numpy()]
    if games["game_date"][chosen.tolist()].n_unique() < 2:
        asked = f" from {since} on" if since else ""
        raise DriftError(
            f"{len(chosen)} completed games{asked} after {last}, the last date of training: games of two dates are needed; give an earlier "
            "--since, or build the tables of newer games (make run)"
        )
    return chosen


def period_of(games: pl.DataFrame, rows: np.ndarray) -> Period:
    """From the first to the last of the games at `rows`."""
    days = games["game_date"]
    return Period(days[int(rows[0])], days[int(rows[-1])], len(rows))


def clubs_of(warehouse: Warehouse, games: pl.DataFrame) -> tuple[np.ndarray, ...]:
    """A number for the home club of each game and season, and one for the away club."""
    sides = ["home_team_id", "away_team_id"]
    known = warehouse.read("games", games["season"].unique().sort().to_list(), ["game_id", *sides])
    rows = games.select("game_id", "season").join(known, on="game_id", how="left", maintain_order="left")
    return tuple(rows.select(pl.struct("season", side).rank("dense")).to_series().to_numpy() for side in sides)
