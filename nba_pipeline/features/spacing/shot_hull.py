"""The area from which a group of shots comes, robust against a few strays. Geometry only: nothing of dates or lineups.

The hull is that of a *trimmed zonoid*: for each of 16 directions, the mean spot of the tenth of the shots that lies furthest in
that direction is one corner. These corners are always in convex position (Koshevoy & Mosler 1997, Zonoid trimming), a
single heave moves them by next to nothing, and they need only counts per cell of the floor, which add up over players and dates.
"""

import numpy as np

from nba_pipeline.league.court import X_LIMIT_FEET, Y_MIN_FEET

CELL_FEET = 2.0
"""Side of a cell of the floor."""

DEEPEST_FEET = 34.0
"""Shots from further up the floor are heaves against the clock and are left out."""

DIRECTIONS = 16
TRIM = 0.10
"""Share of the shots that speaks for a direction."""

_ACROSS = round(2 * X_LIMIT_FEET / CELL_FEET)
_ALONG = int(np.ceil((DEEPEST_FEET - Y_MIN_FEET) / CELL_FEET))
CELLS = _ACROSS * _ALONG
"""Number of cells."""

_NUMBERS = np.arange(CELLS)
CENTRES = np.column_stack([-X_LIMIT_FEET + CELL_FEET * (_NUMBERS % _ACROSS + 0.5), Y_MIN_FEET + CELL_FEET * (_NUMBERS // _ACROSS + 0.5)])
"""Middle of each cell, (cells, 2), in feet from the rim."""


def cells(x_feet: np.ndarray, y_feet: np.ndarray) -> np.ndarray:
    """The cell of each shot; -1 for one that counts as a heave or has no place."""
    x, y = np.nan_to_num(x_feet, nan=np.inf), np.nan_to_num(y_feet, nan=np.inf)
    inside = (np.abs(x) <= X_LIMIT_FEET) & (y >= Y_MIN_FEET) & (y < DEEPEST_FEET)
    column = np.clip((np.where(inside, x, 0) + X_LIMIT_FEET) // CELL_FEET, 0, _ACROSS - 1)
    row = (np.where(inside, y, 0) - Y_MIN_FEET) // CELL_FEET
    return np.where(inside, row * _ACROSS + column, -1).astype(np.int64)


def corners(shots: np.ndarray) -> np.ndarray:
    """Corners of the hull, counter-clockwise.

    Args:
        shots: (groups, cells), weight of each group's shots per cell; no row may be empty.

    Returns:
        (groups, directions, 2), feet from the rim.
    """
    share = shots / shots.sum(axis=1, keepdims=True)
    places = [_corner(share, 2 * np.pi * number / DIRECTIONS) for number in range(DIRECTIONS)]
    return np.stack(places, axis=1)


def _corner(share: np.ndarray, angle: float) -> np.ndarray:
    """Mean place of the `TRIM` of the weight that lies furthest in one direction, (groups, 2)."""
    order = np.argsort(-(CENTRES[:, 0] * np.cos(angle) + CENTRES[:, 1] * np.sin(angle)), kind="stable")
    so_far = np.minimum(np.cumsum(share[:, order], axis=1), TRIM)
    taken = np.diff(so_far, axis=1, prepend=0.0)
    return np.stack([(taken * CENTRES[order, axis]).sum(axis=1) for axis in (0, 1)], axis=1) / TRIM


def hull_area(shots: np.ndarray) -> np.ndarray:
    """Area in square feet enclosed by the corners, (groups,); arguments as for `corners`."""
    x, y = np.moveaxis(corners(shots), 2, 0)
    return 0.5 * np.abs((x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1))
