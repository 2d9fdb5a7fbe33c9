"""`availability`: who was reported out, doubtful or fit before tip-off, keyed like `games`.

Only what a file of reports says, and of that only what was known before tip-off. No tip-off times exist, so a clock stands for
them: a report counts until 19:00 Eastern, when the first evening games begin, and on days and floors with afternoon games until
12:00, before which none begins. An afternoon game of another weekday is not known to the rule. Who sat out a game of the past,
where no report was kept, is `features.absences`' work.
"""

import polars as pl

from nba_pipeline.league.teams import TEAM_BY_ABBREVIATION

STATUSES = ("Out", "Doubtful", "Questionable", "Probable", "Available")
"""The league's words, from surely out to surely in."""

GAME_TIME_ZONE = "America/New_York"
"""Dates of games are Eastern."""

EVENING, NOON = 19, 12
"""Eastern hours until which reports count, on days of evening games and on days that have games in the afternoon."""

_TEAM_IDS = {name: team.team_id for name, team in TEAM_BY_ABBREVIATION.items()}


class UnknownAbbreviationError(ValueError):
    """An availability file names a team that does not exist."""


def build_availability(reports: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """The latest report of each player and game before `cut_off`, by date and id; reports of games not in `games` are left out.

    Args:
        reports: raw rows of `RawArchive.availability`.
        games: table `games` of the same season; rows are matched by date and team.

    Returns:
        game_id, season, game_date, team_id, player_id, player_name, status (one of `STATUSES`), as_of (UTC).

    Raises:
        UnknownAbbreviationError: a team is neither an id nor an abbreviation of `league.teams`.
    """
    by_name = pl.col("team").replace_strict(_TEAM_IDS, default=None, return_dtype=pl.Int64)
    rows = reports.select(
        game_date=pl.col("game_date").str.to_date(),
        team_id=pl.coalesce(pl.col("team").cast(pl.Int64, strict=False), by_name),
        player_id="player_id",
        player_name="player_name",
        status="status",
        as_of=pl.col("as_of").str.replace("Z$", "+00:00").str.replace(" ", "T").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us"),
    )
    unknown = sorted(reports.filter(rows["team_id"].is_null())["team"].unique())
    if unknown:
        raise UnknownAbbreviationError(f"no team is called {', '.join(map(repr, unknown))}: use an abbreviation or id of league/teams.py")
    key = ["game_date", "team_id"]
    sides = pl.concat(
        games.select("game_id", "season", "neutral_site", "game_date", team_id=f"{side}_team_id") for side in ("home", "away")
    )
    known = rows.join(sides, on=key, how="inner", maintain_order="left").filter(eastern("as_of") <= cut_off())
    latest = known.sort("as_of", maintain_order=True).unique(["game_id", "team_id", "player_id"], keep="last", maintain_order=True)
    order = ("game_id", "season", *rows.columns)
    return latest.select(order).sort("game_date", "game_id", "team_id", "player_id")


def eastern(column: str) -> pl.Expr:
    """A time in UTC as clocks in New York show it."""
    return pl.col(column).dt.convert_time_zone(GAME_TIME_ZONE).dt.replace_time_zone(None)


def cut_off() -> pl.Expr:
    """The last minute of which a report of a game counts, by Eastern clocks: of `game_date` and `neutral_site`."""
    hour = pl.when(pl.col("neutral_site").fill_null(False) | has_afternoon_games()).then(NOON).otherwise(EVENING)
    return pl.col("game_date").cast(pl.Datetime("us")) + pl.duration(hours=hour)


def has_afternoon_games() -> pl.Expr:
    """Whether `game_date` is a Saturday, a Sunday, Christmas, New Year, Martin Luther King Day or the day after Thanksgiving."""
    day = pl.col("game_date")
    month, of_month, of_week = day.dt.month(), day.dt.day(), day.dt.weekday()
    feast = ((month == 12) & (of_month == 25)) | ((month == 1) & (of_month == 1))
    king = (month == 1) & (of_week == 1) & of_month.is_between(15, 21)
    after_thanksgiving = (month == 11) & (of_week == 5) & of_month.is_between(23, 29)
    return (of_week >= 6) | feast | king | after_thanksgiving
