"""Who meets whom, where and when: 82 games a team as the real league plays them, with back-to-backs and road trips."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final

import numpy as np

from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.people import Ints

OPENING: Final = (10, 20)
"""Month and day of the first games."""

GAMES_PER_TEAM: Final = 82
SEASON_DAYS: Final = 172
"""What a season of so many games takes; one of fewer is as much shorter, so that nights are as busy."""

LONGEST_SEASON_DAYS: Final = 230
BREAK_DAYS: Final = range(118, 124)
"""No games around the all-star weekend."""

IN_DIVISION, IN_CONFERENCE, ACROSS = 4, 4, 2
"""Games between two teams; ten of a team's conference opponents outside its division are met but three times in 82."""

TRIP_BONUS: Final = 0.35
"""How much sooner a game is played when it keeps the visitors on the road and the hosts at home."""

TIRED_MALUS: Final = 0.12
"""How much later for each side that played the day before."""


@dataclass(frozen=True)
class Schedule:
    """Games in the order in which they are played.

    Attributes:
        day: days after the opening.
        home: index into `TEAMS`.
        away: index into `TEAMS`.
        days_since_last: (games, 2) days since the last game of home and away; large before the first.
        opening: date of day 0.
        days: how long the season is meant to last; a few games may come later.
    """

    day: Ints
    home: Ints
    away: Ints
    days_since_last: Ints
    opening: date
    days: int

    def __len__(self) -> int:
        return len(self.day)

    @property
    def dates(self) -> list[date]:
        """The date of each game."""
        return [self.opening + timedelta(days=int(day)) for day in self.day]


def make_schedule(start: int, rng: np.random.Generator, teams: int = len(TEAMS)) -> Schedule:
    """Draws a season's schedule.

    Args:
        start: start year of the season.
        rng: source of chance.
        teams: the first so many of `TEAMS`; all thirty give 1,230 games, fewer give each pair the same number.
    """
    pairs = np.array(list(_games(rng) if teams == len(TEAMS) else _small_league(teams)))
    days = round(SEASON_DAYS * 2 * len(pairs) / (teams * GAMES_PER_TEAM))
    games = _spread(rng.permutation(pairs), teams, days, rng)
    games = games[np.lexsort((games[:, 1], games[:, 0]))]
    day, home, away = games.T
    return Schedule(day, home, away, _days_since_last(games, teams), date(start, *OPENING), days)


def _games(rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """(home, away) of the 1,230 games."""
    thrice = _met_three_times(rng)
    for one, other in combinations(range(len(TEAMS)), 2):
        same_conference = TEAMS[one].conference == TEAMS[other].conference
        if not same_conference:
            count = ACROSS
        elif TEAMS[one].division == TEAMS[other].division:
            count = IN_DIVISION
        else:
            count = IN_CONFERENCE - ((one, other) in thrice)
        extra = thrice.get((one, other), one)
        yield from [(one, other), (other, one)] * (count // 2)
        if count % 2:
            yield (extra, other if extra == one else one)


def _met_three_times(rng: np.random.Generator) -> dict[tuple[int, int], int]:
    """Pairs of one conference that meet three times, and who is at home twice: four opponents for each team, two of them at home."""
    pairs: dict[tuple[int, int], int] = {}
    for conference in ("East", "West"):
        divisions: dict[str, list[int]] = {}
        for index, team in enumerate(TEAMS):
            if team.conference == conference:
                divisions.setdefault(team.division, []).append(index)
        for first, second in combinations(divisions.values(), 2):
            turn = int(rng.integers(5))
            for place, one in enumerate(first):
                for step, at_home in ((turn, one), (turn + 1, None)):
                    other = second[(place + step) % 5]
                    pairs[min(one, other), max(one, other)] = other if at_home is None else one
    return pairs


def _small_league(teams: int) -> Iterator[tuple[int, int]]:
    for one, other in combinations(range(teams), 2):
        yield from [(one, other), (other, one)] * 2


def _spread(pairs: np.ndarray, teams: int, days: int, rng: np.random.Generator) -> np.ndarray:
    """Gives each game a day: nobody plays twice a day, three days running, or four days of five.

    Returns:
        (games, 3) day, home, away.
    """
    waiting, placed = [(int(home), int(away)) for home, away in pairs], []
    played: list[list[int]] = [[-9] for _ in range(teams)]
    was_home = np.zeros(teams, dtype=bool)
    for day in range(LONGEST_SEASON_DAYS):
        if day in BREAK_DAYS:
            continue
        left = np.bincount(np.array(waiting, dtype=int).ravel(), minlength=teams)
        wanted = _games_tonight(len(waiting), day, days)
        urgency = [
            (left[home] + left[away]) / 40
            + TRIP_BONUS * (was_home[home] + (not was_home[away]))
            - TIRED_MALUS * ((played[home][-1] == day - 1) + (played[away][-1] == day - 1))
            + chance
            for (home, away), chance in zip(waiting, rng.random(len(waiting)), strict=True)
        ]
        tonight: set[int] = set()
        for place in sorted(range(len(waiting)), key=lambda one: -urgency[one]):
            home, away = waiting[place]
            if len(tonight) < 2 * wanted and not {home, away} & tonight and _may_play(played[home], day) and _may_play(played[away], day):
                tonight |= {home, away}
                placed.append((day, home, away))
        done = {(home, away) for when, home, away in placed if when == day}
        for home, away in done:
            waiting.remove((home, away))
            played[home].append(day)
            played[away].append(day)
            was_home[[home, away]] = True, False
        if not waiting:
            break
    return np.array(placed)


def _games_tonight(waiting: int, day: int, days: int) -> int:
    """So many that the season ends in time; nights differ, 9 games of thirty teams, then 4, then 10."""
    mean = waiting / max(1, days - day - sum(day <= later < days for later in BREAK_DAYS))
    return max(1, round(mean * (1.25, 0.6, 1.35, 0.8, 1.3, 1.0, 0.75)[day % 7]))


def _may_play(played: list[int], day: int) -> bool:
    return not (played[-1] == day - 1 and played[-2:-1] == [day - 2]) and sum(one >= day - 4 for one in played[-3:]) < 3


def _days_since_last(games: np.ndarray, teams: int) -> Ints:
    last = np.full(teams, -99)
    since = np.empty((len(games), 2), dtype=np.int64)
    for row, (day, home, away) in enumerate(games):
        since[row] = day - last[[home, away]]
        last[[home, away]] = day
    return since
