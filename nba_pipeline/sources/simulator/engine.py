"""Plays a batch of games in step with each other: clock, periods, and one chance after another.

All games of a batch take their next chance together, so that a season is a few hundred steps over arrays of 1,230 games.
"""

from typing import Final

import numpy as np

from nba_pipeline.league.clock import REGULATION_PERIODS, period_seconds
from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.averages import (
    COMMON_FOUL,
    SECONDS_AFTER_OFFENSIVE_REBOUND,
    SECONDS_FROM_LIVE_BALL,
    SECONDS_FROM_OWN_BASKET,
    SECONDS_FROM_SIDE_OUT,
    SHOT_CLOCK,
)
from nba_pipeline.sources.simulator.chance import FROM_OWN_BASKET, Chances
from nba_pipeline.sources.simulator.coach import starting_five, substitute
from nba_pipeline.sources.simulator.floor import AWAY, HOME, Floor, Games
from nba_pipeline.sources.simulator.people import Ints
from nba_pipeline.sources.simulator.record import Record
from nba_pipeline.sources.simulator.tonight import Tonight
from nba_pipeline.sources.simulator.worth import after_lead, possession_worth, style_of

SECONDS: Final = np.array([SECONDS_FROM_OWN_BASKET, SECONDS_FROM_LIVE_BALL, SECONDS_AFTER_OFFENSIVE_REBOUND, SECONDS_FROM_SIDE_OUT])
SECOND_HALF: Final = 3
BEATS_BUZZER: Final = 0.75
LEAST_SECONDS_FOR_SHOT: Final = 2
FOULS_ON_PURPOSE: Final = 0.75
LAST_SECONDS, MOST_BEHIND = 40, 9
"""A side behind by one possession to three fouls on purpose in the last seconds."""


def play(tonight: Tonight, rng: np.random.Generator, record: Record | None = None) -> Floor:
    """Plays all games to the end.

    Args:
        tonight: the games before tip-off.
        rng: source of chance.
        record: collects events where they are wanted; without it only the scores are kept, which is faster.

    Returns:
        The floor after the last buzzer: `score` and `seconds` say how it ended.
    """
    floor = Floor(tonight, record)
    chances = Chances(floor, style_of(tonight.people), rng)
    everyone = np.arange(len(tonight))
    starting_five(floor, everyone)
    _start_period(floor, everyone, rng)
    while (games := np.flatnonzero(~floor.over)).size:
        _step(floor, chances, games, rng)
    return floor


def _step(floor: Floor, chances: Chances, games: Games, rng: np.random.Generator) -> None:
    """The next chance of each game, or the end of its period."""
    side = floor.offence[games]
    worth = possession_worth(floor.tonight.people, floor.court(games, side), floor.court(games, 1 - side), floor.tonight.edge[games, side])
    purpose = _fouls_on_purpose(floor, games, side) & (rng.random(len(games)) < FOULS_ON_PURPOSE)
    seconds = _seconds(floor, games, rng)
    seconds = np.where(purpose, np.minimum(seconds, rng.integers(1, 6, len(games))), seconds)
    left = floor.clock[games]
    hurries = (seconds >= left) & (left >= LEAST_SECONDS_FOR_SHOT) & (rng.random(len(games)) < BEATS_BUZZER)
    seconds = np.where(hurries, left - rng.integers(0, 2, len(games)), np.minimum(seconds, left))
    buzzer = (seconds >= left) & ~hurries
    floor.run_clock(games, seconds)
    on = ~buzzer
    foul = np.where(purpose, 0.97 - 2 * COMMON_FOUL, COMMON_FOUL)
    chances.play(games[on], after_lead(worth, floor.lead(games, side))[on], foul[on])
    _end_period(floor, games[floor.clock[games] <= 0], rng)


def _seconds(floor: Floor, games: Games, rng: np.random.Generator) -> Ints:
    mean, sd = SECONDS[floor.start[games]].T
    drawn = rng.normal(mean, sd) * floor.tonight.tempo[games]
    return np.clip(np.rint(drawn), 1, SHOT_CLOCK).astype(np.int64)


def _fouls_on_purpose(floor: Floor, games: Games, side: Ints) -> np.ndarray:
    lead = floor.lead(games, side)
    return (floor.period[games] >= REGULATION_PERIODS) & (floor.clock[games] <= LAST_SECONDS) & (lead >= 1) & (lead <= MOST_BEHIND)


def _start_period(floor: Floor, games: Games, rng: np.random.Generator) -> None:
    if not len(games):
        return
    floor.period[games] += 1
    period = floor.period[games]
    floor.clock[games] = period_seconds(period)
    floor.team_fouls[games] = 0
    starting_five(floor, games[period == SECOND_HALF])
    substitute(floor, games[(period != 1) & (period != SECOND_HALF)], rng, most=4, quietly=True)
    floor.log(games, EventType.PERIOD_START)
    _jump_ball(floor, games[(period == 1) | (period > REGULATION_PERIODS)], rng)
    tip = floor.tip[games]
    floor.offence[games] = np.where((period == 2) | (period == SECOND_HALF), 1 - tip, tip)
    floor.start[games] = FROM_OWN_BASKET


def _jump_ball(floor: Floor, games: Games, rng: np.random.Generator) -> None:
    winner = rng.integers(2, size=len(games))
    floor.tip[games] = winner
    height = floor.tonight.people.height_inches
    home, away = (floor.court(games, np.full(len(games), side)) for side in (HOME, AWAY))
    tallest = [five[np.arange(len(games)), height[five].argmax(axis=1)] for five in (home, away)]
    taps = floor.court(games, winner)[np.arange(len(games)), rng.integers(5, size=len(games))]
    floor.log(games, EventType.JUMP_BALL, 0, winner, one=tallest[HOME], two=tallest[AWAY], three=taps)


def _end_period(floor: Floor, games: Games, rng: np.random.Generator) -> None:
    floor.clock[games] = 0
    floor.log(games, EventType.PERIOD_END)
    level = floor.score[games, HOME] == floor.score[games, AWAY]
    floor.over[games] = (floor.period[games] >= REGULATION_PERIODS) & ~level
    _start_period(floor, games[~floor.over[games]], rng)
