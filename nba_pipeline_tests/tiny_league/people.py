"""Who plays: six franchises of the real league, ten invented players each, and their changes between seasons."""

from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple


class Team(NamedTuple):
    team_id: int
    city: str
    nickname: str
    abbreviation: str
    line_name: str
    """The short name that sportsbook records use."""


TEAMS = (
    Team(1610612749, "Milwaukee", "Bucks", "MIL", "mil"),
    Team(1610612744, "Golden State", "Warriors", "GSW", "gs"),
    Team(1610612759, "San Antonio", "Spurs", "SAS", "sa"),
    Team(1610612752, "New York", "Knicks", "NYK", "ny"),
    Team(1610612743, "Denver", "Nuggets", "DEN", "den"),
    Team(1610612738, "Boston", "Celtics", "BOS", "bos"),
)
POSITIONS = ("G", "G-F", "F", "F-C", "C")
GIVEN = ("Adam", "Ben", "Cole", "Dre", "Eli", "Finn", "Gus", "Hal", "Ivo", "Jay")
FIRST_HALVES = ("Al", "Bar", "Cor", "Dun", "El", "Far", "Gar", "Hol", "Ing", "Jor")
FAMILY = [first + last for first in FIRST_HALVES for last in ("by", "den", "ford", "ley", "man", "ton")]


@dataclass(frozen=True)
class Player:
    player_id: int
    given: str
    family: str
    team: Team
    position: str
    height_inches: int
    weight_pounds: int
    skill: float
    """Added to the chance of a make, and taken from the opponent's; about -.05 to .05."""
    threes: float
    """Share of the shots taken from three."""
    minutes: float
    """Long-run minutes a game when healthy."""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


def founding_players(rng: Random) -> list[Player]:
    """Ten players a team, better ones first; teams differ in strength."""
    families = iter(rng.sample(FAMILY, len(FAMILY)))
    players = []
    for number, team in enumerate(TEAMS):
        strength = 0.012 - 0.005 * number
        for place in range(10):
            size = place % 5
            players.append(
                Player(
                    player_id=1630000 + 100 * number + place,
                    given=rng.choice(GIVEN),
                    family=next(families),
                    team=team,
                    position=POSITIONS[size],
                    height_inches=74 + 2 * size + rng.randint(-1, 1),
                    weight_pounds=190 + 15 * size + rng.randint(-10, 10),
                    skill=strength + 0.03 - 0.006 * place + rng.gauss(0, 0.008),
                    threes=0.5 - 0.09 * size,
                    minutes=35 - 2.5 * place,
                )
            )
    return players


def next_summer(players: list[Player], rng: Random) -> list[Player]:
    """The same people a season later: skills drift, and two of them are traded for each other."""
    drifted = [replace(player, skill=player.skill + rng.gauss(0, 0.008)) for player in players]
    return trade(drifted, *rng.sample(range(len(players)), 2))


def trade(players: list[Player], one: int, other: int) -> list[Player]:
    """Two players change teams with each other."""
    moved = list(players)
    moved[one], moved[other] = replace(players[one], team=players[other].team), replace(players[other], team=players[one].team)
    return moved
