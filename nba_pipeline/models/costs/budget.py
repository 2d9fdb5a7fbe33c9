"""What a training will probably cost, and whether that may still be spent. Pure functions over the ledger's entries.

What does not belong here: keeping entries (`ledger.py`), how long one search may take (`tuning/budget.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

import polars as pl

BUDGET_DAYS = 30
"""What was spent in the last so many days counts against the budget."""

SECONDS_PER_HOUR = 3600.0


class BudgetError(RuntimeError):
    """A training would cost more than is left; the message says how much of what, and what to do."""


@dataclass(frozen=True)
class Estimate:
    """What parts of an asset will probably take.

    Attributes:
        seconds: of the known parts together.
        cost: of the known parts together, at today's prices.
        known: parts that were trained before, and those that take the mean of the asset's others.
        unknown: parts of an asset that never finished here; they count nothing in the numbers.
    """

    seconds: float
    cost: float
    known: tuple[str, ...]
    unknown: tuple[str, ...]


def estimate(entries: pl.DataFrame, asset: str, parts: Sequence[str], prices: Mapping[str, float]) -> Estimate:
    """What training parts of an asset will probably take.

    Each part takes as long as it did when it last finished, on the device of then; one that never did takes the mean of all finished
    trainings of the asset.

    Args:
        entries: as `Ledger.entries` returns them.
        asset: what is to be trained.
        parts: its partitions, `[""]` where it has none.
        prices: per hour, by device; an entry of a device without a price counts what it cost then.
    """
    done = entries.filter((pl.col("asset") == asset) & (pl.col("outcome") == "done")).sort("started_at")
    taken = [(row["part"], row["seconds"], _today(row, prices)) for row in done.iter_rows(named=True)]
    if not taken:
        return Estimate(0.0, 0.0, (), tuple(parts))
    latest = {part: (seconds, cost) for part, seconds, cost in taken}
    mean = (fmean(seconds for _, seconds, _ in taken), fmean(cost for _, _, cost in taken))
    each = [latest.get(part, mean) for part in parts]
    return Estimate(sum(seconds for seconds, _ in each), sum(cost for _, cost in each), tuple(parts), ())


def recently_spent(entries: pl.DataFrame, now: datetime) -> float:
    """What trainings of the `BUDGET_DAYS` before `now` (with a time zone) have cost, failed ones too."""
    return float(entries.filter(pl.col("started_at") >= now - timedelta(days=BUDGET_DAYS))["cost"].sum())


def check_budget(asset: str, expected: Estimate, spent: float, budget: float) -> str:
    """Lets a training start that fits into the budget.

    Args:
        asset: what is to be trained.
        expected: what it will probably cost.
        spent: what the last `BUDGET_DAYS` days have cost.
        budget: the most that these days and this training may cost together; with 0 nothing starts.

    Returns:
        A sentence for the log; it says so where the cost is not known.

    Raises:
        BudgetError: it does not fit, or nothing is left for a training of unknown cost.
    """
    will, have = _will(asset, expected), f"the last {BUDGET_DAYS} days have cost {money(spent)}, and the budget is {money(budget)}"
    if budget == 0 or spent + expected.cost > budget or (expected.unknown and spent >= budget):
        raise BudgetError(f"{will}; {have}: nothing was started. Raise NBA_BUDGET, or train fewer models, parts, seasons or epochs")
    return f"{will}; {have}"


def money(amount: float) -> str:
    """An amount with two decimals, or more where it is small."""
    return f"{amount:,.2f}" if amount == 0 or abs(amount) >= 1 else f"{amount:.2g}"


def _will(asset: str, expected: Estimate) -> str:
    parts = len(expected.known) + len(expected.unknown)
    what = f"{asset} ({parts} parts)" if parts > 1 else asset
    if expected.unknown:
        return f"what {what} will cost is unknown, no such training has finished here yet"
    return f"{what} will take about {expected.seconds:,.0f} s and cost about {money(expected.cost)}"


def _today(row: Mapping[str, object], prices: Mapping[str, float]) -> float:
    price = prices.get(str(row["device"]))
    return float(str(row["cost"])) if price is None else float(str(row["seconds"])) / SECONDS_PER_HOUR * price
