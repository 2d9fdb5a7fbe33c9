"""Who can play on which day: injuries that last, and nights off for the old and good. No game has a part in it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.sources.simulator.people import Floats
from nba_pipeline.sources.simulator.schedule import Schedule
from nba_pipeline.sources.simulator.summers import League

INJURY_PER_DAY: Final = 0.0062
DAYS_OUT_LOG: Final = (2.0, 1.0)
"""Mean and standard deviation of the logarithm of an injury's days."""

NIGHT_OFF: Final = 0.02
NIGHT_OFF_BACK_TO_BACK: Final = 0.14
"""Chance that a player past 30 of value is rested."""

RESTED_FROM_AGE, RESTED_FROM_VALUE = 31, 1.5


def injured(league: League, days: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(days, people) who is injured on which day of the season."""
    people = league.people
    hurt = rng.random((days, len(people))) < INJURY_PER_DAY * people.durability
    lasts = np.ceil(np.exp(rng.normal(*DAYS_OUT_LOG, (days, len(people))))).astype(np.int64)
    until = np.maximum.accumulate(np.where(hurt, np.arange(days)[:, None] + lasts, 0), axis=0)
    return until > np.arange(days)[:, None]


def rested(league: League, schedule: Schedule, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(games, 2, people) who gets the night off, were they of that side."""
    veteran = (league.start - league.people.birth_year >= RESTED_FROM_AGE) & (league.reputation > RESTED_FROM_VALUE)
    chance: Floats = np.where(schedule.days_since_last == 1, NIGHT_OFF_BACK_TO_BACK, NIGHT_OFF)
    return (rng.random((len(schedule), 2, len(veteran))) < chance[:, :, None]) & veteran
