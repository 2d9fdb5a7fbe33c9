"""A possession is worth what the ten make it worth, whatever their style."""

import numpy as np
import pytest

from nba_pipeline.sources.simulator.averages import COMMON_FOUL
from nba_pipeline.sources.simulator.chance import Chances
from nba_pipeline.sources.simulator.floor import HOME, Floor
from nba_pipeline.sources.simulator.season import SimulatedSeason
from nba_pipeline.sources.simulator.worth import after_lead, made_shift, possession_worth, rebound_share, style_of

POSSESSIONS = 60_000


def played_out(season: SimulatedSeason, game: int, worth: float, bonus_fouls: int) -> np.ndarray:
    """Points of many possessions of one lineup, chance by chance until the other side has the ball."""
    floor = Floor(season.tonight.pick(np.full(POSSESSIONS, game)), None)
    floor.on[:] = np.arange(5)
    floor.period[:], floor.clock[:] = 1, 10**6
    chances = Chances(floor, style_of(season.league.people), np.random.default_rng(game))
    games = np.arange(POSSESSIONS)
    while len(games):
        floor.team_fouls[:], floor.fouls[:], floor.on[:] = bonus_fouls, 0, np.arange(5)
        chances.play(games, np.full(len(games), worth), np.full(len(games), COMMON_FOUL))
        games = games[floor.offence[games] == HOME]
    return floor.score[:, HOME]


@pytest.mark.parametrize("game", [0, 400])
@pytest.mark.parametrize("worth", [0.95, 1.1, 1.25])
def test_the_tree_of_a_possession_has_the_expectation_it_should(season: SimulatedSeason, game: int, worth: float) -> None:
    points = played_out(season, game, worth, bonus_fouls=0)
    assert points.mean() == pytest.approx(worth, abs=4 * points.std() / POSSESSIONS**0.5 + 0.004)


def test_and_so_it_has_in_the_bonus(season: SimulatedSeason) -> None:
    points = played_out(season, 7, 1.1, bonus_fouls=5)
    assert points.mean() == pytest.approx(1.1, abs=4 * points.std() / POSSESSIONS**0.5 + 0.004)


def test_worth_is_additive_in_people(season: SimulatedSeason) -> None:
    people = season.league.people
    offence, defence = np.array([[0, 3, 6, 9, 12]]), np.array([[15, 18, 21, 24, 27]])
    better = offence.copy()
    better[0, 0] = 1
    gain = possession_worth(people, better, defence, np.zeros(1)) - possession_worth(people, offence, defence, np.zeros(1))
    assert gain[0] * 100 == pytest.approx(people.offence[1] - people.offence[0])


def test_leaders_ease_off() -> None:
    assert after_lead(np.array([1.1]), np.array([10])) < 1.1 < after_lead(np.array([1.1]), np.array([-10]))


def test_shift_grows_with_worth(season: SimulatedSeason) -> None:
    people = season.league.people
    five, others = np.array([[0, 3, 6, 9, 12]] * 3), np.array([[15, 18, 21, 24, 27]] * 3)
    rebound = rebound_share(people, five, others)
    shift = made_shift(people, style_of(people), five, np.array([1.0, 1.1, 1.2]), rebound, np.full(3, COMMON_FOUL), np.zeros(3, dtype=bool))
    assert (np.diff(shift) > 0.03).all()
