"""Who plays: the arrays that describe people, and how new ones are drawn. How they change and move is `summers`' work.

Everybody is invented. Ids start at 9,000,001, beyond those of real players.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.sources.simulator.averages import FREE_THROW_MADE, SHOOTING_FOUL, TURNOVER, ZONE_MADE, ZONE_SHARE, ZONES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_PLAYER_ID: Final = 9_000_001
SIZES: Final = 5
"""Point guard to centre, 0 to 4."""

POSITIONS: Final = ("G", "G-F", "F", "F-C", "C")
HEIGHT_INCHES: Final = np.array([74.4, 76.8, 79.0, 80.8, 83.0])
LOG_ZONE_BY_SIZE: Final = np.array(
    [[-0.15, 0.05, 0.15, -0.05, 0.15], [-0.15, 0, 0.1, 0.1, 0.15], [-0.05, -0.05, 0, 0.3, 0.05], [0.15, 0.05, -0.05, 0, -0.1],
     [0.55, 0.3, -0.3, -0.9, -0.75]]
)  # fmt: skip
"""How much more often, as a log ratio, each size shoots from each zone."""

OFFENCE_SD: Final = 3.1
DEFENCE_SD: Final = 2.25
ROOKIE_OFFENCE, ROOKIE_DEFENCE = -1.6, -0.9
"""What newcomers bring on average, against those who play."""


@dataclass(frozen=True)
class People:
    """People as columns: one entry of each array per person.

    Attributes:
        number: 0, 1, 2 … in order of entering the league; id and name follow from it.
        birth_year: year of birth.
        first_year: start year of the first season.
        size: 0 (point guard) to 4 (centre).
        height_inches: height.
        weight_pounds: weight.
        offence: points per 100 possessions that the own side scores more with this person on court than with an average one.
        defence: points per 100 possessions that the other side scores less.
        usage: weight among the five with which a chance is this person's.
        turnover: share of the own chances that are turnovers.
        shooting_foul: share of the own chances that draw two or three free throws.
        free_throw: share made.
        zone_share: (people, zones) shots by zone, adding to 1.
        zone_made: (people, zones) share made beside average team-mates and opponents.
        offensive_rebound: added to the side's share of its own misses.
        defensive_rebound: taken from the other side's share.
        rebounding: weight among the five with which a rebound is this person's.
        passing: weight with which an assist is this person's.
        stealing: weight with which a steal is.
        blocking: weight with which a block is.
        fouling: weight with which a foul is.
        durability: multiplies the chance to be injured.
    """

    number: Ints
    birth_year: Ints
    first_year: Ints
    size: Ints
    height_inches: Ints
    weight_pounds: Ints
    offence: Floats
    defence: Floats
    usage: Floats
    turnover: Floats
    shooting_foul: Floats
    free_throw: Floats
    zone_share: Floats
    zone_made: Floats
    offensive_rebound: Floats
    defensive_rebound: Floats
    rebounding: Floats
    passing: Floats
    stealing: Floats
    blocking: Floats
    fouling: Floats
    durability: Floats

    def __len__(self) -> int:
        return len(self.number)

    @property
    def player_id(self) -> Ints:
        """Ids as in every table."""
        return FIRST_PLAYER_ID + self.number

    @property
    def value(self) -> Floats:
        """Offence and defence together, points per 100 possessions."""
        return self.offence + self.defence

    def pick(self, rows: NDArray) -> "People":
        """These people, in this order; `rows` are indices or a mask."""
        return People(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def join(self, others: "People") -> "People":
        """These people, then the others."""
        return People(**{field.name: np.concatenate([getattr(self, field.name), getattr(others, field.name)]) for field in fields(self)})


def newcomers(first_number: int, ages: Ints, sizes: Ints, season_start: int, rng: np.random.Generator) -> People:
    """Draws people who enter the league.

    Args:
        first_number: number of the first of them.
        ages: in years when the season starts.
        sizes: 0 to 4.
        season_start: year in which their first season starts.
        rng: source of chance.
    """
    count = len(sizes)

    def normal(sd: float) -> Floats:
        return rng.normal(0, sd, count)

    def weight(sd: float) -> Floats:
        return np.exp(normal(sd))

    offence, defence = ROOKIE_OFFENCE + normal(OFFENCE_SD), ROOKIE_DEFENCE + normal(DEFENCE_SD)
    big = sizes / (SIZES - 1)
    share = ZONE_SHARE * np.exp(LOG_ZONE_BY_SIZE[sizes] + rng.normal(0, 0.35, (count, len(ZONES))))
    touch = rng.normal(0, 0.018, (count, len(ZONES))) + 0.007 * offence[:, None]
    height = np.rint(HEIGHT_INCHES[sizes] + normal(1.5)).astype(np.int64)
    return People(
        number=first_number + np.arange(count),
        birth_year=season_start - ages,
        first_year=np.full(count, season_start),
        size=sizes,
        height_inches=height,
        weight_pounds=np.rint(195 + 8.5 * (height - 75) + normal(12)).astype(np.int64),
        offence=offence,
        defence=defence,
        usage=np.exp(0.105 * offence + normal(0.22)),
        turnover=np.clip(TURNOVER * weight(0.2), 0.04, 0.22),
        shooting_foul=np.clip(SHOOTING_FOUL * (1 + 0.05 * offence) * weight(0.3), 0.015, 0.15),
        free_throw=np.clip(FREE_THROW_MADE + 0.025 - 0.06 * big + normal(0.06), 0.45, 0.93),
        zone_share=share / share.sum(axis=1, keepdims=True),
        zone_made=ZONE_MADE + touch,
        offensive_rebound=0.022 * (big - 0.5) + normal(0.006),
        defensive_rebound=0.012 * (big - 0.5) + normal(0.005),
        rebounding=np.exp(1.5 * big) * weight(0.25),
        passing=np.exp(-1.5 * big + 0.05 * offence) * weight(0.45),
        stealing=np.exp(-0.4 * big + 0.1 * defence) * weight(0.3),
        blocking=np.exp(2.2 * big + 0.12 * defence) * weight(0.45),
        fouling=np.exp(0.5 * big) * weight(0.25),
        durability=weight(0.5),
    )


def birth_dates(people: People) -> list[date]:
    """A day in the year of birth."""
    return [date(int(year), 1 + int(n) * 7 % 12, 1 + int(n) * 11 % 28) for year, n in zip(people.birth_year, people.number, strict=True)]
