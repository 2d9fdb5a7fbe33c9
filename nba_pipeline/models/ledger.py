"""The cost ledger: how long each training took, what that cost, and whether the next one may start. Nobody else counts.

What does not belong here: where entries are kept (`costs/table.py`), arithmetic on them (`costs/budget.py`).
"""

import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from nba_pipeline.models.costs.budget import SECONDS_PER_HOUR, BudgetError, Estimate, check_budget, estimate, recently_spent
from nba_pipeline.models.costs.table import Entry, LedgerTable, Outcome
from nba_pipeline.warehouse.store import Warehouse

__all__ = ["BudgetError", "Estimate", "Ledger", "LedgerError", "Spending"]


class LedgerError(ValueError):
    """A training cannot be counted; the message says what to do."""


@dataclass
class Spending:
    """One training while it is counted.

    Attributes:
        rows: rows it learned from; for the body to set.
        seconds, cost: known when the body has ended.
    """

    rows: int | None = None
    seconds: float = 0.0
    cost: float = 0.0


class Ledger:
    """What trainings on the data of a folder have cost.

    ```
    ledger = Ledger(warehouse, settings.prices)
    ledger.require_budget("fusion_model", [""], settings.budget)
    with ledger.spent("fusion_model", device="cuda") as spending:
        spending.rows = train()
    print(spending.seconds, spending.cost)
    ```

    Args:
        warehouse: whose data folder holds the ledger.
        prices: per hour, by device (`cpu`, `cuda`).
        log: where it is told that an entry could not be written to the table.
        patience_seconds: how long to wait while another process holds the file.
    """

    def __init__(
        self, warehouse: Warehouse, prices: Mapping[str, float], log: logging.Logger | None = None, patience_seconds: float = 10.0
    ) -> None:
        self.warehouse, self.prices = warehouse, dict(prices)
        self._log = log or logging.getLogger(__name__)
        self._table = LedgerTable(warehouse, patience_seconds)

    @contextmanager
    def spent(self, asset: str, part: str = "", device: str = "cpu") -> Iterator[Spending]:
        """Times its body and records it, also where the body fails; the body's error is what comes out then.

        A finished training is never lost for its entry: where the table cannot be written (another process holds the file, the disk
        is full), the entry goes into a file of its own, `training_ledger/<id>.json`. It counts as it is, and the next entry takes it
        into the table. If that fails too, the numbers are told in the log.

        Args:
            asset: what is trained.
            part: its partition; empty where it has none.
            device: `cpu` or `cuda`.

        Raises:
            LedgerError: before the body: the device has no price.
            StoreError: before the body: the folder is another source's.
        """
        self.cost(0.0, device)
        self.warehouse.check_source()
        spending, started, start = Spending(), datetime.now(UTC), time.perf_counter()
        outcome: Outcome = "failed"
        try:
            yield spending
            outcome = "done"
        finally:
            spending.seconds = time.perf_counter() - start
            spending.cost = self.cost(spending.seconds, device)
            rows = None if spending.rows is None else int(spending.rows)
            facts = (started, spending.seconds, spending.cost, rows, outcome, self.warehouse.source)
            self._record(Entry(uuid.uuid4().hex, asset, part, device, *facts))

    def cost(self, seconds: float, device: str) -> float:
        """What so many seconds cost on a device.

        Raises:
            LedgerError: it has no price.
        """
        if device not in self.prices:
            raise LedgerError(f"device {device!r} has no price, only {', '.join(self.prices)}: add a price per hour to NBA_PRICES")
        return seconds / SECONDS_PER_HOUR * self.prices[device]

    def entries(self) -> pl.DataFrame:
        """Every entry in time order, with the columns of `ledger_table.SCHEMA`; an empty frame where nothing was recorded.

        Raises:
            StoreError: another process holds the file, or the folder is another source's.
        """
        if self.warehouse.root.exists():
            self.warehouse.check_source()
        return self._table.read()

    def estimate(self, asset: str, parts: Sequence[str]) -> Estimate:
        """What training parts of an asset will probably take; `budget.estimate` says how.

        Args:
            asset: what is to be trained.
            parts: its partitions, `[""]` where it has none.
        """
        return estimate(self.entries(), asset, parts, self.prices)

    def recently_spent(self) -> float:
        """What the last 30 days have cost."""
        return recently_spent(self.entries(), datetime.now(UTC))

    def require_budget(self, asset: str, parts: Sequence[str], budget: float | None) -> str:
        """Lets a training start only if its estimate fits into what the last 30 days have left of the budget.

        Nothing is reserved: of two that start at the same moment each sees only what was spent before.

        Args:
            asset: what is to be trained.
            parts: its partitions, `[""]` where it has none; none at all cost nothing.
            budget: in the unit of the prices; no limit when not given.

        Returns:
            A sentence for the log, which says so where the cost is not known; empty without a limit.

        Raises:
            BudgetError: it does not fit.
            StoreError: the ledger cannot be read; a budget that cannot be checked is not taken for kept.
        """
        if budget is None or not parts:
            return ""
        entries = self.entries()
        return check_budget(asset, estimate(entries, asset, parts, self.prices), recently_spent(entries, datetime.now(UTC)), budget)

    def _record(self, entry: Entry) -> None:
        try:
            self._table.add(entry)
        except Exception as error:  # whatever it is: the training has ended, and its result is worth more than its entry
            self._log.warning("the ledger could not be written (%s): the entry waits in a file beside it", error)
            try:
                self._table.set_aside(entry)
            except Exception:
                self._log.exception("that file could not be written either; this training will not be counted: %s", entry)
