"""The window models: box lines of all of history, 27 windows, the gate over them, the meta-learner, its backtest.

What is trained and how is `windows`' business. None of it is part of the main job: `nba windows` starts it.
"""

from typing import Any

import dagster as dg

from nba_pipeline.features.catalogue import ERA_FEATURES
from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.league.windows import parse_window
from nba_pipeline.orchestration.assets.features import feature_asset
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.metadata import number_metadata, table_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN, SEASON_PARTITIONS, WINDOW_OF_SEASON, WINDOW_PARTITIONS, chosen_seasons
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tables import TableEvents, TableWriter, schema_spec
from nba_pipeline.orchestration.window_gate import found_windows, require_windows, windows_config
from nba_pipeline.orchestration.window_pictures import ensemble_rows, score_tables, weight_pictures
from nba_pipeline.warehouse.era_lines import build_era_lines
from nba_pipeline.warehouse.store import StoreError
from nba_pipeline.windows.window_files import WindowStore, windows_root

GROUP = "windows"
ALL_PRESENT = "all_windows_present"
COMMON: dict[str, Any] = {"group_name": GROUP, "owners": ["team:modelling"]}
EVERY_SEASON = dg.AssetDep("era_form", partition_mapping=dg.AllPartitionMapping())


class WindowsBacktestConfig(dg.Config):
    """Which seasons are scored, as in `NBA_SEASONS`."""

    seasons: str


@dg.asset(
    deps=["raw_archive"],
    partitions_def=SEASON_PARTITIONS,
    backfill_policy=ONE_RUN,
    kinds={"polars", "parquet"},
    check_specs=[schema_spec("era_lines")],
    code_version=code_version("nba_pipeline.warehouse.era_lines", "nba_pipeline.warehouse.schemas"),
    **COMMON,
)
def era_lines(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """The box line of every player who ever played, with his opponent; what an era did not record is null."""
    writer = TableWriter(store)
    for season in chosen_seasons(context):
        writer.put("era_lines", build_era_lines(store.archive.player_log(season)), season)
    yield from writer.events()


@dg.asset(
    deps=[dg.AssetDep("era_form", partition_mapping=WINDOW_OF_SEASON)],
    partitions_def=WINDOW_PARTITIONS,
    kinds={"pytorch"},
    pool="train",
    code_version=code_version("nba_pipeline.windows.window_model"),
    **COMMON,
)
def window_models(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """One era's model of points, rebounds, assists and threes: a vintage after each season, trained on the window's own seasons only."""
    from nba_pipeline.windows.rows import as_rows
    from nba_pipeline.windows.window_model import train_window

    window, warehouse, net = parse_window(context.partition_key), store.warehouse, windows_config().net
    there = [season for season in window.seasons if season in warehouse.seasons("era_form")]
    if not there:
        raise StoreError(f"era_form has no season of {window.name}: nba windows data")
    with on_the_ledger(context, store) as spending:
        rows = as_rows(warehouse.read("era_form", there))
        trained = train_window(window, rows, net, lambda share, text: context.log.info("%3.0f %% %s", 100 * share, text))
        spending.rows = len(rows)
    files = WindowStore(windows_root(store.warehouse.root)).save(trained.with_facts(cost=spending.cost))
    facts = trained.facts
    errors = {f"{name}_mae": one["mae"] for name, one in (facts["forward"] or [{}])[-1].items() if isinstance(one, dict)}
    return dg.MaterializeResult(
        data_version=dg.DataVersion(files.manifest["sha256"]),
        metadata={
            **number_metadata({"rows": facts["rows"], "features": facts["features"], **errors}),
            **cost_metadata(spending),
            "seasons": ", ".join(facts["seasons"]),
            "no_model_for": ", ".join(facts["no_model_for"]) or "nothing",
            "path": dg.MetadataValue.path(str(files.folder)),
            "source": store.source,
        },
    )


@dg.asset(
    deps=[dg.AssetDep("window_models", partition_mapping=dg.AllPartitionMapping())],
    kinds={"json"},
    backfill_policy=ONE_RUN,
    check_specs=[
        dg.AssetCheckSpec(ALL_PRESENT, asset="window_ensemble", blocking=True, description="Every window is there, whole and undamaged")
    ],
    code_version=code_version("nba_pipeline.windows.ensemble"),
    **COMMON,
)
def window_ensemble(store: StoreResource) -> dg.MaterializeResult:
    """The manifest of the windows, without any compute: which there are, which are missing or damaged, and one hash for all."""
    from nba_pipeline.models.artifacts import write_json

    found = found_windows(store)
    write_json(windows_root(store.warehouse.root) / "ensemble.json", found.to_dict())
    lacking = [f"{one.window} is {one.state}: {one.reason}" for one in found.lacking]
    return dg.MaterializeResult(
        data_version=dg.DataVersion(found.sha256),
        metadata={
            "windows": len(found.windows),
            "ready": len(found.windows) - len(lacking),
            "production_ready": found.production_ready,
            "table": table_metadata(ensemble_rows(found)),
            "source": store.source,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=ALL_PRESENT, passed=not lacking, description="; ".join(lacking) or None, metadata={"lacking": len(lacking)}
            )
        ],
    )


@dg.asset(
    deps=["window_ensemble", EVERY_SEASON],
    kinds={"pytorch"},
    pool="train",
    backfill_policy=ONE_RUN,
    code_version=code_version("nba_pipeline.windows.meta_training"),
    **COMMON,
)
def meta_learner(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """Weighs the windows, and corrects them by how they disagree, who the player is, and his last games."""
    from nba_pipeline.windows.meta_files import MetaStore
    from nba_pipeline.windows.meta_training import train_meta

    require_windows(store)
    with on_the_ledger(context, store) as spending:
        trained = train_meta(store.warehouse, windows_config(), told=context.log.info)
        spending.rows = trained.facts["rows"]
    files = MetaStore(windows_root(store.warehouse.root)).save(trained.meta, trained.ensemble, {**trained.facts, "cost": spending.cost})
    return dg.MaterializeResult(
        data_version=dg.DataVersion(files.manifest["sha256"]),
        metadata={
            **number_metadata({name: trained.facts[name] for name in ("rows", "players")}),
            **cost_metadata(spending),
            **weight_pictures(trained.facts["weights"]),
            "seasons": ", ".join(trained.facts["seasons"]),
            "production_ready": trained.ensemble.production_ready,
            "path": dg.MetadataValue.path(str(files.folder)),
            "source": store.source,
        },
    )


@dg.asset(
    deps=["window_ensemble", EVERY_SEASON],
    kinds={"pytorch"},
    pool="train",
    backfill_policy=ONE_RUN,
    code_version=code_version("nba_pipeline.windows.backtest"),
    **COMMON,
)
def windows_backtest(context: dg.AssetExecutionContext, config: WindowsBacktestConfig, store: StoreResource) -> dg.MaterializeResult:
    """The meta-learner, its ablations and every baseline on the same rows of seasons that none of them has seen."""
    from nba_pipeline.windows.backtest import backtest
    from nba_pipeline.windows.backtest_files import write_backtest

    require_windows(store)
    with on_the_ledger(context, store) as spending:
        found = backtest(store.warehouse, windows_config(), parse_seasons(config.seasons), told=context.log.info)
    write_backtest(windows_root(store.warehouse.root), config.seasons, found)
    return dg.MaterializeResult(
        metadata={**score_tables(found), **weight_pictures(found.weights), **cost_metadata(spending), "source": store.source}
    )


WINDOW_ASSETS = [
    era_lines,
    *(feature_asset(feature, GROUP) for feature in ERA_FEATURES),
    window_models,
    window_ensemble,
    meta_learner,
    windows_backtest,
]
