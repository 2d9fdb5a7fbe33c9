"""What a training asset does about its cost: one `with` around the training, and two numbers in the metadata.

What does not belong here: counting, estimates and the budget's rule (`models/ledger.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from nba_pipeline.models.ledger import Ledger, Spending
from nba_pipeline.orchestration.metadata import number_metadata
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings


@contextmanager
def on_the_ledger(context: dg.AssetExecutionContext, store: StoreResource, device: str = "cpu") -> Iterator[Spending]:
    """Refuses a training that would pass the budget; counts any other, whether it succeeds or not.

    The part is the partition; an asset without partitions has one part, also in a run over seasons.

    Args:
        context: of the asset that trains.
        store: whose data folder holds the ledger.
        device: `cpu` or `cuda`.

    Raises:
        BudgetError: it would pass `NBA_BUDGET`; the body has not started.
        StoreError: there is a budget, and another process keeps the ledger from being read.
    """
    settings, asset = get_settings(), context.asset_key.to_user_string()
    part = "" if context.assets_def.partitions_def is None else ",".join(context.partition_keys)
    ledger = Ledger(store.warehouse, settings.prices, context.log)
    if said := ledger.require_budget(asset, [part], settings.budget):
        context.log.info(said)
    with ledger.spent(asset, part, device) as spending:
        yield spending


def cost_metadata(spending: Spending) -> dict[str, dg.MetadataValue]:
    """What an entry of the ledger says, as numbers that the UI plots: `seconds`, and `cost` in the unit of `NBA_PRICES`."""
    return number_metadata({"seconds": spending.seconds, "cost": spending.cost})
