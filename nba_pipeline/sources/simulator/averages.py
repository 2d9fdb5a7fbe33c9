"""What the league averages: rates per chance, shots by zone, times between events. Tuned to 2016-17 .. 2021-22.

A *chance* is what starts with the ball in hand and ends with a shot, a turnover or a foul; a possession has one or more.
"""

from typing import Final

import numpy as np

POINTS_PER_100: Final = 109.6
"""Points that a league-average five scores per 100 possessions against another, on a neutral floor, at level score."""

HOME_EDGE_PER_100: Final = 2.9
"""Points per 100 possessions between home and away, half of it at each end."""

BACK_TO_BACK_PER_100: Final = 1.8
"""Points per 100 possessions that a team is worse by on the second night, half of it at each end."""

LEAD_COST_PER_100: Final = 0.25
"""Points per 100 possessions that a side scores less for each point that it leads by; a side behind scores as much more."""

ZONES: Final = ("rim", "short", "mid", "corner three", "above the break three")
RIM, SHORT, MID, CORNER_THREE, ABOVE_THREE = range(len(ZONES))
ZONE_SHARE: Final = np.array([0.310, 0.125, 0.175, 0.085, 0.305])
ZONE_POINTS: Final = np.array([2, 2, 2, 3, 3])
ZONE_MADE: Final = np.array([0.645, 0.420, 0.412, 0.388, 0.352])
ZONE_AND_ONE: Final = np.array([0.055, 0.030, 0.012, 0.002, 0.003])
"""Share of makes that come with a free throw."""

ZONE_BLOCKED: Final = np.array([0.24, 0.17, 0.05, 0.010, 0.010])
"""Share of misses that were blocked."""

ZONE_ASSISTED: Final = np.array([0.52, 0.42, 0.42, 0.95, 0.76])

TURNOVER: Final = 0.108
SHOOTING_FOUL: Final = 0.067
THREE_SHOT_FOUL_SHARE: Final = 0.05
COMMON_FOUL: Final = 0.068
"""Share of chances that end so, whoever has the ball."""

STOLEN_SHARE: Final = 0.56
OFFENSIVE_FOUL_SHARE: Final = 0.13
TEAM_TURNOVER_SHARE: Final = 0.035
FREE_THROW_MADE: Final = 0.772
OFFENSIVE_REBOUND: Final = 0.228
TEAM_REBOUND_SHARE: Final = 0.115
LOOSE_BALL_FOUL: Final = 0.022
"""Share of live rebounds on which the side that got the ball was fouled."""

TECHNICAL: Final = 0.008
TIMEOUT: Final = 0.29
"""Per dead ball."""

FOULS_TO_BONUS: Final = 4
"""Team fouls in a quarter after which a common foul gives two free throws; one fewer in an overtime."""

PERSONAL_FOUL_LIMIT: Final = 6

SECONDS_FROM_OWN_BASKET: Final = (14.2, 4.4)
SECONDS_FROM_LIVE_BALL: Final = (11.5, 5.0)
SECONDS_AFTER_OFFENSIVE_REBOUND: Final = (4.8, 3.4)
SECONDS_FROM_SIDE_OUT: Final = (8.4, 4.2)
"""Mean and standard deviation of a chance's length: after a basket, after a rebound or steal, after its own miss, after a foul."""

SHOT_CLOCK: Final = 24
