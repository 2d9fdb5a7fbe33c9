"""Plays of a game that is being played: one uncompressed CSV that somebody else is still writing.

The columns are those of `nbastats_{Y}`. A line counts once its end is written. What does not belong here: the archive's own
files (`archive.py`), and what a row means (`warehouse/play_rows.py`).
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nba_pipeline.league.ids import GameId
from nba_pipeline.sources.archive import rows_of
from nba_pipeline.sources.compressed import ArchiveError
from nba_pipeline.sources.layout import PLAYS

GIVE_PLAYS = "give the play-by-play (version 2) CSV of this one game"


@dataclass(frozen=True)
class GrowingPlays:
    """What a file holds at a moment.

    Attributes:
        rows: its whole lines, in file order; none where there is at most a header.
        unfinished_bytes: of the last line, when its end is not written yet.
    """

    rows: pl.DataFrame
    unfinished_bytes: int


def read_growing_plays(path: Path, game_id: GameId) -> GrowingPlays:
    """The whole lines of a file, as `RawArchive.plays` would give them.

    Args:
        path: the file.
        game_id: the one game it must be about.

    Raises:
        ArchiveError: there is no such file, it is no play-by-play, or it has plays of another game.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArchiveError(path, f"cannot be read ({error.strerror})", GIVE_PLAYS) from error
    whole = content[: content.rfind(b"\n") + 1]
    if not whole.strip():
        return GrowingPlays(pl.DataFrame(schema=dict.fromkeys(PLAYS.required, pl.String)), len(content) - len(whole))
    rows = rows_of(path, whole, PLAYS)
    others = rows.filter(pl.col("GAME_ID") != game_id)["GAME_ID"].unique().sort().to_list()
    if others:
        raise ArchiveError(path, f"has plays of {', '.join(others[:3])}, not only of {game_id}", GIVE_PLAYS)
    return GrowingPlays(rows, len(content) - len(whole))
