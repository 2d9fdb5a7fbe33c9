"""Adding models and switching them on and off. Which one is production is `promotion.py`'s."""

from dataclasses import replace

import duckdb

from nba_pipeline.experiments.audit import record, record_hand_made, user
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, now
from nba_pipeline.experiments.loaders import ModelShelf
from nba_pipeline.experiments.model_row import COLUMNS, ModelRow, model_row, model_rows


class RegistryRefusedError(RuntimeError):
    """The registry stays as it is; the message says why and what to do."""


def register(database: ExperimentsDatabase, shelf: ModelShelf, row: ModelRow) -> ModelRow:
    """Adds a model that loads; the same row once more changes nothing.

    Args:
        database: where to.
        shelf: loads it first, so that only what can be used is registered.
        row: the model; times and author are set here.

    Raises:
        ModelRefusedError: it cannot be loaded as the row says.
        RegistryRefusedError: the id is taken by another file, or a rule of the table is broken.
    """
    shelf.load(row)
    row = replace(row, created_at=now(), updated_at=now(), created_by=row.created_by or user())
    with database.writing() as connection:
        record_hand_made(connection)
        before = [one for one in model_rows(connection) if one.model_id == row.model_id]
        if before:
            return _same_file(before[0], row)
        _insert(connection, row)
        record(connection, "register", who=row.created_by)
    return row


def set_enabled(database: ExperimentsDatabase, model_id: str, enabled: bool, reason: str | None = None) -> bool:
    """Switches a model on or off; whether that changed anything.

    Raises:
        UnknownModelError: no such model.
        RegistryRefusedError: it is the production model, which cannot be switched off.
    """
    with database.writing() as connection:
        record_hand_made(connection)
        row = model_row(connection, model_id)
        if row.is_production and not enabled:
            raise RegistryRefusedError(f"{model_id} is the production model: promote another one first, then disable it")
        connection.execute(
            f"UPDATE {SCHEMA}.ml_model_registry SET enabled = ?, updated_at = ? WHERE model_id = ? AND enabled <> ?",
            [enabled, now(), model_id, enabled],
        )
        return bool(record(connection, "enable" if enabled else "disable", reason=reason))


def _same_file(before: ModelRow, row: ModelRow) -> ModelRow:
    if before.sha256 != row.sha256:
        raise RegistryRefusedError(f"{row.model_id} is registered with another file ({before.sha256[:12]}…): give the new one another id")
    return before


def _insert(connection: duckdb.DuckDBPyConnection, row: ModelRow) -> None:
    try:
        connection.execute(
            f"INSERT INTO {SCHEMA}.ml_model_registry ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})",
            [getattr(row, name) for name in COLUMNS],
        )
    except duckdb.ConstraintException as error:
        raise RegistryRefusedError(f"{row.model_id} was not registered: {str(error).splitlines()[0]}") from error
