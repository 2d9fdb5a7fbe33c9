"""The league from one season to the next: people age, retire, enter and move. What happens in games has no part in it.

So any season can be made without playing those before it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from nba_pipeline.league.seasons import LAST_START_YEAR, Season, season_label, start_year
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.minutes import plan_seconds
from nba_pipeline.sources.simulator.people import SIZES, Ints, People, newcomers

FOUNDED: Final = 2012
"""Start year of the first season that can be simulated."""

PER_SIZE: Final = 3
ROSTER: Final = SIZES * PER_SIZE
"""Players of a team: three of each size."""

ROOKIE_AGES: Final = (19, 24)
CHANGES_TEAM: Final = 0.10
"""Share of players who sign with another team in a summer."""

TRADES: Final = 8
"""Pairs of players of one size who change teams with each other at the deadline."""

PEAK_AGE: Final = 27
YEARLY_CHANGE: Final = 0.7
COACHED_SD: Final = 0.9
"""How wrong coaches are about a player's value, points per 100 possessions."""


class UnsimulatedSeasonError(ValueError):
    """A season before the league was founded."""

    def __init__(self, season: Season) -> None:
        super().__init__(
            f"the simulated league has no season {season}: choose from {season_label(FOUNDED)} to {season_label(LAST_START_YEAR)} "
            "(NBA_SEASONS; make: SEASONS)"
        )


@dataclass(frozen=True)
class League:
    """Who is with which team in a season.

    Attributes:
        start: start year.
        people: everybody under contract.
        team: index into `TEAMS` until the deadline.
        team_after: index into `TEAMS` from the deadline on.
        reputation: value as coaches see it, points per 100 possessions; minutes follow from it.
        newest: number of the next person to enter.
    """

    start: int
    people: People
    team: Ints
    team_after: Ints
    reputation: np.ndarray
    newest: int


@lru_cache(maxsize=32)
def league_of(season: Season, seed: int) -> League:
    """The league as it enters a season; the same seed gives the same league.

    Raises:
        UnsimulatedSeasonError: before 2012-13.
    """
    if (year := start_year(season)) < FOUNDED:
        raise UnsimulatedSeasonError(season)
    return _found(seed) if year == FOUNDED else _next_season(league_of(season_label(year - 1), seed), seed)


def everybody(seed: int) -> People:
    """All who ever enter the league, in order of entering, as they are in their last season."""
    seasons = [league_of(season_label(year), seed).people for year in range(FOUNDED, LAST_START_YEAR + 1)]
    seen = seasons[0]
    for people in seasons[1:]:
        seen = seen.pick(~np.isin(seen.number, people.number)).join(people)
    return seen.pick(np.argsort(seen.number))


def _found(seed: int) -> League:
    rng = np.random.default_rng([seed, FOUNDED])
    sizes = np.tile(np.repeat(np.arange(SIZES), PER_SIZE), len(TEAMS))
    ages = np.clip(np.rint(rng.gamma(5, 1.5, len(sizes)) + 19), 19, 38).astype(np.int64)
    team = np.repeat(np.arange(len(TEAMS)), ROSTER)
    return _enter(FOUNDED, newcomers(0, ages, sizes, FOUNDED, rng), team, len(sizes), rng)


def _next_season(last: League, seed: int) -> League:
    year = last.start + 1
    rng = np.random.default_rng([seed, year])
    aged = _age(last.people, year, rng)
    stays = rng.random(len(aged)) > _retires(aged, year)
    sizes = aged.size[~stays]
    ages = rng.integers(*ROOKIE_AGES, len(sizes))
    rookies = newcomers(last.newest, ages, sizes, year, rng)
    people = aged.pick(stays).join(rookies)
    free = np.concatenate([rng.random(int(stays.sum())) < CHANGES_TEAM, np.ones(len(rookies), dtype=bool)])
    team = np.concatenate([last.team_after[stays], last.team_after[~stays]])
    for size in range(SIZES):
        pool = np.flatnonzero(free & (people.size == size))
        team[pool] = rng.permutation(team[pool])
    return _enter(year, people, team, last.newest + len(rookies), rng)


def _age(people: People, year: int, rng: np.random.Generator) -> People:
    """A summer's growth or decline: up to a point per 100 possessions for the young, as much down for the old."""
    age = year - people.birth_year
    trend = np.clip(0.2 * (PEAK_AGE - age), -1.1, 0.8)
    change = rng.normal(0, YEARLY_CHANGE, len(people)) + trend
    to_offence = rng.uniform(0.3, 0.8, len(people)) * change
    return replace(
        people,
        offence=people.offence + to_offence,
        defence=people.defence + change - to_offence,
        zone_made=people.zone_made + 0.007 * to_offence[:, None],
        usage=people.usage * np.exp(0.105 * to_offence),
    )


def _retires(people: People, year: int) -> np.ndarray:
    """Chance to leave: the old, and those who are not good enough."""
    age = year - people.birth_year
    return 1 / (1 + np.exp(4.6 - 0.22 * np.clip(age - 27, 0, 14) + 0.65 * people.value))


def rosters(team: Ints) -> Ints:
    """(teams, 15) rows of the people of each team, from each one's team."""
    return np.argsort(team, kind="stable").reshape(-1, ROSTER)


def _minutes_weight(people: People, team: Ints, reputation: np.ndarray) -> np.ndarray:
    """Minutes of each when everybody is healthy."""
    rows = rosters(team)[None]
    weight = np.empty(len(people))
    weight[rows] = plan_seconds(reputation[rows], people.size[rows], np.ones(rows.shape, dtype=bool))
    return weight


def _enter(year: int, people: People, team: Ints, newest: int, rng: np.random.Generator) -> League:
    """Fixes what the season sees: the mean of those who will play is 0, coaches have their opinions, deadline deals are made."""
    reputation = people.value + rng.normal(0, COACHED_SD, len(people))
    plays = _minutes_weight(people, team, reputation)
    centred = replace(
        people,
        offence=people.offence - np.average(people.offence, weights=plays),
        defence=people.defence - np.average(people.defence, weights=plays),
    )
    team_after = team.copy()
    for _ in range(TRADES):
        pool = rng.permutation(np.flatnonzero(people.size == rng.integers(SIZES)))
        one, other = pool[0], next(row for row in pool if team_after[row] != team_after[pool[0]])
        team_after[[one, other]] = team_after[[other, one]]
    return League(year, centred, team, team_after, reputation, newest)
