"""Field-goal attempts as the shot chart has them."""

from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.court import LOC_UNITS_PER_FOOT
from nba_pipeline.league.events import EventType
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.averages import CORNER_THREE
from nba_pipeline.sources.simulator.floor import AWAY, HOME
from nba_pipeline.sources.simulator.names import full_names
from nba_pipeline.sources.simulator.people import Floats
from nba_pipeline.sources.simulator.season import SimulatedSeason

ZONE_NAMES: Final = ("Restricted Area", "In The Paint (Non-RA)", "Mid-Range", "{} Corner 3", "Above the Break 3")
ZONE_RANGES: Final = ("Less Than 8 ft.", "8-16 ft.", "16-24 ft.", "24+ ft.", "24+ ft.")
COLUMNS: Final = (
    "GRID_TYPE", "GAME_ID", "GAME_EVENT_ID", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "TEAM_NAME", "PERIOD", "MINUTES_REMAINING",
    "SECONDS_REMAINING", "EVENT_TYPE", "ACTION_TYPE", "SHOT_TYPE", "SHOT_ZONE_BASIC", "SHOT_ZONE_AREA", "SHOT_ZONE_RANGE", "SHOT_DISTANCE",
    "LOC_X", "LOC_Y", "SHOT_ATTEMPTED_FLAG", "SHOT_MADE_FLAG", "GAME_DATE", "HTM", "VTM",
)  # fmt: skip


def shot_rows(season: SimulatedSeason, spots: Floats) -> pl.DataFrame:
    """One row per attempt.

    Args:
        season: what happened.
        spots: (events, 2) x and y in feet from the rim, for events that are shots.
    """
    events, people = season.events, season.league.people
    shot = np.flatnonzero(events.zone >= 0)
    game, zone, row = events.game[shot], events.zone[shot], events.one[shot]
    club = season.tonight.team[game, events.side[shot]]
    made, right = events.kind[shot] == EventType.MADE_SHOT, spots[shot, 0] > 0
    sides = [pl.Series([team.abbreviation for team in TEAMS])[season.tonight.team[game, side]] for side in (HOME, AWAY)]
    return pl.DataFrame(
        {
            "GRID_TYPE": "Shot Chart Detail",
            "GAME_ID": pl.Series(season.game_ids)[game],
            "GAME_EVENT_ID": None,
            "PLAYER_ID": people.player_id[row],
            "PLAYER_NAME": full_names(people.number[row]),
            "TEAM_ID": pl.Series([team.team_id for team in TEAMS])[club],
            "TEAM_NAME": pl.Series([f"{team.city} {team.nickname}" for team in TEAMS])[club],
            "PERIOD": events.period[shot],
            "MINUTES_REMAINING": events.clock[shot] // 60,
            "SECONDS_REMAINING": events.clock[shot] % 60,
            "EVENT_TYPE": np.where(made, "Made Shot", "Missed Shot"),
            "ACTION_TYPE": np.where(zone == 0, "Layup Shot", "Jump Shot"),
            "SHOT_TYPE": np.where(zone >= CORNER_THREE, "3PT Field Goal", "2PT Field Goal"),
            "SHOT_ZONE_BASIC": [ZONE_NAMES[one].format("Right" if east else "Left") for one, east in zip(zone, right, strict=True)],
            "SHOT_ZONE_AREA": np.where(right, "Right Side(R)", "Left Side(L)"),
            "SHOT_ZONE_RANGE": [ZONE_RANGES[one] for one in zone],
            "SHOT_DISTANCE": np.hypot(*spots[shot].T).astype(np.int64),
            "LOC_X": np.rint(LOC_UNITS_PER_FOOT * spots[shot, 0]).astype(np.int64),
            "LOC_Y": np.rint(LOC_UNITS_PER_FOOT * spots[shot, 1]).astype(np.int64),
            "SHOT_ATTEMPTED_FLAG": 1,
            "SHOT_MADE_FLAG": made.astype(np.int64),
            "GAME_DATE": pl.Series(season.schedule.dates)[game].dt.strftime("%Y%m%d"),
            "HTM": sides[HOME],
            "VTM": sides[AWAY],
        },
        strict=False,
    ).select(COLUMNS)
