"""`sql_views`: the DuckDB file with a view over every table, for people and SQL."""

from collections.abc import Sequence

import dagster as dg

from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource


def sql_views_asset(tables: Sequence[str]) -> dg.AssetsDefinition:
    """The asset that refreshes the views after all `tables`."""

    @dg.asset(deps=list(tables), group_name="sql", kinds={"duckdb"}, owners=["team:data"], backfill_policy=ONE_RUN, pool="duckdb")
    def sql_views(store: StoreResource) -> dg.MaterializeResult:
        """`nba.duckdb`: one view per table, over all seasons on disk; the experiments keep tables of their own in it."""
        store.warehouse.refresh_views()
        return dg.MaterializeResult(
            metadata={"views": len(tables), "path": dg.MetadataValue.path(str(store.warehouse.root / "nba.duckdb"))}
        )

    return sql_views
