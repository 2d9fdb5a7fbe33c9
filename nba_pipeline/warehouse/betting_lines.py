"""`betting_lines`: the closing line of each regular-season game, keyed like `games`. Removing the vig is evaluation's work."""

import polars as pl

from nba_pipeline.league.teams import TEAM_BY_SPORTSBOOK

LEAST_MONEYLINE = 100
"""American odds are +100 and more, or -100 and less; what lies between is a slip of the file and counts as missing."""

_TEAM_IDS = {name: team.team_id for name, team in TEAM_BY_SPORTSBOOK.items()}


class UnknownSportsbookNameError(ValueError):
    """A betting file calls a team by a name that no team has."""


def build_betting_lines(lines: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """One row per game that has a line, by date and id.

    Args:
        lines: raw rows of `RawArchive.betting_lines`.
        games: table `games` of the same season; rows are matched by date and both teams.

    Returns:
        game_id, season, game_date, home_spread (points, negative when home is favoured), total_line (points), home_moneyline,
        away_moneyline (American odds); what the file does not have is null.

    Raises:
        UnknownSportsbookNameError: a team name is not in `league.teams`.
    """
    regular = lines.filter(pl.col("regular").str.to_uppercase() == "TRUE")
    unknown = sorted({*regular["home"], *regular["away"]} - _TEAM_IDS.keys())
    if unknown:
        raise UnknownSportsbookNameError(f"no team is called {', '.join(map(repr, unknown))}: add the name to TEAMS in league/teams.py")
    spread = pl.col("spread").cast(pl.Float64)
    rows = regular.select(
        game_date=pl.col("date").str.slice(0, 10).str.to_date(),
        home_team_id=pl.col("home").replace_strict(_TEAM_IDS, return_dtype=pl.Int64),
        away_team_id=pl.col("away").replace_strict(_TEAM_IDS, return_dtype=pl.Int64),
        home_spread=pl.when(pl.col("whos_favored") == "home").then(0.0 - spread).when(pl.col("whos_favored") == "away").then(spread),
        total_line=pl.col("total").cast(pl.Float64),
        home_moneyline=_moneyline("moneyline_home"),
        away_moneyline=_moneyline("moneyline_away"),
    )
    key = ("game_date", "home_team_id", "away_team_id")
    joined = games.select("game_id", "season", *key).join(rows.unique(key, keep="first", maintain_order=True), on=key, how="inner")
    return joined.drop("home_team_id", "away_team_id").sort("game_date", "game_id")


def _moneyline(column: str) -> pl.Expr:
    odds = pl.col(column).cast(pl.Float64)
    return pl.when(odds.abs() >= LEAST_MONEYLINE).then(odds)
