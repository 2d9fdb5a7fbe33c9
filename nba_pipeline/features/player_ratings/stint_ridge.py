"""Rows of the signed plus-minus ridge: home five +1, away five -1, y = home margin per 48 minutes without shooting luck.

A game without stints gives one row per box line at a fraction of the weight: the player is on court for sure, each of the
others with the share of the minutes he played. Solving is `decayed_ridge`'s; offence and defence apart are `player_rapm`'s.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nba_pipeline.features.player_ratings.box_prior import BoxForm, BoxRecipe
from nba_pipeline.features.player_ratings.facts import LINE_COLUMNS, SHOOTING, Lines, Stints

GAME_SECONDS, GAME_MINUTES = 2880.0, 48.0
HOME = 0
"""Column of the home edge; player codes follow from 1."""


@dataclass(frozen=True)
class Touch:
    """What shooters are known to be worth on one morning.

    Attributes:
        three: (players,) chance to make a three.
        three_rate: (players,) threes tried per minute.
        free: (players,) chance to make a free throw.
        free_rate: (players,) free throws tried per minute.
    """

    three: np.ndarray
    three_rate: np.ndarray
    free: np.ndarray
    free_rate: np.ndarray

    @classmethod
    def of(cls, form: BoxForm, recipe: BoxRecipe, day: int) -> "Touch":
        """From the box sums as they stand."""
        return cls(*form.accuracy("fg3m", "fg3a", recipe.threes, day), *form.accuracy("ftm", "fta", recipe.free_throws, day))


@dataclass(frozen=True)
class LuckRecipe:
    """How much of a surprise in shooting is luck, and what box rows weigh.

    Attributes:
        threes: share of the points above expectation from threes that is taken back.
        free_throws: the same for free throws.
        box_weight: weight of a box row against a stint of the same length.
    """

    threes: float = 0.7
    free_throws: float = 1.0
    box_weight: float = 0.1


@dataclass(frozen=True)
class SignedRows:
    """Rows of one date: design (rows, 1 + players), y (rows,) points per 48 minutes, weights (rows,) in games."""

    design: sparse.csr_array
    y: np.ndarray
    weights: np.ndarray


def stint_rows(stints: Stints, touch: Touch, luck: LuckRecipe) -> SignedRows:
    """One row per stint.

    Args:
        stints: stints of one date.
        touch: shooters before this date.
        luck: how luck is taken back.
    """
    count = len(stints.days)
    margins = stints.margins - _stint_luck(stints, 0, touch, luck) + _stint_luck(stints, 1, touch, luck)
    columns = np.column_stack([np.full(count, HOME), 1 + stints.tens])
    values = np.column_stack([stints.floors, np.ones((count, 5)), -np.ones((count, 5))])
    design = sparse.csr_array((values.ravel(), columns.ravel(), np.arange(0, 11 * count + 1, 11)), shape=(count, 1 + len(touch.three)))
    return SignedRows(design, margins * GAME_SECONDS / stints.seconds, stints.seconds / GAME_SECONDS)


def _stint_luck(stints: Stints, side: int, touch: Touch, luck: LuckRecipe) -> np.ndarray:
    """Points above what these five usually make of their attempts, as far as they count as luck."""
    five, (threes, threes_tried, frees, frees_tried) = stints.tens[:, 5 * side : 5 * side + 5], stints.shooting[:, side].T
    three = _mean_of(touch.three[five], touch.three_rate[five])
    free = _mean_of(touch.free[five], touch.free_rate[five])
    return 3 * luck.threes * (threes - three * threes_tried) + luck.free_throws * (frees - free * frees_tried)


def _mean_of(chances: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Mean chance of each row, by how often each shoots."""
    weights = rates + 1e-9
    return (chances * weights).sum(axis=1) / weights.sum(axis=1)


def box_rows(lines: Lines, touch: Touch, luck: LuckRecipe) -> SignedRows:
    """One row per box line whose plus-minus is recorded.

    Args:
        lines: lines of one date, in which every game is whole.
        touch: shooters before this date.
        luck: how luck is taken back.
    """
    minutes, sides = lines.values[:, LINE_COLUMNS.index("min")], lines.sides
    same_game = lines.games[:, None] == lines.games
    surprise = sides * _line_luck(lines, touch, luck)
    margins = sides * lines.values[:, LINE_COLUMNS.index("plus_minus")] - minutes / GAME_MINUTES * (same_game @ surprise)
    known = lines.recorded
    dense = np.column_stack([lines.floors, _shares(same_game, sides, minutes) * sides[:, None]])[known]
    row, column = np.nonzero(dense)
    numbers = np.concatenate([[HOME], 1 + lines.codes])[column]
    design = sparse.csr_array((dense[row, column], (row, numbers)), shape=(len(dense), 1 + len(touch.three)))
    y, weights = margins * GAME_MINUTES / minutes, luck.box_weight * minutes / GAME_MINUTES
    return SignedRows(design, y[known], weights[known])


def _shares(same_game: np.ndarray, sides: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """Row i: how much of player i's time each was on court, +1 for himself, four for his mates, minus five for the others."""
    mates = same_game & (sides[:, None] == sides)
    np.fill_diagonal(mates, False)
    rivals = same_game & (sides[:, None] != sides)
    shares = 4 * _spread(mates, minutes) - 5 * _spread(rivals, minutes)
    np.fill_diagonal(shares, 1.0)
    return shares


def _spread(who: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """Row i: the minutes of those of `who[i]`, as shares of their sum."""
    weighted = who * minutes
    return weighted / np.maximum(weighted.sum(axis=1, keepdims=True), 1e-9)


def _line_luck(lines: Lines, touch: Touch, luck: LuckRecipe) -> np.ndarray:
    threes, threes_tried, frees, frees_tried = (lines.values[:, LINE_COLUMNS.index(name)] for name in SHOOTING)
    three = 3 * luck.threes * (threes - touch.three[lines.codes] * threes_tried)
    return three + luck.free_throws * (frees - touch.free[lines.codes] * frees_tried)
