"""Words to write a few plays by hand as the service files them, for one game of two invented rosters.

Home players are 11 .. 19, away players 21 .. 29. A play is a function of period, clock and people; `raw` makes the file's rows.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

GAME, SEASON = "0021800001", "2018-19"
HOME, AWAY = 1610612738, 1610612755
HOME_FIVE, AWAY_FIVE = [11, 12, 13, 14, 15], [21, 22, 23, 24, 25]

Play = dict[str, str | None]

GAMES = pl.DataFrame(
    {"game_id": [GAME], "season": [SEASON], "game_date": [date(2018, 10, 16)], "home_team_id": [HOME], "away_team_id": [AWAY]}
)


def play(kind: int, period: int, clock: str, *people: int, action: int = 0, text: str = "", number: int | None = None) -> Play:
    """One raw row; `people` are up to three player or team ids, `text` goes to the side of the first of them."""
    row: Play = {
        "GAME_ID": GAME, "EVENTNUM": str(number) if number is not None else None, "EVENTMSGTYPE": str(kind),
        "EVENTMSGACTIONTYPE": str(action), "PERIOD": str(period), "PCTIMESTRING": clock,
        "HOMEDESCRIPTION": None, "NEUTRALDESCRIPTION": None, "VISITORDESCRIPTION": None,
    }  # fmt: skip
    for slot in (1, 2, 3):
        person = people[slot - 1] if slot <= len(people) else 0
        is_player = 0 < person < 100
        row |= {f"PLAYER{slot}_ID": str(person), f"PLAYER{slot}_TEAM_ID": f"{team_of(person)}.0" if is_player else None}
    side = "NEUTRAL" if not people or people[0] == 0 else "HOME" if team_of(people[0]) == HOME else "VISITOR"
    return row | {f"{side}DESCRIPTION": text or None}


def team_of(person: int) -> int:
    """The team of a player, or the team itself."""
    return person if person > 100 else HOME if person < 20 else AWAY


def start(period: int = 1) -> Play:
    return play(12, period, "12:00" if period <= 4 else "5:00")


def end(period: int = 1) -> Play:
    return play(13, period, "0:00")


def made(period: int, clock: str, shooter: int, assist: int = 0, *, three: bool = False, number: int | None = None) -> Play:
    return play(1, period, clock, shooter, assist, text=f"{'25 3PT ' if three else ''}Jump Shot (2 PTS)", number=number)


def missed(period: int, clock: str, shooter: int, *, three: bool = False) -> Play:
    return play(2, period, clock, shooter, text=f"MISS {'25 3PT ' if three else ''}Jump Shot")


def free_throw(period: int, clock: str, shooter: int, action: int, *, goes_in: bool = True) -> Play:
    return play(3, period, clock, shooter, action=action, text="Free Throw (1 PTS)" if goes_in else "MISS Free Throw")


def rebound(period: int, clock: str, who: int, *, dead: bool = False) -> Play:
    return play(4, period, clock, who, action=int(dead), text="REBOUND")


def turnover(period: int, clock: str, who: int, stealer: int = 0) -> Play:
    return play(5, period, clock, who, stealer, action=1, text="Turnover")


def foul(period: int, clock: str, who: int, fouled: int = 0, *, action: int = 2) -> Play:
    return play(6, period, clock, who, fouled, action=action, text="FOUL")


def sub(period: int, clock: str, leaves: int, enters: int) -> Play:
    return play(8, period, clock, leaves, enters, text="SUB")


def seen(period: int, clock: str, players: Iterable[int]) -> list[Play]:
    """A kicked ball each: proves who is on court, and changes nothing else."""
    return [play(7, period, clock, player, action=5, text="Violation: Kicked Ball") for player in players]


def quarter(*plays: Play, period: int = 1, home: Iterable[int] = HOME_FIVE, away: Iterable[int] = AWAY_FIVE) -> list[Play]:
    """A period in which the given fives are seen right after its start."""
    clock = "11:59" if period <= 4 else "4:59"
    return [start(period), *seen(period, clock, [*home, *away]), *plays, end(period)]


def raw(*plays: Play | list[Play]) -> pl.DataFrame:
    """Rows of the file, numbered in order where a play has no number of its own."""
    rows = [row for item in plays for row in (item if isinstance(item, list) else [item])]
    rows = [row | {"EVENTNUM": row["EVENTNUM"] or str(2 * number)} for number, row in enumerate(rows, 1)]
    return pl.DataFrame(rows, schema=dict.fromkeys(play(12, 1, "12:00"), pl.String))


def box(minutes: dict[int, int] | None = None) -> pl.DataFrame:
    """Box lines with minutes only."""
    players = minutes if minutes is not None else dict.fromkeys([*HOME_FIVE, *AWAY_FIVE], 12)
    rows = [(GAME, player, team_of(player), value) for player, value in players.items()]
    schema = {"game_id": pl.String, "player_id": pl.Int64, "team_id": pl.Int64, "min": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")
