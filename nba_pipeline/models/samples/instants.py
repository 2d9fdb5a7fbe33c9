"""The instants at which forecasts are compared: before tip-off and the end of each quarter, or every minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from nba_pipeline.league.clock import REGULATION_SECONDS
from nba_pipeline.models.samples.game_arrays import GameArrays

PREGAME = "pregame"
INSTANTS = (PREGAME, "q1", "q2", "q3", "q4")
MINUTES = tuple(f"m{minute:02d}" for minute in range(REGULATION_SECONDS // 60))
"""Names of the minutes of regulation, 0 (before tip-off) to 47."""

PRIORS = ("elo_margin", "elo_p_home_win", "rating_margin", "rating_p_home_win", "rating_total")


@dataclass(frozen=True)
class InstantTable:
    """One row per (game, named instant), games in time order within an instant.

    Attributes:
        name: (rows,) one of `INSTANTS` or `MINUTES`, or what its maker calls it.
        game: (rows,) position in the arrays; known: (rows,) events known.
        context: (rows, 32); state: (rows, 4).
        priors: (rows, 5) what the rating features said before tip-off, columns `PRIORS`.
        home_win, margin, total: (rows,) outcome.
    """

    name: np.ndarray
    game: np.ndarray
    known: np.ndarray
    context: np.ndarray
    state: np.ndarray
    priors: np.ndarray
    home_win: np.ndarray
    margin: np.ndarray
    total: np.ndarray

    def __len__(self) -> int:
        return len(self.name)

    def prior(self, column: str) -> np.ndarray:
        """(rows,) one of `PRIORS`."""
        return self.priors[:, PRIORS.index(column)]

    def where(self, chosen: np.ndarray) -> InstantTable:
        """The rows of a boolean or integer index."""
        return InstantTable(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def concatenate(cls, tables: Sequence[InstantTable]) -> InstantTable:
        """Several tables, one after the other."""
        return cls(*(np.concatenate([getattr(table, field.name) for table in tables]) for field in fields(cls)))


def named_instants(arrays: GameArrays, rows: np.ndarray, priors: pl.DataFrame) -> InstantTable:
    """Every named instant of the games at `rows`; a game without plays has only the one before tip-off."""
    names, games, knowns = [], [], []
    for instant in INSTANTS:
        known = np.zeros(len(rows), np.int64) if instant == PREGAME else arrays.known_after_quarter(int(instant[1]))[rows]
        there = known >= 0
        names.append(np.full(there.sum(), instant))
        games.append(rows[there])
        knowns.append(known[there])
    return instant_table(arrays, np.concatenate(names), np.concatenate(games), np.concatenate(knowns), priors)


def minute_instants(arrays: GameArrays, rows: np.ndarray, priors: pl.DataFrame) -> InstantTable:
    """Every minute of regulation, 0 to 47, of the games at `rows` that have plays; minute by minute, games in time order within one."""
    played = rows[arrays.event_counts()[rows] > 0]
    second = np.repeat(60 * np.arange(len(MINUTES)), len(played))
    game = np.tile(played, len(MINUTES))
    return instant_table(arrays, np.repeat(MINUTES, len(played)), game, arrays.known_at_second(game, second), priors)


def instant_table(arrays: GameArrays, name: np.ndarray, game: np.ndarray, known: np.ndarray, priors: pl.DataFrame) -> InstantTable:
    """Rows for the given instants.

    Args:
        arrays: the games.
        name: (rows,) label of each instant.
        game: (rows,) position of the game.
        known: (rows,) events known.
        priors: one row per game with `game_id` and the columns `PRIORS`.
    """
    prior = arrays.games.select("game_id").join(priors, on="game_id", how="left", maintain_order="left").select(PRIORS).to_numpy()
    won, margin, total = arrays.outcome[game].astype(np.float64).T
    return InstantTable(name, game, known, arrays.context[game], arrays.state(game, known), prior[game], won, margin, total)
