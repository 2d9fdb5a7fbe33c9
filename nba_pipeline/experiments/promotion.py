"""Which model is production, and the evidence it takes to become it.

A flip is one statement in one transaction, and the table allows one production model: nobody ever sees two, or none. What does not belong
here: how the evidence is made (`leaderboard.py`).
"""

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from nba_pipeline.experiments.audit import record, record_hand_made
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, now
from nba_pipeline.experiments.leaderboard import NothingGradedError, leaderboard
from nba_pipeline.experiments.model_row import ModelRow, model_row, model_rows

LEAST_GRADED = 500
MOST_BIAS_POINTS = 1.0
"""A forecast of the median lies about half a point below the mean; more than this is a fault."""


class PromotionRefusedError(RuntimeError):
    """The production model stays; the message says what is missing."""


class NoProductionModelError(LookupError):
    """There is no production model."""

    def __init__(self) -> None:
        super().__init__("no model is in production: `nba experiment promote MODEL` makes one")


@dataclass(frozen=True)
class Evidence:
    """What speaks for a model.

    Attributes:
        model_id: the candidate.
        against: the production model; where there is none, the baseline.
        rows: graded predictions that both share.
        difference: mean absolute error of the candidate minus that of the other, in points; None without another.
        low: lower end of its 95 % interval over dates.
        high: upper end.
        bias: mean of predicted - actual.
        objections: why it is not enough; empty when it is.
    """

    model_id: str
    against: str | None
    rows: int
    difference: float | None
    low: float | None
    high: float | None
    bias: float | None
    objections: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def production(database: ExperimentsDatabase) -> ModelRow:
    """The production model.

    Raises:
        NoProductionModelError: there is none.
    """
    with database.reading() as connection:
        found = _production(connection)
    if found is None:
        raise NoProductionModelError
    return found


def evidence(database: ExperimentsDatabase, model_id: str) -> Evidence:
    """What the graded predictions say of a model.

    Raises:
        UnknownModelError: no such model.
    """
    with database.reading() as connection:
        candidate, rival = model_row(connection, model_id), _production(connection) or _baseline(connection)
    rival = None if rival is None or rival.model_id == model_id else rival
    models = (model_id, *([rival.model_id] if rival else []))
    try:
        standings = {one.model_id: one for one in leaderboard(database, models)}
    except NothingGradedError as error:
        return Evidence(model_id, rival and rival.model_id, 0, None, None, None, None, (str(error),))
    mine = standings[model_id]
    difference = mine.against(standings[rival.model_id]) if rival else None
    objections = []
    if not candidate.enabled:
        objections.append("it is not enabled")
    if mine.rows < LEAST_GRADED:
        objections.append(f"{mine.rows} graded predictions, and it takes {LEAST_GRADED}")
    if difference is not None and rival is not None and difference.high >= 0:
        objections.append(
            f"its error minus that of {rival.model_id} is {difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
        )
    if abs(mine.bias) > MOST_BIAS_POINTS:
        objections.append(f"its bias is {mine.bias:+.2f} points, and {MOST_BIAS_POINTS} is the most")
    low, mean, high = (difference.low, difference.mean, difference.high) if difference else (None, None, None)
    return Evidence(model_id, rival and rival.model_id, mine.rows, mean, low, high, mine.bias, tuple(objections))


def promote(database: ExperimentsDatabase, model_id: str, *, force: bool = False, reason: str | None = None) -> Evidence:
    """Makes a model the production model.

    Args:
        database: the registry.
        model_id: which.
        force: set the rules aside; the audit says so.
        reason: for the audit; a forced promotion needs one.

    Raises:
        UnknownModelError: no such model.
        PromotionRefusedError: the evidence is not enough, or a forced promotion has no reason.
    """
    found = evidence(database, model_id)
    if found.objections and not force:
        raise PromotionRefusedError(
            f"{model_id} was not promoted: {'; '.join(found.objections)}. Grade more dates, or --force with a --reason"
        )
    if force and not reason:
        raise PromotionRefusedError("a forced promotion needs a --reason: the audit keeps it")
    said = "; ".join(part for part in (reason, _figures(found)) if part)
    with database.writing() as connection:
        record_hand_made(connection)
        _flip(connection, model_id, "promote", said, forced=force and bool(found.objections))
    return found


def rollback(database: ExperimentsDatabase, reason: str | None = None) -> str:
    """Makes the previous production model the production model again, and returns its id; a second rollback undoes the first.

    What was production before includes what was made so by hand in SQL.

    Raises:
        PromotionRefusedError: there was no other one, or it is gone or disabled.
    """
    with database.writing() as connection:
        record_hand_made(connection)
        current, rows = _production(connection), {row.model_id: row for row in model_rows(connection)}
        history = connection.execute(
            f"SELECT model_id FROM {SCHEMA}.ml_model_audit WHERE field = 'is_production' AND old_value = 'true' ORDER BY audit_id DESC"
        ).fetchall()
        earlier = [model for (model,) in history if current is None or model != current.model_id]
        if not earlier:
            raise PromotionRefusedError("there is no earlier production model to go back to: promote one instead")
        if earlier[0] not in rows or not rows[earlier[0]].enabled:
            raise PromotionRefusedError(f"{earlier[0]} was production before, and is gone or disabled: enable it, or promote another one")
        _flip(connection, earlier[0], "rollback", reason)
    return earlier[0]


def _figures(found: Evidence) -> str:
    if found.difference is None:
        return f"N {found.rows}, nothing to compare with"
    return f"N {found.rows}, error minus that of {found.against} {found.difference:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def _flip(connection: duckdb.DuckDBPyConnection, model_id: str, action: str, reason: str | None, *, forced: bool = False) -> None:
    """The flip itself, in a transaction that has recorded what was changed by hand."""
    if not model_row(connection, model_id).enabled:
        raise PromotionRefusedError(f"{model_id} is not enabled: `nba experiment enable {model_id}` first")
    connection.execute(
        f"UPDATE {SCHEMA}.ml_model_registry SET is_production = (model_id = ?), updated_at = ? WHERE is_production <> (model_id = ?)",
        [model_id, now(), model_id],
    )
    record(connection, action, reason=reason, forced=forced)


def _production(connection: duckdb.DuckDBPyConnection) -> ModelRow | None:
    return next((row for row in model_rows(connection) if row.is_production), None)


def _baseline(connection: duckdb.DuckDBPyConnection) -> ModelRow | None:
    return next((row for row in model_rows(connection) if row.is_baseline), None)
