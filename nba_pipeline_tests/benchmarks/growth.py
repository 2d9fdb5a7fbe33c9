"""What many seasons cost: seconds and memory of the raw files of up to ten of them turned into tables, one after the other."""

import resource

from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.layout import PLAYS
from nba_pipeline.warehouse.games import build_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.shots import build_shots
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.benchmarks.fresh_process import MAXRSS_BYTES
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup
from nba_pipeline_tests.benchmarks.timing import timed

NAME = "Tables of many seasons, one core"
SEASONS = 10


def measure(setup: Setup) -> list[Row]:
    """Seconds of each season, of all, of the later half over the earlier, and how much memory the seasons after the first add."""
    chosen = setup.archive.seasons(PLAYS.name)[-SEASONS:]
    seconds, games, peaks = [], 0, []
    for season in chosen:
        timing, count = timed(lambda season=season: _build(setup, season), 1)
        seconds.append(timing.seconds[0])
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES / 1e6)
        games += count
    half, note = len(chosen) // 2, f"{chosen[0]} .. {chosen[-1]}, raw files to Parquet, decompression and writing included"
    rows = [
        Row(NAME, "tables of a season", tuple(seconds), "s", note=note),
        Row(NAME, f"tables of {len(chosen)} seasons", (sum(seconds),), "s", note=f"{games:,} games"),
        Row(NAME, "peak memory after the first season", (peaks[0],), "MB"),
        Row(NAME, f"peak memory after {len(chosen)} seasons", (peaks[-1],), "MB"),
    ]
    if half:
        growth = (sum(seconds[-half:]) / sum(seconds[:half]),)
        rows.append(Row(NAME, "later half over earlier half", growth, "times", note="1 is linear"))
    return rows


def _build(setup: Setup, season: Season) -> int:
    """Writes every table of a season that comes from its plays, shots and logs; answers how many games there are."""
    archive, warehouse = setup.archive, Warehouse(setup.data_root / "growth", setup.source)
    games = build_games(archive.team_log(season), archive.game_ids_with_plays(season))
    box = build_player_game_stats(archive.player_log(season))
    built = build_plays(archive.plays(season), games, box)
    tables = {"games": games, "player_game_stats": box, "plays": built.plays, "lineup_flags": built.flags}
    tables["stints"] = build_stints(built.plays, games)
    if archive.has("shotdetail", season):
        tables["shots"] = build_shots(archive.shots(season), season)
    for name, frame in tables.items():
        warehouse.write(name, frame, season)
    return games.height
