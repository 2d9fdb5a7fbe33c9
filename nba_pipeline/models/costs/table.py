"""Where the entries of the training ledger are kept: a table of `nba.duckdb`, and files beside it while another process holds that.

What does not belong here: what a training costs (`ledger.py`) and whether it may start (`budget.py`).
"""

from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from nba_pipeline.models.artifacts import ArtifactError, read_json, write_json
from nba_pipeline.warehouse.store import Warehouse, connect

Outcome = Literal["done", "failed"]

TABLE = "training_ledger"
CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
  entry_id TEXT PRIMARY KEY,
  asset TEXT NOT NULL,
  part TEXT NOT NULL,
  device TEXT NOT NULL CHECK (device IN ('cpu', 'cuda')),
  started_at TIMESTAMP NOT NULL,
  seconds DOUBLE NOT NULL,
  cost DOUBLE NOT NULL,
  rows BIGINT,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed')),
  source TEXT NOT NULL
);
"""

SCHEMA: dict[str, pl.DataType] = {
    "entry_id": pl.String(),
    "asset": pl.String(),
    "part": pl.String(),
    "device": pl.String(),
    "started_at": pl.Datetime("us", "UTC"),
    "seconds": pl.Float64(),
    "cost": pl.Float64(),
    "rows": pl.Int64(),
    "outcome": pl.String(),
    "source": pl.String(),
}
"""Of the frame of entries."""


@dataclass(frozen=True)
class Entry:
    """One training.

    Attributes:
        entry_id: unique everywhere.
        asset: what was trained.
        part: its partition; empty where it has none.
        device: `cpu` or `cuda`.
        started_at: in UTC.
        seconds: of wall clock.
        cost: in the unit of the prices.
        rows: rows it learned from, where it says so.
        outcome: `failed` where an error or a signal ended it; it cost all the same.
        source: of the data.
    """

    entry_id: str
    asset: str
    part: str
    device: str
    started_at: datetime
    seconds: float
    cost: float
    rows: int | None
    outcome: Outcome
    source: str


class LedgerTable:
    """Reads and adds entries.

    Args:
        warehouse: whose data folder holds `nba.duckdb`.
        patience_seconds: how long to wait while another process holds it.
    """

    def __init__(self, warehouse: Warehouse, patience_seconds: float = 10.0) -> None:
        self.file = warehouse.root / "nba.duckdb"
        self.aside = warehouse.root / TABLE
        self.patience_seconds = patience_seconds

    def add(self, entry: Entry) -> None:
        """Adds an entry, and those that were set aside, in one transaction.

        Raises:
            StoreError: another process holds the file.
            duckdb.Error: the file cannot be written.
        """
        with connect(self.file, write=True, patience_seconds=self.patience_seconds) as database:
            waiting = dict(self._set_aside())
            marks = ", ".join("?" for _ in SCHEMA)
            database.execute("BEGIN")
            database.execute(CREATE)
            for one in (*waiting.values(), entry):
                database.execute(f"INSERT OR IGNORE INTO {TABLE} VALUES ({marks})", astuple(_naive(one)))
            database.execute("COMMIT")
        for path in waiting:
            path.unlink(missing_ok=True)

    def set_aside(self, entry: Entry) -> Path:
        """Writes an entry to a file of its own, which counts like a row and becomes one with the next entry that is added.

        Raises:
            ArtifactError: the file cannot be written.
        """
        path = self.aside / f"{entry.entry_id}.json"
        write_json(path, asdict(entry) | {"started_at": entry.started_at.isoformat()})
        return path

    def read(self) -> pl.DataFrame:
        """Every entry in time order, with the columns of `SCHEMA`; no rows where nothing was recorded.

        Raises:
            StoreError: another process holds the file.
            ArtifactError: a file that was set aside is damaged.
        """
        waiting = [entry for _, entry in self._set_aside()]  # first: one that moves now is then found in the table
        found = {entry.entry_id: entry for entry in (*self._rows(), *waiting)}
        entries = sorted(found.values(), key=lambda entry: (entry.started_at, entry.entry_id))
        return pl.DataFrame([asdict(entry) for entry in entries], schema=SCHEMA)

    def _rows(self) -> list[Entry]:
        if not self.file.exists():
            return []
        with connect(self.file, patience_seconds=self.patience_seconds) as database:
            if not database.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [TABLE]).fetchone():
                return []
            rows = database.execute(f"SELECT {', '.join(SCHEMA)} FROM {TABLE}").fetchall()
        return [_aware(Entry(*row)) for row in rows]

    def _set_aside(self) -> Iterator[tuple[Path, Entry]]:
        for path in sorted(self.aside.glob("*.json")):
            try:
                content = read_json(path)
            except ArtifactError:
                if path.exists():
                    raise
                continue  # another process has moved it to the table
            entry = Entry(**content)
            yield path, replace(entry, started_at=datetime.fromisoformat(content["started_at"]))


def _naive(entry: Entry) -> Entry:
    """As the table keeps it: UTC without saying so."""
    return replace(entry, started_at=entry.started_at.astimezone(UTC).replace(tzinfo=None))


def _aware(entry: Entry) -> Entry:
    return replace(entry, started_at=entry.started_at.replace(tzinfo=UTC))
