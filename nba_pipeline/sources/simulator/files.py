"""Writes a simulated season as the raw archive has it: the same names, columns and compression as real files.

Each file is written beside its place and renamed; a note of what the folder holds comes last, so that a killed run starts its season anew.
"""

import io
import json
import lzma
import tarfile
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import LAST_START_YEAR, Season, season_label
from nba_pipeline.sources.layout import BETTING_LINES, PLAYER_INDEX, PLAYER_LOG, PLAYS, PROP_LINES, SHOTS, TEAM_LOG, Dataset
from nba_pipeline.sources.simulator.box import box_of
from nba_pipeline.sources.simulator.line_rows import betting_lines, prop_lines
from nba_pipeline.sources.simulator.log_rows import player_index, player_log, team_log
from nba_pipeline.sources.simulator.people import Ints, People
from nba_pipeline.sources.simulator.play_rows import play_rows
from nba_pipeline.sources.simulator.season import WORDS, SimulatedSeason, simulate_season, stream
from nba_pipeline.sources.simulator.shot_rows import shot_rows
from nba_pipeline.sources.simulator.shot_spots import spots
from nba_pipeline.sources.simulator.summers import FOUNDED, everybody, league_of

EDITION: Final = 1
"""Grows when the same seed gives another league; seasons of other editions are written anew."""

NOTE: Final = "simulated.json"
XZ_PRESET: Final = 1


def ensure_season(root: Path, season: Season, seed: int) -> bool:
    """Writes a season's files where they are not there already.

    Args:
        root: folder of the raw archive, made when absent.
        season: 2012-13 or later.
        seed: of the league.

    Returns:
        Whether the season had to be played.
    """
    note = _read_note(root)
    if note.get(season) == [EDITION, seed] and all(item.path(root, season).is_file() for item in (*_SEASONAL, PLAYER_INDEX)):
        return False
    root.mkdir(parents=True, exist_ok=True)
    write_season(root, simulate_season(season, seed))
    _write(root / NOTE, json.dumps({**_read_note(root), season: [EDITION, seed]}, indent=1, sort_keys=True).encode())
    return True


def write_season(root: Path, season: SimulatedSeason) -> None:
    """Writes all files of a season, and the index of everybody who ever enters the league."""
    for dataset, frame in season_frames(season).items():
        write_frame(dataset.path(root, season.season), frame)
    write_frame(PLAYER_INDEX.path(root, None), index_frame(season.seed))


def season_frames(season: SimulatedSeason) -> dict[Dataset, pl.DataFrame]:
    """The rows of each seasonal file."""
    places = np.zeros((len(season.events), 2))
    shots = season.events.zone >= 0
    places[shots] = spots(season.events.zone[shots], stream(season.season, season.seed, WORDS))
    box = box_of(season)
    return {
        PLAYS: play_rows(season, np.hypot(*places.T).astype(np.int64)),
        SHOTS: shot_rows(season, places),
        TEAM_LOG: team_log(season, box),
        PLAYER_LOG: player_log(season, box),
        BETTING_LINES: betting_lines(season),
        PROP_LINES: prop_lines(season),
    }


def index_frame(seed: int) -> pl.DataFrame:
    """The rows of the player index: everybody who ever enters the league."""
    return player_index(*_careers(seed))


_SEASONAL: Final = (PLAYS, SHOTS, TEAM_LOG, PLAYER_LOG, BETTING_LINES, PROP_LINES)


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Writes rows as `.csv.xz`, or as the only file in a `.tar.xz`; the same rows give the same bytes."""
    content = frame.write_csv().encode()
    if path.name.endswith(".tar.xz"):
        content = _tar(path.name.replace(".tar.xz", ".csv"), content)
    _write(path, lzma.compress(content, preset=XZ_PRESET))


def _tar(name: str, content: bytes) -> bytes:
    member, whole = tarfile.TarInfo(name), io.BytesIO()
    member.size = len(content)
    with tarfile.open(fileobj=whole, mode="w") as archive:
        archive.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _read_note(root: Path) -> dict[str, list[int]]:
    path = root / NOTE
    return json.loads(path.read_text()) if path.is_file() else {}


def _careers(seed: int) -> tuple[People, Ints]:
    """Everybody, and the start year of each one's last season."""
    people = everybody(seed)
    last = np.zeros(len(people), dtype=np.int64)
    for year in range(FOUNDED, LAST_START_YEAR + 1):
        last[league_of(season_label(year), seed).people.number] = year
    return people, last
