"""Where on the floor shots of each zone come from."""

import numpy as np

from nba_pipeline.league.court import CORNER_THREE_LIMIT_FEET, THREE_POINT_ARC_FEET, THREE_POINT_CORNER_FEET
from nba_pipeline.sources.simulator.averages import ABOVE_THREE, CORNER_THREE, MID, RIM, SHORT
from nba_pipeline.sources.simulator.people import Floats, Ints

NEAREST = {RIM: 0.0, SHORT: 4.0, MID: 10.0, ABOVE_THREE: THREE_POINT_ARC_FEET + 0.1}
FARTHEST = {RIM: 3.9, SHORT: 9.9, MID: 21.5, ABOVE_THREE: 27.5}
ANGLES = {RIM: (0.0, np.pi), SHORT: (0.0, np.pi), MID: (0.05, np.pi - 0.05), ABOVE_THREE: (0.42, np.pi - 0.42)}
"""Radians from the right-hand baseline."""


def spots(zone: Ints, rng: np.random.Generator) -> Floats:
    """(shots, 2) x and y in feet from the rim, on the right side of the three-point line."""
    place = np.empty((len(zone), 2))
    for one in NEAREST:
        rows = np.flatnonzero(zone == one)
        feet = NEAREST[one] + (FARTHEST[one] - NEAREST[one]) * rng.beta(1.3, 1.8, len(rows))
        angle = rng.uniform(*ANGLES[one], len(rows))
        place[rows] = np.stack([feet * np.cos(angle), feet * np.sin(angle)], axis=1)
    corner = np.flatnonzero(zone == CORNER_THREE)
    side = np.where(rng.random(len(corner)) < 0.5, -1, 1)
    x = side * rng.uniform(THREE_POINT_CORNER_FEET + 0.2, 24.0, len(corner))
    place[corner] = np.stack([x, rng.uniform(-3.0, CORNER_THREE_LIMIT_FEET - 0.3, len(corner))], axis=1)
    return place
