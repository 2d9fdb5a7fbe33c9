"""Where tables live: one Parquet file per table and season (of forecasts: per date), and DuckDB views over them.

Code reads Parquet. The DuckDB file is for people and SQL, and is opened only inside `connect()`. Every write goes to a
temporary file and is renamed, so that a killed run leaves the old table or the new one, never half of one.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.warehouse.source_marker import claim

if TYPE_CHECKING:
    import duckdb

LOCKED = "Could not set lock"
"""What DuckDB says of a file that another process holds; nothing else is worth waiting for."""

ALL_SEASONS = "all"
"""The file of a table that has no seasons, such as `players`."""

Part = Season | date
"""What one file of a table covers: a season, or the games of a date."""


class StoreError(RuntimeError):
    """A table cannot be read or written as asked; the message says what to do."""


@dataclass(frozen=True)
class Written:
    """What a write left on disk."""

    path: Path
    rows: int
    sha256: str


@dataclass(frozen=True)
class Warehouse:
    """The tables of one source.

    Args:
        root: the data folder; tables are under `root/warehouse`.
        source: who filled the raw archive; must equal the content of `root/SOURCE` (written on first use).
    """

    root: Path
    source: str = "archive"

    def path(self, table: str, part: Part | None = None) -> Path:
        """The file of a table's season or date, whether or not it exists."""
        name = f"date={part}" if isinstance(part, date) else f"season={part or ALL_SEASONS}"
        return self.root / "warehouse" / table / f"{name}.parquet"

    def seasons(self, table: str) -> tuple[Season, ...]:
        """Seasons of which the table has a file, in time order."""
        labels = (file.stem.removeprefix("season=") for file in self.path(table).parent.glob("season=*.parquet"))
        return tuple(sorted((label for label in labels if label != ALL_SEASONS), key=start_year))

    def dates(self, table: str) -> tuple[date, ...]:
        """Dates of which the table has a file, in time order."""
        return tuple(sorted(date.fromisoformat(file.stem.removeprefix("date=")) for file in self.path(table).parent.glob("date=*.parquet")))

    def read(self, table: str, parts: Sequence[Part] | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows of a table, in time order.

        Args:
            table: name of the table.
            parts: seasons or dates to read; every one on disk when not given. Ignored for a table without seasons.
            columns: columns to read; all when not given.

        Raises:
            StoreError: a file is missing, or the folder belongs to another source.
        """
        self.check_source()
        if self.path(table).exists():
            files = [self.path(table)]
        else:
            files = [self.path(table, part) for part in ((*self.seasons(table), *self.dates(table)) if parts is None else parts)]
        missing = [file for file in files if not file.exists()]
        if missing or not files:
            wanted = ", ".join(file.stem for file in missing) or "any season or date"
            raise StoreError(f"table {table!r} has no file for {wanted} under {self.root}: materialise `{table}` first (make run)")
        frames = [pl.read_parquet(file, columns=list(columns) if columns else None, hive_partitioning=False) for file in files]
        return pl.concat(frames, how="vertical_relaxed")

    def write(self, table: str, frame: pl.DataFrame, part: Part | None = None) -> Written:
        """Replaces a table's season or date atomically and returns where it went and the hash of its bytes.

        Raises:
            StoreError: the disk is full or the folder cannot be written, or it belongs to another source; the old file is untouched.
        """
        self.check_source()
        target = self.path(table, part)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(temporary, compression="zstd")
            digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
            os.replace(temporary, target)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreError(
                f"{target} could not be written ({error}): free disk space or fix the folder's rights, then run again"
            ) from error
        finally:
            if temporary.exists():
                temporary.unlink()
        return Written(target, frame.height, digest)

    def check_source(self) -> None:
        """Refuses to mix sources under one root.

        Raises:
            StoreError: it belongs to another source, or cannot be made or read.
        """
        try:
            found = claim(self.root, self.source)
        except OSError as error:
            raise StoreError(
                f"{self.root} cannot be used ({error.strerror}): set NBA_DATA_DIR to a folder that can be written, or fix its rights"
            ) from error
        if found != self.source:
            raise StoreError(
                f"{self.root} holds data of source {found!r}, not {self.source!r}: set NBA_DATA_DIR to another folder, "
                f"or NBA_SOURCE={found}"
            )

    def refresh_views(self) -> None:
        """Makes `nba.duckdb` show every table on disk as a view."""
        with connect(self.root / "nba.duckdb", write=True) as connection:
            for folder in sorted({file.parent for file in (self.root / "warehouse").glob("*/*=*.parquet")}):
                pattern = str(folder / "*=*.parquet").replace("'", "''")
                files = f"read_parquet('{pattern}', union_by_name = true, hive_partitioning = false)"
                connection.execute(f'CREATE OR REPLACE VIEW "{folder.name}" AS FROM {files}')


@contextmanager
def connect(path: Path, *, write: bool = False, patience_seconds: float = 30.0) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Opens the DuckDB file for one short transaction, waiting while another process holds it.

    Raises:
        StoreError: still held after `patience_seconds`; names the holder as DuckDB reports it. Or, at once: there is no such file to
            read, no folder to write it to, or it is no database.
    """
    import duckdb  # for people and SQL only: what reads Parquet does not wait for it

    deadline, pause = time.monotonic() + patience_seconds, 0.05
    while True:
        try:
            connection = duckdb.connect(str(path), read_only=not write)
            break
        except duckdb.IOException as error:
            if LOCKED not in str(error):
                raise StoreError(_cannot_open(path, write, error)) from error
            if time.monotonic() >= deadline:
                raise StoreError(f"{path} is held by another process: close it and run again. DuckDB says: {error}") from error
            time.sleep(pause)
            pause = min(2 * pause, 2.0)
    try:
        yield connection
    finally:
        connection.close()


def _cannot_open(path: Path, write: bool, error: Exception) -> str:
    """What is wrong with a database that no other process holds, and the remedy."""
    if not path.parent.is_dir():
        return f"{path} cannot be opened, its folder is missing: set NBA_DATA_DIR to the data folder, or make run fills it"
    if not path.exists() and not write:
        return f"{path} does not exist yet: make run writes it"
    return f"{path} cannot be opened: if it is no DuckDB database, move it away and run again. DuckDB says: {error}"
