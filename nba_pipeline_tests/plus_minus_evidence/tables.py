"""Tables of some seasons, cut at a date or down to some games, and the plus-minus as of the cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_rapm import RapmSettings, build
from nba_pipeline.league.seasons import Season, season_label, start_year
from nba_pipeline.warehouse.store import Warehouse

NAMES = ("games", "stints", "player_game_stats")
Tables = dict[str, pl.DataFrame]
AS_THEY_ARE = RapmSettings()
"""The constants of the pipeline."""


@dataclass(frozen=True)
class Snapshot:
    """Everybody's plus-minus as of a date; `players` are the rows of `player_rapm`."""

    season: Season
    day: date
    players: pl.DataFrame


def read_tables(warehouse: Warehouse, seasons: Sequence[Season]) -> Tables:
    """What plus-minus reads, of those of the seasons that have it."""
    return {name: warehouse.read(name, [one for one in warehouse.seasons(name) if one in seasons]) for name in NAMES}


def snapshot_before(tables: Tables, season: Season, settings: RapmSettings = AS_THEY_ARE) -> Snapshot:
    """As of the first game date of a season: nothing of that date or later is handed over."""
    day = tables["games"].filter(pl.col("season") == season)["game_date"].min()
    assert isinstance(day, date)
    return _snapshot(tables, tables["games"].filter(pl.col("game_date") < day), season, day, settings)


def snapshot_after(tables: Tables, games: pl.DataFrame, settings: RapmSettings = AS_THEY_ARE) -> Snapshot:
    """As of the day after the last of `games`, from these games alone."""
    last = games["game_date"].max()
    assert isinstance(last, date)
    following = season_label(start_year(str(games["season"].max())) + 1)
    return _snapshot(tables, games, following, last + timedelta(days=1), settings)


def _snapshot(tables: Tables, games: pl.DataFrame, season: Season, day: date, settings: RapmSettings) -> Snapshot:
    """From `games`, by putting one game that nobody has played yet on `day`."""
    nothing = [pl.lit(None, games.schema[name]).alias(name) for name in ("home_points", "away_points", "home_win", "margin", "total")]
    ahead = games.tail(1).with_columns(*nothing, season=pl.lit(season), game_id=pl.lit("9999999999"), game_date=pl.lit(day))
    known = {name: tables[name].join(games, on="game_id", how="semi") for name in ("stints", "player_game_stats")}
    return Snapshot(season, day, build(History.from_frames({**known, "games": pl.concat([games, ahead])}), [season], settings))


def of_season(table: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Rows of one season."""
    return table.filter(pl.col("season") == season)
