"""The experiments' tables in `nba.duckdb`: numbered migrations, and short transactions for everybody.

Reading and writing open the file only for as long as a statement or two take (`warehouse.store.connect`). What does not belong here:
what is written (`registry.py`, `predictions.py`, `grading.py`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from nba_pipeline.models.artifacts import sha256_bytes
from nba_pipeline.warehouse.store import Warehouse, connect

SCHEMA = "nba_predictions"
MIGRATIONS = Path(__file__).with_name("sql")

_NOTE = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.migrations (
    number INTEGER PRIMARY KEY, file VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL);
"""


class MigrationError(RuntimeError):
    """The tables are not those of this code; the message says what to do."""


@dataclass(frozen=True)
class ExperimentsDatabase:
    """Where models and predictions are kept.

    Args:
        path: the DuckDB file; made on first use.
        patience_seconds: how long to wait while another process holds it.
    """

    path: Path
    patience_seconds: float = 30.0

    @classmethod
    def of(cls, warehouse: Warehouse) -> "ExperimentsDatabase":
        """The one of a data folder."""
        warehouse.check_source()
        return cls(warehouse.root / "nba.duckdb")

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction, tables brought up to date first: all of it is kept, or nothing.

        Raises:
            StoreError: another process holds the file.
            MigrationError: a migration that was applied is another one now.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with connect(self.path, write=True, patience_seconds=self.patience_seconds) as connection:
            connection.begin()
            try:
                _migrate(connection)
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Read only, at one moment; the tables are made first where there are none.

        Raises:
            StoreError: another process holds the file.
        """
        if not self._is_current():
            with self.writing():
                pass
        with connect(self.path, patience_seconds=self.patience_seconds) as connection:
            yield connection

    def _is_current(self) -> bool:
        if not self.path.exists():
            return False
        with connect(self.path, patience_seconds=self.patience_seconds) as connection:
            made = connection.execute(
                "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ? AND table_name = 'migrations'", [SCHEMA]
            ).fetchall()
            return made[0][0] > 0 and set(_applied(connection)) == set(_files())


def frame(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> pl.DataFrame:
    """The rows of a query, with `values` in the places of its question marks."""
    return pl.DataFrame(pl.from_arrow(connection.sql(query, params=list(values)).to_arrow_table()))


def now() -> datetime:
    """This moment in UTC, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _migrate(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_NOTE)
    applied, files = _applied(connection), _files()
    if unknown := sorted(set(applied) - set(files)):
        raise MigrationError(f"the tables were made by newer code (migrations {unknown} are unknown here): update the code")
    for number, file in sorted(files.items()):
        content = file.read_bytes()
        digest = sha256_bytes(content)
        if number in applied:
            if applied[number] != digest:
                raise MigrationError(f"{file.name} was changed after it was applied: put it back and add a file with the next number")
            continue
        connection.execute(content.decode())
        connection.execute(f"INSERT INTO {SCHEMA}.migrations VALUES (?, ?, ?, ?)", [number, file.name, digest, now()])


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return dict(connection.execute(f"SELECT number, sha256 FROM {SCHEMA}.migrations").fetchall())


def _files() -> dict[int, Path]:
    return {int(file.name[:4]): file for file in MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql")}
