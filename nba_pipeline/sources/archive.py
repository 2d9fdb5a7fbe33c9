"""Reads the raw archive: one frame per file, with the file's own column names.

Only what every reader needs is put right here: game ids have ten digits, ids are integers, damage is named. Turning rows
into clean tables is `warehouse`'s work.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nba_pipeline.league.ids import GAME_ID_DIGITS
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.compressed import DOWNLOAD_AGAIN, ArchiveError, read_compressed
from nba_pipeline.sources.layout import (
    AVAILABILITY,
    BETTING_LINES,
    DATASETS,
    PLAYER_INDEX,
    PLAYER_LOG,
    PLAYS,
    PROP_LINES,
    SHOTS,
    TEAM_LOG,
    Dataset,
)

__all__ = ["ArchiveError", "RawArchive", "RawFile"]

CORRECT_ROW = "correct the row or take it out; data/README.md says what the file looks like"


@dataclass(frozen=True)
class RawFile:
    """A file of the archive: where, how long, and the hash that versions what is made of it."""

    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True)
class RawArchive:
    """The folder of raw files.

    All columns are strings but the integer ids (and codes and coordinates of plays and shots); empty fields are null.

    Args:
        root: folder with `nbastats_2021.tar.xz` and so on.
    """

    root: Path

    def plays(self, season: Season) -> pl.DataFrame:
        """Play-by-play rows, in file order; only the columns that are used."""
        return self._read(PLAYS, season)

    def game_ids_with_plays(self, season: Season) -> frozenset[str]:
        """Games that have any play; none when the season has no file."""
        if not self.has(PLAYS.name, season):
            return frozenset()
        return frozenset(self._read(PLAYS, season, ("GAME_ID",))["GAME_ID"].unique())

    def shots(self, season: Season) -> pl.DataFrame:
        """Field-goal attempts, in file order; only the columns that are used."""
        return self._read(SHOTS, season)

    def team_log(self, season: Season) -> pl.DataFrame:
        """Two rows a game."""
        return self._read(TEAM_LOG, season)

    def player_log(self, season: Season) -> pl.DataFrame:
        """One row per player who played."""
        return self._read(PLAYER_LOG, season)

    def player_index(self) -> pl.DataFrame:
        """One row per player who ever played."""
        return self._read(PLAYER_INDEX, None)

    def betting_lines(self, season: Season) -> pl.DataFrame:
        """Closing lines, one row a game, playoffs too."""
        return self._read(BETTING_LINES, season)

    def availability(self, season: Season) -> pl.DataFrame:
        """Who was reported out or doubtful before tip-off, one row per player, game and report."""
        return self._read(AVAILABILITY, season)

    def prop_lines(self, season: Season) -> pl.DataFrame:
        """What books offered on players' numbers: two rows (over, under) a player, market, book and line."""
        return self._read(PROP_LINES, season)

    def has(self, dataset: str, season: Season | None = None) -> bool:
        """Whether the file is there; `dataset` is how its name starts, such as `nbastats`."""
        return DATASETS[dataset].path(self.root, season).is_file()

    def seasons(self, dataset: str) -> tuple[Season, ...]:
        """Seasons that have a file of this kind, in time order."""
        return DATASETS[dataset].seasons(self.root)

    def files(self, season: Season | None) -> list[RawFile]:
        """Those of `paths`, with size and hash: every byte is read."""
        return [_describe(path) for path in self.paths(season)]

    def paths(self, season: Season | None) -> list[Path]:
        """Files of a season that are there, in the order of `DATASETS`; without a season, those that have none."""
        wanted = (item for item in DATASETS.values() if item.seasonal is (season is not None))
        return [path for item in wanted if (path := item.path(self.root, season)).is_file()]

    def digest(self, season: Season) -> str:
        """One sha256 of a season's files, names and contents; it moves when any of them does."""
        return hashlib.sha256("".join(f"{file.path.name} {file.sha256}" for file in self.files(season)).encode()).hexdigest()

    def _read(self, dataset: Dataset, season: Season | None, columns: tuple[str, ...] = ()) -> pl.DataFrame:
        path = dataset.path(self.root, season)
        frame = rows_of(path, read_compressed(path), dataset, columns)
        if frame.is_empty() and not dataset.optional:
            raise ArchiveError(path, "has a header but no rows")
        return frame


def rows_of(path: Path, content: bytes, dataset: Dataset, columns: tuple[str, ...] = ()) -> pl.DataFrame:
    """The rows of a file's CSV text; none where there is only a header.

    Args:
        path: the file, for messages.
        content: its text, not compressed.
        dataset: what kind of file it is.
        columns: the only columns wanted; those of the dataset when not given.

    Raises:
        ArchiveError: a column is missing, the text is no CSV, or an id or another value is none; names the line.
    """
    header = _header(content)
    missing = [column for column in columns or dataset.required if column not in header]
    if missing:
        raise ArchiveError(path, f"column {', '.join(missing)} is missing (it has {', '.join(header)})", "use a copy that has it")
    chosen = list(columns) or (list(dataset.required) if dataset.only else header)
    try:
        frame = pl.read_csv(content, columns=chosen, infer_schema=False).select(chosen)
    except pl.exceptions.PolarsError as error:
        raise ArchiveError(path, f"not a readable CSV ({str(error).splitlines()[0]})") from error
    for column, pattern in dataset.patterns:
        wrong = pl.col(column).str.contains(pattern).not_() | pl.col(column).is_null()
        _refuse(path, frame, column, wrong, f"does not match {pattern}", CORRECT_ROW)
    return _normalised(path, frame, [column for column in dataset.ids if column in chosen])


def _header(content: bytes) -> list[str]:
    first_line = content[: content.find(b"\n") + 1 or len(content)]
    return pl.read_csv(io.BytesIO(first_line), infer_schema=False).columns


def _normalised(path: Path, frame: pl.DataFrame, ids: list[str]) -> pl.DataFrame:
    if "GAME_ID" in frame.columns:
        game_id = pl.col("GAME_ID").str.strip_suffix(".0").str.zfill(GAME_ID_DIGITS)
        frame = frame.with_columns(game_id)
        _refuse(path, frame, "GAME_ID", pl.col("GAME_ID").str.contains(rf"^\d{{{GAME_ID_DIGITS}}}$").not_() | pl.col("GAME_ID").is_null())
    numbers = frame.with_columns(pl.col(ids).str.strip_suffix(".0").cast(pl.Int64, strict=False))
    for column in ids:
        if numbers[column].null_count() > frame[column].null_count():
            _refuse(path, frame, column, frame[column].is_not_null() & numbers[column].is_null())
    return numbers


def _refuse(
    path: Path, frame: pl.DataFrame, column: str, wrong: pl.Expr | pl.Series, why: str = "is no id", remedy: str = DOWNLOAD_AGAIN
) -> None:
    rows = frame.with_row_index("line", offset=2).filter(wrong).head(3)
    if rows.height:
        found = ", ".join(f"{value!r} in line {line}" for value, line in rows.select(column, "line").iter_rows())
        raise ArchiveError(path, f"column {column} holds what {why}: {found}", remedy)


def _describe(path: Path) -> RawFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return RawFile(path, path.stat().st_size, digest)
