"""A season of the simulated league in memory: the events, and the truth behind them that no file tells."""

from dataclasses import dataclass

import numpy as np

from nba_pipeline.league.ids import SIMULATED_GAMES, GameId
from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.engine import play
from nba_pipeline.sources.simulator.people import Ints
from nba_pipeline.sources.simulator.record import Events, Record
from nba_pipeline.sources.simulator.schedule import Schedule, make_schedule
from nba_pipeline.sources.simulator.summers import League, league_of
from nba_pipeline.sources.simulator.tonight import Tonight, nights

SCHEDULE, NIGHTS, PLAY, WORDS, LINES = range(5)
"""What chance is drawn for: each has a stream of its own, so that a change to one leaves the others as they were."""


@dataclass(frozen=True)
class SimulatedSeason:
    """What happened, and what it came from.

    Attributes:
        season: its label.
        seed: of the league.
        league: people and their values.
        schedule: games and days.
        tonight: what was fixed before each tip-off.
        events: everything that happened.
        score: (games, 2) final points of home and away.
        seconds: (games, 2, 15) played by each of the rosters.
    """

    season: Season
    seed: int
    league: League
    schedule: Schedule
    tonight: Tonight
    events: Events
    score: Ints
    seconds: Ints

    @property
    def game_ids(self) -> list[GameId]:
        """Ids of all games, in order."""
        return game_ids(self.season, len(self.schedule))

    def stream(self, purpose: int) -> np.random.Generator:
        """A source of chance for one purpose."""
        return stream(self.season, self.seed, purpose)


def game_ids(season: Season, games: int) -> list[GameId]:
    """Ids of a season's games: `9022100001` is the first of 2021-22."""
    return [f"{SIMULATED_GAMES}02{start_year(season) % 100:02d}{number:05d}" for number in range(1, games + 1)]


def stream(season: Season, seed: int, purpose: int) -> np.random.Generator:
    """A source of chance that depends on nothing else."""
    return np.random.default_rng([seed, start_year(season), purpose])


def before_tip_off(season: Season, seed: int, teams: int = len(TEAMS)) -> tuple[League, Schedule, Tonight]:
    """People, schedule, and everything else that is fixed before a season's games are played; arguments as for `simulate_season`."""
    league = league_of(season, seed)
    schedule = make_schedule(start_year(season), stream(season, seed, SCHEDULE), teams)
    return league, schedule, nights(league, schedule, stream(season, seed, NIGHTS))


def simulate_season(season: Season, seed: int, teams: int = len(TEAMS)) -> SimulatedSeason:
    """Plays a season.

    Args:
        season: 2012-13 or later.
        seed: of the league; the same seed gives the same season.
        teams: the first so many teams; all thirty play 82 games each.
    """
    league, schedule, tonight = before_tip_off(season, seed, teams)
    record = Record()
    floor = play(tonight, stream(season, seed, PLAY), record)
    return SimulatedSeason(season, seed, league, schedule, tonight, record.finish(), floor.score, floor.seconds)
