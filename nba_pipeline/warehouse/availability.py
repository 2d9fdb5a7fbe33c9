"""`availability`: who was reported out, doubtful or fit before tip-off, keyed like `games`.

Only what a file of reports says. Who sat out a game of the past, where no report was kept, is `features.absences`' work.
"""

import polars as pl

from nba_pipeline.league.teams import TEAM_BY_ABBREVIATION

STATUSES = ("Out", "Doubtful", "Questionable", "Probable", "Available")
"""The league's words, from surely out to surely in."""

GAME_TIME_ZONE = "America/New_York"
"""Dates of games are Eastern."""

_TEAM_IDS = {name: team.team_id for name, team in TEAM_BY_ABBREVIATION.items()}


class UnknownAbbreviationError(ValueError):
    """An availability file names a team that does not exist."""


def build_availability(reports: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """The latest report of each player and game, by date and id; reports of games that are not in `games` are left out.

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
    sides = pl.concat(games.select("game_id", "season", "game_date", team_id=f"{side}_team_id") for side in ("home", "away"))
    latest = rows.sort("as_of", maintain_order=True).unique([*key, "player_id"], keep="last", maintain_order=True)
    return sides.join(latest, on=key, how="inner").sort("game_date", "game_id", "team_id", "player_id")
