"""What games, players and teams are called in every table. Names of clubs are in `teams`."""

from typing import TypeAlias

GameId: TypeAlias = str
"""Ten digits with leading zeros, such as `0021800001`; ids of simulated games start with `SIMULATED_GAMES`."""

PlayerId: TypeAlias = int
TeamId: TypeAlias = int

GAME_ID_DIGITS = 10
GAME_ID_PATTERN = r"^[0-9]{10}$"
SIMULATED_GAMES = "9"

FIRST_TEAM_ID, LAST_TEAM_ID = 1610610023, 1610612766
"""Range of every franchise since 1946-47; today's thirty are the last of it."""
