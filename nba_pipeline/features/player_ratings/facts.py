"""Box lines and stints as the player ratings take them in: arrays in time order, with players as codes.

Nothing is computed from them here; see `sums.py` (the walk) and `stint_ridge.py` (the rows).
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_ratings.rapm_rows import by_first_appearance, usable_stints

RATES = ("pts", "fga", "fg3m", "fg3a", "fta", "oreb", "dreb", "ast", "stl", "blk", "tov", "pf")
"""Box counts whose rates make the prior."""

PLUS_MINUS_FROM = "2012-13"
"""First season whose box lines have a plus-minus."""

LINE_COLUMNS = ("min", *RATES, "ftm", "plus_minus")
SHOOTING = ("fg3m", "fg3a", "ftm", "fta")


@dataclass(frozen=True)
class Arrays:
    """Arrays with one row each per fact, in time order."""

    def part(self, rows: np.ndarray | slice) -> Self:
        """Some of the rows."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class Lines(Arrays):
    """Box lines with minutes.

    Attributes:
        days: (lines,) dates, in days.
        codes: (lines,) players.
        values: (lines, columns) of `LINE_COLUMNS`; what was not recorded counts 0.
        recorded: (lines,) whether the plus-minus is known: false before 2012-13 where there is none. Later a missing one counts 0.
        games: (lines,) numbers of the games.
        sides: (lines,) +1 for the home team, -1 for the visitors.
        floors: (lines,) 1 where somebody was at home, 0 on a neutral floor.
        has_stints: (lines,) whether the game is among the stints.
    """

    days: np.ndarray
    codes: np.ndarray
    values: np.ndarray
    recorded: np.ndarray
    games: np.ndarray
    sides: np.ndarray
    floors: np.ndarray
    has_stints: np.ndarray


@dataclass(frozen=True)
class Stints(Arrays):
    """Stints whose ten are known.

    Attributes:
        days: (stints,) dates, in days.
        tens: (stints, 10) player codes, home five then away five.
        seconds: (stints,) length; 1 where points fell between two substitutions of the same second.
        margins: (stints,) home points minus away points.
        shooting: (stints, 2, 4) `SHOOTING` of home and away.
        floors: (stints,) 1 where somebody was at home, 0 on a neutral floor.
    """

    days: np.ndarray
    tens: np.ndarray
    seconds: np.ndarray
    margins: np.ndarray
    shooting: np.ndarray
    floors: np.ndarray


@dataclass(frozen=True)
class PlayerFacts:
    """What happened.

    Attributes:
        players: ids; their positions are the codes, in order of first appearance, so that later games renumber nobody.
        lines: box lines.
        stints: stints.
    """

    players: np.ndarray
    lines: Lines
    stints: Stints

    @classmethod
    def of(cls, history: History) -> "PlayerFacts":
        """From games, player_game_stats and stints."""
        stints, log = usable_stints(history), _log(history)
        players = by_first_appearance(stints, history.dated("player_game_stats"))
        with_stints = log["game_id"].is_in(stints["game_id"].unique().implode()).to_numpy()
        return cls(players, _lines(log, players, with_stints), _stints(stints, players))

    def codes(self, ids: pl.Series) -> np.ndarray:
        """Codes of player ids, every one of which has a line, be it of no minutes, or a stint.

        Raises:
            ValueError: somebody has neither; with a neighbour's code, his first minutes would change rows of before.
        """
        codes = _codes(ids.to_numpy(), self.players)
        if (unknown := ids.to_numpy() != self.players[codes]).any():
            raise ValueError(f"players without a line or a stint have no code: {sorted(set(ids.to_numpy()[unknown]))[:5]}")
        return codes


def _codes(ids: np.ndarray, players: np.ndarray) -> np.ndarray:
    order = np.argsort(players)
    if not len(players):
        return np.zeros(ids.shape, dtype=np.int64)
    return order[np.searchsorted(players, ids, sorter=order).clip(max=len(players) - 1)]


def _log(history: History) -> pl.DataFrame:
    games = history.table("games").select("game_id", "home_team_id", "neutral_site")
    log = history.dated("player_game_stats").filter(pl.col("min") > 0).join(games, on="game_id", how="inner", maintain_order="left")
    return log.sort("game_date", "game_id", "player_id")


def _lines(log: pl.DataFrame, players: np.ndarray, with_stints: np.ndarray) -> Lines:
    return Lines(
        days=log["game_date"].to_physical().to_numpy(),
        codes=_codes(log["player_id"].to_numpy(), players),
        values=log.select(pl.col(LINE_COLUMNS).cast(pl.Float64).fill_null(0.0)).to_numpy(),
        recorded=(log["plus_minus"].is_not_null() | (log["season"] >= PLUS_MINUS_FROM)).to_numpy(),
        games=log["game_id"].rle_id().to_numpy(),
        sides=np.where(log["team_id"] == log["home_team_id"], 1.0, -1.0),
        floors=np.where(log["neutral_site"].fill_null(False), 0.0, 1.0),
        has_stints=with_stints,
    )


def _stints(stints: pl.DataFrame, players: np.ndarray) -> Stints:
    counts = [pl.col(f"{side}_{what}").cast(pl.Float64).fill_null(0.0) for side in ("home", "away") for what in SHOOTING]
    ids = np.concatenate([stints[f"{side}_lineup"].to_numpy().reshape(-1, 5) for side in ("home", "away")], axis=1)
    return Stints(
        days=stints["game_date"].to_physical().to_numpy(),
        tens=_codes(ids, players),
        seconds=(stints["end_seconds"] - stints["start_seconds"]).cast(pl.Float64).clip(1.0).to_numpy(),
        margins=(stints["home_points"] - stints["away_points"]).cast(pl.Float64).to_numpy(),
        shooting=stints.select(counts).to_numpy().reshape(-1, 2, len(SHOOTING)),
        floors=np.where(stints["neutral_site"].fill_null(False), 0.0, 1.0),
    )
