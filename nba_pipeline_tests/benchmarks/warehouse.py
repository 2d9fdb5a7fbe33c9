"""From raw files to tables: reading against the decompression limit, games a second through lineups and stints."""

from functools import partial
from statistics import median

import polars as pl

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import AVAILABILITY, PLAYS, SHOTS
from nba_pipeline.warehouse.availability import build_availability
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.shots import build_shots
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline_tests.asof_at_scale.stretches import no_lines
from nba_pipeline_tests.benchmarks.machine import decompression
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup
from nba_pipeline_tests.benchmarks.timing import Timing, timed

NAME = "Tables, one core"


def measure(setup: Setup) -> list[Row]:
    """Reading, lineups and stints; leaves the tables that features need under `setup.data_root`."""
    _write_logs(setup)
    reading, rows = _reading(setup)
    return [*rows, *_lineups_and_stints(setup, reading)]


def _reading(setup: Setup) -> tuple[Timing, list[Row]]:
    """The time to read plays without the time to decompress them, and both rates."""
    path = PLAYS.path(setup.archive_root, setup.season)
    limit, size = decompression(path, setup.repeats)
    reading, plays = timed(partial(setup.archive.plays, setup.season), setup.repeats)
    megabytes = size / 1e6
    best = Row(NAME, "decompressing plays (the limit)", limit.per_second(megabytes), "MB/s", note=f"{megabytes:.1f} MB of CSV")
    note = f"{plays.height:,} rows, to a frame"
    rows = [best, Row(NAME, "reading plays", reading.per_second(megabytes), "MB/s", best.median, note)]
    return reading - median(limit.seconds), rows


def _lineups_and_stints(setup: Setup, reading: Timing) -> list[Row]:
    warehouse, raw = setup.warehouse, setup.archive.plays(setup.season)
    games, box = (warehouse.read(table, [setup.season]) for table in ("games", "player_game_stats"))
    lineups, built = timed(partial(build_plays, raw, games, box), setup.repeats)
    walking, stints = timed(partial(build_stints, built.plays, games), setup.repeats)
    warehouse.write("plays", built.plays, setup.season)
    warehouse.write("stints", stints, setup.season)
    count = built.plays["game_id"].n_unique()
    done = {"rows to lineups": lineups, "lineups to stints": walking, "rows to stints, both steps": lineups + walking}
    done["raw file to stints, decompression left out"] = reading + lineups + walking
    return [Row(NAME, what, timing.per_second(count), "games/s", note=f"{count:,} games") for what, timing in done.items()]


def _write_logs(setup: Setup) -> None:
    """The tables that are small: game logs of all seasons, people, and shots of the latest season that has them."""
    archive, warehouse = setup.archive, setup.warehouse
    warehouse.write("players", build_players(archive.player_index()))
    for season in setup.log_seasons:
        with_plays = archive.game_ids_with_plays(season) if season == setup.season else frozenset()
        games = build_games(archive.team_log(season), with_plays)
        warehouse.write("games", games, season)
        warehouse.write("availability", build_availability(_raw_reports(archive, season), games), season)
        warehouse.write("player_prop_lines", no_lines(games, warehouse.read("players")), season)
        warehouse.write("player_game_stats", build_player_game_stats(archive.player_log(season)), season)
    season = max((one for one in archive.seasons(SHOTS.name) if one in setup.log_seasons), default=setup.season)
    warehouse.write("shots", build_shots(_raw_shots(archive, season), season), season)


def _raw_reports(archive: RawArchive, season: str) -> pl.DataFrame:
    if archive.has(AVAILABILITY.name, season):
        return archive.availability(season)
    return pl.DataFrame(schema={column: pl.Int64 if column in AVAILABILITY.ids else pl.String for column in AVAILABILITY.required})


def _raw_shots(archive: RawArchive, season: str) -> pl.DataFrame:
    if archive.has(SHOTS.name, season):
        return archive.shots(season)
    return pl.DataFrame(schema={column: pl.Int64 if column in SHOTS.ids else pl.String for column in SHOTS.required})
