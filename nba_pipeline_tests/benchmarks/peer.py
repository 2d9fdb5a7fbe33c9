"""Games a second from rows to lineups and possessions, next to `pbpstats` on the same games, where it is installed.

`pbpstats` is no dependency of the project: `pip install pbpstats` into the environment, and this part measures it. It reads
files of the statistics service, so each game is written as one, without shots and before the clock starts. Nothing may be fetched:
a game for which it would ask the service counts as failed.
"""

import json
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.stints import build_stints
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup
from nba_pipeline_tests.benchmarks.timing import Timing, timed

NAME = "Next to pbpstats, one core"
GAMES = 100
PUBLISHED = "published for pbpstats: 26-37 games/s a core"


class NotFetchedError(RuntimeError):
    """`pbpstats` wanted to ask the service for something that the plays do not tell; give it to the file to measure the game."""


def measure(setup: Setup) -> list[Row]:
    """The project's rate on some games of the season, and that of `pbpstats` if it is there; needs the tables of part `warehouse`."""
    raw = some_games(setup.archive.plays(setup.season), GAMES)
    games, box = (setup.warehouse.read(table, [setup.season]) for table in ("games", "player_game_stats"))
    count = raw["GAME_ID"].n_unique()
    ours, _ = timed(partial(_to_stints, raw, games, box), setup.repeats)
    here = _installed()
    note = f"{count} games, {PUBLISHED}" + ("" if here else "; pbpstats is not installed")
    rows = [Row(NAME, "nba_pipeline, rows to stints", ours.per_second(count), "games/s", note=note)]
    return [*rows, *(_peer(raw, setup, here, ours) if here else [])]


def _to_stints(raw: pl.DataFrame, games: pl.DataFrame, box: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.col("game_id").is_in(raw["GAME_ID"].unique().implode())
    known = games.filter(wanted)
    return build_stints(build_plays(raw, known, box.filter(wanted)).plays, known)


def some_games(raw: pl.DataFrame, count: int) -> pl.DataFrame:
    """The rows of `count` games, evenly spread over the season; all where there are fewer."""
    ids = raw["GAME_ID"].unique().sort()
    return raw.filter(pl.col("GAME_ID").is_in(ids.gather_every(max(1, len(ids) // count)).head(count).implode()))


def write_responses(raw: pl.DataFrame, folder: Path) -> list[str]:
    """Each game as a response of the statistics service, in the folders that `pbpstats` reads.

    Args:
        raw: rows of `RawArchive.plays`.
        folder: where `pbp` and `game_details` are made.

    Returns:
        Ids of the games.
    """
    for name in ("pbp", "game_details"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    parts = raw.partition_by("GAME_ID", as_dict=True, maintain_order=True)
    for (game,), rows in parts.items():
        (folder / "pbp" / f"stats_{game}.json").write_text(_response(rows.columns, rows.rows()))
        for side in ("home", "away"):
            (folder / "game_details" / f"stats_{side}_shots_{game}.json").write_text(_response(["GAME_ID"], []))
    return [str(game) for (game,) in parts]


def _response(headers: list[str], rows: list[tuple]) -> str:
    return json.dumps({"resultSets": [{"headers": headers, "rowSet": rows}]})


def _installed() -> str | None:
    try:
        return version("pbpstats")
    except PackageNotFoundError:
        return None


def _peer(raw: pl.DataFrame, setup: Setup, release: str, ours: Timing) -> list[Row]:
    folder = setup.data_root / "pbpstats"
    ids = write_responses(raw, folder)
    theirs, parsed = timed(partial(parsed_games, _parser(folder), ids), setup.repeats)
    note = f"pbpstats {release}, possessions with the ten on court; {parsed} of {len(ids)} games without an error"
    ratio = tuple(slow / fast for slow, fast in zip(theirs.seconds, ours.seconds, strict=False))
    return [
        Row(NAME, "pbpstats", theirs.per_second(len(ids)), "games/s", note=note),
        Row(NAME, "nba_pipeline over pbpstats", ratio, "times"),
    ]


def parsed_games(parse: Callable[[str], Any], ids: list[str]) -> int:
    """How many of the games are read without an error; the time of those that fail counts too."""
    return sum(_succeeds(parse, game) for game in ids)


def _succeeds(parse: Callable[[str], Any], game: str) -> bool:
    try:
        parse(game)
    except Exception:  # it raises its own errors and bare ones for games it cannot read; how many is in the note
        return False
    return True


def _parser(folder: Path) -> Callable[[str], list]:
    """Reads a game's possessions and who was on court at each event."""
    from pbpstats.client import Client  # pyright: ignore[reportMissingImports]
    from pbpstats.data_loader.stats_nba.enhanced_pbp.loader import StatsNbaEnhancedPbpLoader  # pyright: ignore[reportMissingImports]
    from pbpstats.resources.enhanced_pbp.start_of_period import StartOfPeriod  # pyright: ignore[reportMissingImports]

    StartOfPeriod._get_starters_from_boxscore_request = StatsNbaEnhancedPbpLoader._use_data_nba_event_order = _refuse
    client = Client({"dir": str(folder), "Possessions": {"source": "file", "data_provider": "stats_nba"}})

    def parse(game: str) -> list:
        possessions = client.Game(game).possessions.items  # pyright: ignore[reportAttributeAccessIssue]
        return [event.current_players for possession in possessions for event in possession.events]

    return parse


def _refuse(*_: object) -> None:
    raise NotFetchedError("pbpstats asks the service: add what it asks for to its file")
