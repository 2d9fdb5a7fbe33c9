"""Who may play on a date, from the player logs: everybody whose last game was for a team that plays, if it was lately.

Lately is within `LONGEST_GAP_DAYS`; of somebody who last played the season before, those count from his team's first game of this season.

What does not belong here: how likely that is; forecasts are for the case that he plays.
"""

from datetime import date

import polars as pl

from nba_pipeline.features.asof import join_before
from nba_pipeline.features.era_form import ASKED
from nba_pipeline.league.seasons import season_label, start_year
from nba_pipeline.warehouse.store import Warehouse

LONGEST_GAP_DAYS = 30
"""Days of the season without a game of his after which nobody expects a player."""

_REMEDY = "bring in the logs or the schedule of that season, then run nba windows data"


class NoGamesError(LookupError):
    """There is nothing to predict on a date."""


def candidates(warehouse: Warehouse, day: date) -> pl.DataFrame:
    """Players who may play on a date, with what is known of their game: the columns `era_form.ASKED`, and player_name.

    Args:
        warehouse: `era_lines`, and `games` for games that are still to be played.
        day: of the games, Eastern.

    Raises:
        NoGamesError: no game is known on that date, or nobody who may play in one.
    """
    tonight = _games(warehouse, day)
    if tonight.is_empty():
        raise NoGamesError(f"no game is known on {day}: {_REMEDY}")
    season = tonight["season"][0]
    lines = warehouse.read(
        "era_lines", [one for one in warehouse.seasons("era_lines") if one in (season, season_label(start_year(season) - 1))]
    )
    players = lines.filter(pl.col("game_date") < day).select("player_id").unique().sort("player_id")
    lately = lines.select("player_id", "game_date", "player_name", "team_id", last_date="game_date", last_season="season")
    known = join_before(players.with_columns(game_date=pl.lit(day)), lately, by=["player_id"])
    openings = lines.filter(pl.col("season") == season, pl.col("game_date") < day).group_by("team_id").agg(opening=pl.min("game_date"))
    known = known.join(openings, on="team_id", how="left")
    since = pl.when(pl.col("last_season") == season).then("last_date").otherwise(pl.col("opening").fill_null(pl.lit(day)))
    expected = known.filter((pl.lit(day) - since).dt.total_days() <= LONGEST_GAP_DAYS).drop("game_date")
    found = tonight.join(expected, on="team_id", how="inner").select(*ASKED, "player_name").sort("game_id", "team_id", "player_id")
    if found.is_empty():
        games = tonight["game_id"].n_unique()
        raise NoGamesError(f"nobody who may play in the {games} games of {day} has played before, as far as the logs go back: {_REMEDY}")
    return found


def _games(warehouse: Warehouse, day: date) -> pl.DataFrame:
    """Two rows a game: from the logs where it was played, else from the schedule."""
    columns = ["game_id", "season", "game_date", "team_id", "opponent_id", "is_home"]
    played = warehouse.read("era_lines", columns=columns).filter(pl.col("game_date") == day).unique()
    if played.height or not warehouse.seasons("games"):
        return played
    games = warehouse.read("games", columns=["game_id", "season", "game_date", "home_team_id", "away_team_id"])
    games = games.filter(pl.col("game_date") == day)
    sides = [
        games.select(
            "game_id", "season", "game_date", team_id=f"{side}_team_id", opponent_id=f"{other}_team_id", is_home=pl.lit(side == "home")
        )
        for side, other in (("home", "away"), ("away", "home"))
    ]
    return pl.concat(sides)
