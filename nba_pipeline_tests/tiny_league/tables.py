"""The tiny league's tables, made by the builders that the assets call, and the feature tables over them."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from nba_pipeline.features import player_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import FEATURES, upstream
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import AVAILABILITY, PROP_LINES, Dataset
from nba_pipeline.warehouse.availability import build_availability
from nba_pipeline.warehouse.betting_lines import build_betting_lines
from nba_pipeline.warehouse.era_lines import build_era_lines
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.player_prop_lines import build_player_prop_lines, known_people
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.shots import build_shots
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline.warehouse.store import Warehouse

TABLES = (
    "games", "player_game_stats", "players", "betting_lines", "availability", "player_prop_lines", "shots", "plays", "lineup_flags",
    "stints", "era_lines",
)  # fmt: skip
Frames = dict[str, pl.DataFrame]


def write_tables(archive_root: Path, data_root: Path) -> Warehouse:
    """Builds every warehouse table of every season of an archive."""
    archive, warehouse = RawArchive(archive_root), Warehouse(data_root, source="simulated")
    warehouse.write("players", build_players(archive.player_index()))
    for season in archive.seasons("leaguegamelog_teams"):
        for name, frame in season_tables(archive, season).items():
            warehouse.write(name, frame, season)
    return warehouse


def season_tables(archive: RawArchive, season: Season) -> Frames:
    """The warehouse tables of one season; without a shots file there is no table `shots`."""
    games = build_games(archive.team_log(season), archive.game_ids_with_plays(season))
    box = build_player_game_stats(archive.player_log(season))
    built = build_plays(archive.plays(season), games, box)
    people = known_people(build_players(archive.player_index()), [box])
    shots = {"shots": build_shots(archive.shots(season), season)} if archive.has("shotdetail", season) else {}
    return {
        "games": games,
        "player_game_stats": box,
        "era_lines": build_era_lines(archive.player_log(season)),
        "betting_lines": build_betting_lines(archive.betting_lines(season), games),
        "availability": build_availability(_rows(archive, AVAILABILITY, season), games),
        "player_prop_lines": build_player_prop_lines(_rows(archive, PROP_LINES, season), games, people),
        "plays": built.plays,
        "lineup_flags": built.flags,
        "stints": build_stints(built.plays, games),
        **shots,
    }


def _rows(archive: RawArchive, dataset: Dataset, season: Season) -> pl.DataFrame:
    """The raw rows of an optional file; none where the archive has no such file."""
    if archive.has(dataset.name, season):
        return {AVAILABILITY: archive.availability, PROP_LINES: archive.prop_lines}[dataset](season)
    return pl.DataFrame(schema={column: pl.Int64 if column in dataset.ids else pl.String for column in dataset.required})


def write_features(warehouse: Warehouse) -> Warehouse:
    """Builds every feature over all seasons of the warehouse, as the assets do."""
    seasons = warehouse.seasons("games")
    for feature in FEATURES:
        frame = feature.build(History.from_warehouse(warehouse, seasons[-1]), seasons)
        for season in seasons:
            warehouse.write(feature.name, frame.filter(pl.col("season") == season), season)
    return warehouse


def write_points_tables(tables: Frames, warehouse: Warehouse, seasons: Sequence[Season]) -> None:
    """What the points models stand on: the tables and features of some seasons up to `player_form`."""
    warehouse.write("players", tables["players"])
    for season in seasons:
        for table in ("games", "player_game_stats", "player_prop_lines"):
            warehouse.write(table, tables[table].filter(pl.col("season") == season), season)
    for feature in (*upstream(player_form.FEATURE), player_form.FEATURE):
        rows = feature.build(History.from_warehouse(warehouse, seasons[-1]), seasons)
        for season in seasons:
            warehouse.write(feature.name, rows.filter(pl.col("season") == season), season)
