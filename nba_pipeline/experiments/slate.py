"""Who is predicted on a date, with what is known that morning: rows of `player_form`, from all box lines and betting lines there are.

A table that was built before a box line came in or was corrected is not used: the rows are built anew in memory, from the tables. So a
run at noon needs new game logs, not a rebuild of every feature. Betting lines are those of now, whenever the table was built.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from nba_pipeline.features import player_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import upstream
from nba_pipeline.features.player_form import COUNTED, FEATURE, KNOWN, LINE, known_days
from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.person_names import plain_name
from nba_pipeline.warehouse.player_prop_lines import consensus
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
    named = _with_lines(warehouse, rows, seasons).filter(pl.col("prior_games") >= LEAST_PRIOR_GAMES).join(names, on="player_id", how="left")
    lookup = pl.col("player_lookup").fill_null(pl.col("player_id").cast(pl.String))
    return named.with_columns(lookup).sort("game_date", "game_id", "team_id", "player_id")


def lines_of(rows: pl.DataFrame) -> pl.Series:
    """The betting line on points of each row, null where none is known."""
    return rows[LINE]


def _of_season(warehouse: Warehouse, season: Season, games: pl.DataFrame) -> pl.DataFrame:
    """The season's rows of these games, from the table where it is up to date for every one of them."""
    if season in warehouse.seasons(FEATURE.name):
        rows = warehouse.read(FEATURE.name, [season]).join(games, on=["game_id", "game_date"], how="semi")  # a game may have been put off
        if _is_fresh(warehouse, rows, games):
            return rows
    return _built_anew(warehouse, season).join(games.select("game_id"), on="game_id", how="semi")


def _is_fresh(warehouse: Warehouse, rows: pl.DataFrame, games: pl.DataFrame) -> bool:
    """Whether every game has rows, and each row knew every box line before its date as it is now."""
    if set(rows["game_id"]) != set(games["game_id"]) or not set(KNOWN) <= set(rows.columns):
        return False
    known = known_days(warehouse.read("player_game_stats", columns=["game_date", *COUNTED]))
    dates = rows.select("game_date", *KNOWN).unique().sort("game_date")
    newest = dates.select("game_date").join_asof(known, on="game_date", strategy="backward", allow_exact_matches=False)
    return newest.select(dates.columns).equals(dates)


def _with_lines(warehouse: Warehouse, rows: pl.DataFrame, seasons: Sequence[Season]) -> pl.DataFrame:
    """The rows with the betting lines of now."""
    offered = [season for season in warehouse.seasons("player_prop_lines") if season in seasons]
    if not offered:
        return rows.with_columns(pl.lit(None, pl.Float64).alias(LINE))
    lines = consensus(warehouse.read("player_prop_lines", offered)).rename({"line": LINE})
    return rows.drop(LINE).join(lines, on=["game_id", "player_id"], how="left", maintain_order="left").select(rows.columns)


def _built_anew(warehouse: Warehouse, season: Season) -> pl.DataFrame:
    history = History.from_warehouse(warehouse, through=season)
    for feature in upstream(FEATURE):
        history.keep(feature.name, feature.build(history, [season]))
    return player_form.build(history, [season])


def _span(dates: Sequence[date]) -> str:
    return f"{min(dates)}" if len(set(dates)) == 1 else f"{min(dates)} … {max(dates)}"
