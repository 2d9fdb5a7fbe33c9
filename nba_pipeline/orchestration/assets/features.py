"""One asset per registered feature: load the history, build, write. What a feature knows is `features`' business."""

import time
from collections.abc import Sequence
from typing import Any

import dagster as dg
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import FEATURES, Feature
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.partitions import ALL_SEASONS_UP_TO, ONE_RUN, SEASON_PARTITIONS, chosen_seasons
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tables import TableEvents, TableWriter

UNPARTITIONED = frozenset({"players"})


def feature_asset(feature: Feature, group: str = "features") -> dg.AssetsDefinition:
    """The asset of a feature; a season of it depends on all seasons up to that one of every input."""

    @dg.asset(
        name=feature.name,
        deps=[_dep(table) for table in feature.inputs],
        description=feature.about,
        partitions_def=SEASON_PARTITIONS,
        backfill_policy=ONE_RUN,
        group_name=group,
        kinds={"polars", "parquet"},
        owners=["team:modelling"],
        code_version=code_version(feature.build.__module__),
        metadata={"key": ", ".join(feature.key)},
    )
    def build(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
        seasons, start = chosen_seasons(context), time.perf_counter()
        frame = feature.build(History.from_warehouse(store.warehouse, through=seasons[-1]), seasons)
        seconds, writer = time.perf_counter() - start, TableWriter(store, checked=False)
        for season in seasons:
            writer.put(feature.name, frame.filter(pl.col("season") == season), season)
        yield from writer.events({"build_seconds": dg.MetadataValue.float(seconds), "columns": dg.MetadataValue.int(frame.width)})

    return build


def feature_assets(features: Sequence[Feature] = FEATURES) -> list[dg.AssetsDefinition]:
    """Assets of all features."""
    return [feature_asset(feature) for feature in features]


def _dep(table: str) -> Any:
    return dg.AssetDep(table, partition_mapping=None if table in UNPARTITIONED else ALL_SEASONS_UP_TO)
