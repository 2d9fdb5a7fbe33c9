"""The registry's tables in `nba.duckdb`: one short transaction a call, through `store.connect` and its rules.

What does not belong here: what the rows mean (`model_rows.py`, `model_manager.py`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from nba_pipeline.warehouse.store import Warehouse, connect

if TYPE_CHECKING:
    import duckdb

JSON_COLUMNS = frozenset({"search_space", "params", "metrics", "comparison", "libraries", "trained"})

TABLES = """
CREATE SEQUENCE IF NOT EXISTS model_ids;
CREATE TABLE IF NOT EXISTS models (
  model_id BIGINT PRIMARY KEY DEFAULT nextval('model_ids'),
  name TEXT NOT NULL UNIQUE,
  model_class TEXT NOT NULL,
  search_space JSON NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('grid', 'bayesian')),
  n_trials INTEGER NOT NULL,
  cv_folds INTEGER NOT NULL,
  is_active BOOLEAN NOT NULL,
  production_version INTEGER,
  created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS model_versions (
  model_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  libraries JSON NOT NULL,
  params JSON NOT NULL,
  metrics JSON NOT NULL,
  comparison JSON,
  parent_version INTEGER,
  data_version TEXT NOT NULL,
  data_first TEXT NOT NULL,
  data_last TEXT NOT NULL,
  source TEXT NOT NULL,
  git_commit TEXT,
  trained_at TEXT NOT NULL,
  PRIMARY KEY (model_id, version)
);
CREATE TABLE IF NOT EXISTS weekly_runs (
  week TEXT PRIMARY KEY,
  scheduled_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  season TEXT NOT NULL,
  archive TEXT NOT NULL,
  trained JSON NOT NULL
);
"""
"""Times are UTC, ISO 8601. No foreign key: DuckDB updates an indexed row by deleting and inserting it, which one would forbid."""


class ModelDatabase:
    """Reads and writes rows.

    Args:
        warehouse: whose data folder holds `nba.duckdb`; its `SOURCE` is checked before every call.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.file = warehouse.root / "nba.duckdb"

    def rows(self, table: str, kind: type, clause: str = "") -> list[dict[str, Any]]:
        """Rows with the columns that are the fields of `kind`; none where there is no such table yet."""
        if not self.file.exists():
            return []
        self.warehouse.check_source()
        names = [field.name for field in fields(kind)]
        with connect(self.file) as database:
            known = database.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
            found = database.execute(f"SELECT {', '.join(names)} FROM {table} {clause}").fetchall() if known else []
        return [_from_sql(names, row) for row in found]

    @contextmanager
    def write(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        """One transaction; what raises inside leaves everything as it was."""
        self.warehouse.check_source()
        with connect(self.file, write=True) as database:
            database.execute("BEGIN")
            database.execute(TABLES)
            yield database
            database.execute("COMMIT")


def insert(database: "duckdb.DuckDBPyConnection", table: str, values: Mapping[str, Any], *, replace: bool = False) -> None:
    """Adds a row; mappings become JSON, without NaN."""
    marks, verb = ", ".join("?" for _ in values), "INSERT OR REPLACE" if replace else "INSERT"
    database.execute(
        f"{verb} INTO {table} ({', '.join(values)}) VALUES ({marks})", [_to_sql(name, value) for name, value in values.items()]
    )


def _from_sql(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    values = zip(names, row, strict=True)
    return {name: json.loads(value) if name in JSON_COLUMNS and value is not None else value for name, value in values}


def _to_sql(name: str, value: Any) -> Any:
    encoded = name in JSON_COLUMNS and value is not None
    return json.dumps(value, sort_keys=True, allow_nan=False, default=str) if encoded else value
