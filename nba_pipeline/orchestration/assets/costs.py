"""`training_costs`: the ledger in the UI, as a table and a picture. It trains nothing and costs nothing."""

from datetime import UTC, datetime

import dagster as dg

from nba_pipeline.models.costs.summary import by_asset, cumulative_cost, eastern_text, totals
from nba_pipeline.models.ledger import Ledger
from nba_pipeline.orchestration.metadata import number_metadata, table_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings

GROUP = "monitor"


@dg.asset(group_name=GROUP, owners=["team:modelling"], kinds={"duckdb"}, backfill_policy=ONE_RUN)
def training_costs(store: StoreResource) -> dg.MaterializeResult:
    """What every training asset has cost so far, and what that leaves of the budget."""
    from nba_pipeline.evaluation.plots import as_markdown_image, growing_costs

    settings = get_settings()
    entries = Ledger(store.warehouse, settings.prices).entries()
    assets, picture = by_asset(entries), growing_costs(cumulative_cost(entries))
    return dg.MaterializeResult(
        metadata={
            "assets": table_metadata([row | {"last": eastern_text(row["last"])} for row in assets.iter_rows(named=True)]),
            "growth": dg.MetadataValue.md(as_markdown_image(picture, "cost of trainings so far")),
            **number_metadata(totals(entries, datetime.now(UTC))),
            "budget": "none" if settings.budget is None else settings.budget,
            "prices_per_hour": dg.MetadataValue.json(settings.prices),
            "source": store.source,
        }
    )
