"""What a possession is worth, and how much better or worse the five shoot so that it is.

Worth is additive by construction: the league average plus the offence of five people minus the defence of the other five,
plus floor and rest. How it comes about (who shoots from where, who turns it over, who rebounds) is style; the share made is
shifted so that the expectation over the whole tree of a possession is exactly the worth. That makes the truth about everybody known.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nba_pipeline.sources.simulator.averages import (
    LEAD_COST_PER_100,
    OFFENSIVE_REBOUND,
    POINTS_PER_100,
    THREE_SHOT_FOUL_SHARE,
    ZONE_AND_ONE,
    ZONE_POINTS,
)
from nba_pipeline.sources.simulator.people import Floats, Ints, People

SHIFT_LIMIT: Final = 0.25
LEAST_REBOUND, MOST_REBOUND = 0.08, 0.45


@dataclass(frozen=True)
class Style:
    """What a chance in somebody's hands gives when nobody's value changes it: one entry per person.

    Attributes:
        shot_points: points of a shot and the free throw that may come with it.
        shot_points_slope: more of them per unit of share made.
        shot_misses: live misses of a shot.
        shot_misses_slope: fewer of them per unit of share made.
        foul_points: points of the free throws of a shooting foul.
    """

    shot_points: Floats
    shot_points_slope: Floats
    shot_misses: Floats
    shot_misses_slope: Floats
    foul_points: Floats


def style_of(people: People) -> Style:
    """The averages over everybody's zones."""
    missed = 1 - people.free_throw
    with_free_throw = ZONE_POINTS + ZONE_AND_ONE * people.free_throw[:, None]
    live = 1 - ZONE_AND_ONE * missed[:, None]
    share, made = people.zone_share, people.zone_made
    return Style(
        shot_points=(share * made * with_free_throw).sum(axis=1),
        shot_points_slope=(share * with_free_throw).sum(axis=1),
        shot_misses=(share * (1 - made * live)).sum(axis=1),
        shot_misses_slope=(share * live).sum(axis=1),
        foul_points=(2 + THREE_SHOT_FOUL_SHARE) * people.free_throw,
    )


def possession_worth(people: People, offence: Ints, defence: Ints, edge: Floats) -> Floats:
    """Points of a possession at level score.

    Args:
        people: everybody.
        offence: (n, 5) rows of those who have the ball.
        defence: (n, 5) rows of the others.
        edge: (n,) points per 100 possessions of floor and rest.
    """
    return (POINTS_PER_100 + people.offence[offence].sum(axis=1) - people.defence[defence].sum(axis=1) + edge) / 100


def after_lead(worth: Floats, lead: Ints) -> Floats:
    """What it is worth to a side that leads by so many points: leaders ease off."""
    return worth - LEAD_COST_PER_100 * lead / 100


def rebound_share(people: People, offence: Ints, defence: Ints) -> Floats:
    """Share of its own misses that the offence gets back."""
    share = OFFENSIVE_REBOUND + people.offensive_rebound[offence].sum(axis=1) - people.defensive_rebound[defence].sum(axis=1)
    return np.clip(share, LEAST_REBOUND, MOST_REBOUND)


def made_shift(
    people: People, style: Style, offence: Ints, worth: Floats, rebound: Floats, common_foul: Floats, bonus: NDArray[np.bool_]
) -> Floats:
    """What is added to every share made of the five, so that the possession is worth what it should be.

    With v points and m live misses a chance, r of the misses rebounded, and f common fouls after which play goes on, a possession is
    worth V = v / (1 - r·m - f); v and m are linear in the shift, so it is solved for.

    Args:
        people: everybody.
        style: of everybody.
        offence: (n, 5) rows.
        worth: (n,) points.
        rebound: (n,) share of misses that the offence gets back.
        common_foul: (n,) share of chances that end in a foul away from a shot.
        bonus: (n,) whether such a foul gives two free throws.
    """
    weight = people.usage[offence] / people.usage[offence].sum(axis=1, keepdims=True)

    def mean(values: Floats) -> Floats:
        return (weight * values).sum(axis=1)

    drawn, free_throw = people.shooting_foul[offence], people.free_throw[offence]
    shoots = 1 - people.turnover[offence] - drawn - common_foul[:, None]
    to_line = np.where(bonus, common_foul, 0.0)
    points = mean(shoots * style.shot_points[offence] + drawn * style.foul_points[offence]) + to_line * 2 * mean(free_throw)
    misses = mean(shoots * style.shot_misses[offence] + drawn * (1 - free_throw)) + to_line * mean(1 - free_throw)
    points_slope = mean(shoots * style.shot_points_slope[offence])
    misses_slope = mean(shoots * style.shot_misses_slope[offence])
    goes_on = common_foul - to_line
    shift = (worth * (1 - rebound * misses - goes_on) - points) / (points_slope - worth * rebound * misses_slope)
    return np.clip(shift, -SHIFT_LIMIT, SHIFT_LIMIT)
