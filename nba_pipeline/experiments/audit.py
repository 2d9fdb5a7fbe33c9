"""The audit of the registry: who changed which flag or file, when, and why; what was changed by hand in SQL is found and written as such.

DuckDB has no triggers, so each run compares the registry with what was last recorded. What does not belong here: whether a change is
allowed (`promotion.py`).
"""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from nba_pipeline.experiments.database import SCHEMA, now

WATCHED = ("enabled", "is_production", "is_baseline", "model_type", "model_path", "model_format", "sha256", "feature_version")
REGISTERED = "registered"
"""The field that says whether a model has a row at all."""

BY_HAND = "by hand"


@dataclass(frozen=True)
class Change:
    """One field of one model that changed."""

    model_id: str
    field: str
    old_value: str | None
    new_value: str | None


def pending_changes(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    """What differs between the registry and what was last recorded, by model and field."""
    current, recorded = _current(connection), _recorded(connection)
    keys = sorted({*current, *recorded})
    return [Change(*key, recorded.get(key), current.get(key)) for key in keys if recorded.get(key) != current.get(key)]


def record(
    connection: duckdb.DuckDBPyConnection, action: str, *, who: str = "", reason: str | None = None, forced: bool = False
) -> list[Change]:
    """Writes every pending change under one action, in the transaction that made it.

    Args:
        connection: of `ExperimentsDatabase.writing`.
        action: register, enable, disable, promote, rollback, publish, or `BY_HAND`.
        who: the user's name; that of the process when empty.
        reason: why, in their words.
        forced: whether rules were set aside.
    """
    changes, at, who = pending_changes(connection), now(), who or user()
    for change in changes:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_audit (changed_at, who, action, model_id, field, old_value, new_value, forced, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [at, who, action, change.model_id, change.field, change.old_value, change.new_value, forced, reason],
        )
    return changes


def record_hand_made(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    """Writes what was changed outside these commands since the last look; who did it is not known."""
    return record(connection, BY_HAND, who="unknown")


def user() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def sentences(changes: Iterable[Change]) -> list[str]:
    """Changes for people."""
    return [f"{change.model_id}: {change.field} {change.old_value} → {change.new_value}" for change in changes]


def _current(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str | None]:
    columns = ", ".join(f"{name}::VARCHAR" for name in WATCHED)
    rows = connection.execute(f"SELECT model_id, 'true', {columns} FROM {SCHEMA}.ml_model_registry").fetchall()
    return {(model_id, field): value for model_id, *values in rows for field, value in zip((REGISTERED, *WATCHED), values, strict=True)}


def _recorded(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str | None]:
    rows = connection.execute(
        f"SELECT model_id, field, new_value FROM {SCHEMA}.ml_model_audit "
        "QUALIFY row_number() OVER (PARTITION BY model_id, field ORDER BY audit_id DESC) = 1"
    ).fetchall()
    return {(model_id, field): value for model_id, field, value in rows}
