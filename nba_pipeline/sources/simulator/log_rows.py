"""Game logs and the player index, with the columns of the service."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.clock import OVERTIME_TEAM_MINUTES, REGULATION_PERIODS, REGULATION_TEAM_MINUTES
from nba_pipeline.league.seasons import start_year
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.box import STATS, Box
from nba_pipeline.sources.simulator.floor import AWAY, HOME
from nba_pipeline.sources.simulator.names import full_names, names
from nba_pipeline.sources.simulator.people import POSITIONS, Ints, People, birth_dates
from nba_pipeline.sources.simulator.season import SimulatedSeason

WHO: Final = ("SEASON_ID", "TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME", "GAME_ID", "GAME_DATE", "MATCHUP", "WL")
SHARES: Final = {"FG_PCT": ("FGM", "FGA"), "FG3_PCT": ("FG3M", "FG3A"), "FT_PCT": ("FTM", "FTA")}
BOX: Final = ("MIN", "FGM", "FGA", "FG_PCT", "FG3M", "FG3A", "FG3_PCT", "FTM", "FTA", "FT_PCT", *STATS[6:], "VIDEO_AVAILABLE")
TEAM_LOG: Final = (*WHO, *BOX)
PLAYER_LOG: Final = (WHO[0], "PLAYER_ID", "PLAYER_NAME", *WHO[1:], *BOX)


def team_log(season: SimulatedSeason, box: Box) -> pl.DataFrame:
    """Two rows a game, the home team's first."""
    games = np.repeat(np.arange(len(season.schedule)), 2)
    side = np.tile([HOME, AWAY], len(season.schedule))
    rosters = season.tonight.roster[games, side]
    stats = {name: counts[games[:, None], rosters].sum(axis=1) for name, counts in box.stats.items()}
    stats["TOV"] = stats["TOV"] + box.team_turnovers[games, side]
    stats["PLUS_MINUS"] = season.score[games, side] - season.score[games, 1 - side]
    frame = pl.DataFrame({**_who(season, games, side), **stats, "MIN": _team_minutes(season)[games], "VIDEO_AVAILABLE": 1})
    return _with_shares(frame).select(TEAM_LOG)


def player_log(season: SimulatedSeason, box: Box) -> pl.DataFrame:
    """One row per player who played."""
    seconds = np.take_along_axis(box.seconds[:, None, :], season.tonight.roster, axis=2)
    game, side, place = np.nonzero(seconds)
    row = season.tonight.roster[game, side, place]
    people = season.league.people
    frame = pl.DataFrame(
        {
            **_who(season, game, side),
            "PLAYER_ID": people.player_id[row],
            "PLAYER_NAME": full_names(people.number[row]),
            "MIN": np.rint(seconds[game, side, place] / 60).astype(np.int64),
            **{name: counts[game, row] for name, counts in box.stats.items()},
            "VIDEO_AVAILABLE": 1,
        }
    )
    return _with_shares(frame).select(PLAYER_LOG)


def player_index(people: People, last_years: Ints) -> pl.DataFrame:
    """One row per person.

    Args:
        people: who.
        last_years: (people,) start year of the last season of each.
    """
    given, family = names(people.number)
    return pl.DataFrame(
        {
            "PERSON_ID": people.player_id,
            "PLAYER_LAST_NAME": family,
            "PLAYER_FIRST_NAME": given,
            "POSITION": [POSITIONS[size] for size in people.size],
            "HEIGHT": [f"{inches // 12}-{inches % 12}" for inches in people.height_inches],
            "WEIGHT": people.weight_pounds,
            "COLLEGE": None,
            "COUNTRY": None,
            "BIRTHDATE": birth_dates(people),
            "DRAFT_YEAR": people.first_year,
            "FROM_YEAR": people.first_year,
            "TO_YEAR": last_years,
        }
    )


def _who(season: SimulatedSeason, games: Ints, side: Ints) -> dict[str, Sequence]:
    """Whose row it is: columns of `WHO`."""
    own, other = (season.tonight.team[games, one] for one in (side, 1 - side))
    short = [team.abbreviation for team in TEAMS]
    words = {HOME: "vs.", AWAY: "@"}
    won = season.score[games, side] > season.score[games, 1 - side]
    dates, ids = season.schedule.dates, season.game_ids
    return {
        "SEASON_ID": [f"2{start_year(season.season)}"] * len(games),
        "TEAM_ID": [TEAMS[one].team_id for one in own],
        "TEAM_ABBREVIATION": [short[one] for one in own],
        "TEAM_NAME": [f"{TEAMS[one].city} {TEAMS[one].nickname}" for one in own],
        "GAME_ID": [ids[game] for game in games],
        "GAME_DATE": [dates[game] for game in games],
        "MATCHUP": [f"{short[one]} {words[where]} {short[two]}" for one, where, two in zip(own, side.tolist(), other, strict=True)],
        "WL": np.where(won, "W", "L").tolist(),
    }


def _team_minutes(season: SimulatedSeason) -> Ints:
    """(games,) 240, and 25 more for each overtime."""
    periods = np.zeros(len(season.schedule), dtype=np.int64)
    np.maximum.at(periods, season.events.game, season.events.period)
    return REGULATION_TEAM_MINUTES + OVERTIME_TEAM_MINUTES * (periods - REGULATION_PERIODS)


def _with_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """Shares made, empty where nothing was tried."""
    return frame.with_columns(
        pl.when(pl.col(tried) > 0).then((pl.col(made) / pl.col(tried)).round(3)).alias(name) for name, (made, tried) in SHARES.items()
    )
