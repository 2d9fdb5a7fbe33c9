"""Who is predicted on a date, with what is known that morning: rows of `player_form`, never older than last night.

A table that was built before the last known games is not used: the rows are built anew in memory, from the tables. So a run at noon needs
new game logs, not a rebuild of every feature.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from nba_pipeline.features import player_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import upstream
from nba_pipeline.features.player_form import FEATURE, LINE, known_days
from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.person_names import plain_name
from nba_pipeline.warehouse.store import Warehouse

LEAST_PRIOR_GAMES = 10
"""Nobody is predicted before he has played this many games."""


class NoGamesError(LookupError):
    """There is nothing to predict on these dates."""


def slate(warehouse: Warehouse, dates: Sequence[date]) -> pl.DataFrame:
    """Candidates of the games of some dates, with every feature.

    Args:
        warehouse: the tables.
        dates: dates of games, Eastern.

    Returns:
        Rows of `player_form` with `player_lookup` (plain name), by date, game, team and player.

    Raises:
        NoGamesError: no game is known on any of the dates.
    """
    games = warehouse.read("games", columns=["game_id", "season", "game_date"]).filter(pl.col("game_date").is_in(list(dates)))
    if games.is_empty():
        raise NoGamesError(
            f"no game is known on {_span(dates)}: the table `games` has none; bring in the logs or the schedule of that season, then "
            "materialise `games`"
        )
    seasons = sorted(games["season"].unique())
    rows = pl.concat([_of_season(warehouse, season, games.filter(pl.col("season") == season)) for season in seasons])
    names = warehouse.read("players").select("player_id", player_lookup=plain_name(pl.col("name")))
    named = rows.filter(pl.col("prior_games") >= LEAST_PRIOR_GAMES).join(names, on="player_id", how="left")
    lookup = pl.col("player_lookup").fill_null(pl.col("player_id").cast(pl.String))
    return named.with_columns(lookup).sort("game_date", "game_id", "team_id", "player_id")


def lines_of(rows: pl.DataFrame) -> pl.Series:
    """The betting line on points of each row, null where none is known."""
    return rows[LINE]


def _of_season(warehouse: Warehouse, season: Season, games: pl.DataFrame) -> pl.DataFrame:
    """The season's rows of these games, from the table where it is up to date for every one of them."""
    if season in warehouse.seasons(FEATURE.name):
        rows = warehouse.read(FEATURE.name, [season]).join(games.select("game_id"), on="game_id", how="semi")
        if _is_fresh(warehouse, rows, games):
            return rows
    return _built_anew(warehouse, season).join(games.select("game_id"), on="game_id", how="semi")


def _is_fresh(warehouse: Warehouse, rows: pl.DataFrame, games: pl.DataFrame) -> bool:
    """Whether every game has rows, and each row knew of the last box lines before its date."""
    if set(rows["game_id"]) != set(games["game_id"]):
        return False
    known = known_days(warehouse.read("player_game_stats", columns=["game_date"]))
    dates = rows.select("game_date", had="known_through").unique().sort("game_date")
    newest = dates.join_asof(known, on="game_date", strategy="backward", allow_exact_matches=False)
    return bool(newest["had"].eq_missing(newest["known_through"]).all())


def _built_anew(warehouse: Warehouse, season: Season) -> pl.DataFrame:
    history = History.from_warehouse(warehouse, through=season)
    for feature in upstream(FEATURE):
        history.keep(feature.name, feature.build(history, [season]))
    return player_form.build(history, [season])


def _span(dates: Sequence[date]) -> str:
    return f"{min(dates)}" if len(set(dates)) == 1 else f"{min(dates)} … {max(dates)}"
