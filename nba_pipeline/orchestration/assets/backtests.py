"""Walk-forward backtests: one partition per block of games that one training forecasts. What happens in a block is `prediction`'s.

Blocks are dynamic partitions, `<retrain>.<first date>`: `nba backtest` adds those it needs; from the UI they can be launched side by side.
"""

from typing import Any

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.models.samples.training_data import TABLES
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.metadata import number_metadata
from nba_pipeline.orchestration.partitions import BACKTEST_BLOCKS, ONE_RUN, block_of_key
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.settings import get_settings

COMMON: dict[str, Any] = {"group_name": "backtests", "owners": ["team:modelling"], "kinds": {"pytorch", "parquet"}, "pool": "train"}


class BlockConfig(dg.Config):
    """How a block is trained.

    Attributes:
        epochs: passes of the nets; 0 leaves them as they start, -1 takes `NBA_EPOCHS`.
        seasons_back: earlier seasons to learn from.
    """

    epochs: int = -1
    seasons_back: int = 4


class ReportConfig(dg.Config):
    """Which backtest is reported: retrain is `season`, `monthly` or `weekly`; seasons as in `NBA_SEASONS`."""

    retrain: str = "season"
    seasons: str


@dg.asset(
    deps=[dg.AssetDep(table, partition_mapping=dg.AllPartitionMapping()) for table in TABLES],
    partitions_def=BACKTEST_BLOCKS,
    code_version=code_version("nba_pipeline.prediction.backtest.walk_forward"),
    **COMMON,
)
def backtest(
    context: dg.AssetExecutionContext, config: BlockConfig, store: StoreResource, compute: ComputeResource
) -> dg.MaterializeResult:
    """One block of games, forecast by models that were trained on earlier games only."""
    from nba_pipeline.models.training.config import TrainingConfig
    from nba_pipeline.models.training.fitting import How
    from nba_pipeline.prediction.backtest.blocks import write_block

    settings = get_settings()
    training = TrainingConfig(epochs=settings.epochs if config.epochs < 0 else config.epochs, seed=settings.seed)
    retrain, first = block_of_key(context.partition_key)
    device = compute.resolve()
    with on_the_ledger(context, store, device.type) as spending:
        written, headline = write_block(store.warehouse, retrain, first, How(training, str(device)), config.seasons_back)
    path = dg.MetadataValue.path(str(written.path))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(written.sha256),
        metadata={**number_metadata(headline), **cost_metadata(spending), "path": path, "source": store.source},
    )


@dg.asset(
    deps=["backtest", "betting_lines"],
    backfill_policy=ONE_RUN,
    code_version=code_version("nba_pipeline.prediction.backtest.report"),
    **COMMON,
)
def backtest_report(context: dg.AssetExecutionContext, config: ReportConfig, store: StoreResource) -> dg.MaterializeResult:
    """Every forecast of a backtest on the same games: by season, month and instant, against the market, and how calibrated."""
    from nba_pipeline.evaluation.plots import as_markdown_image, reliability_diagram
    from nba_pipeline.prediction.backtest.blocks import read_report
    from nba_pipeline.prediction.backtest.text import as_markdown, sections

    report = read_report(store.warehouse, parse_seasons(config.seasons), config.retrain)
    picture = reliability_diagram(report.reliability, f"Reliability, {config.seasons}, before tip-off")
    return dg.MaterializeResult(
        metadata={
            "reliability": dg.MetadataValue.md(as_markdown_image(picture, "reliability")),
            "report": dg.MetadataValue.md(as_markdown(sections(report))),
            "source": store.source,
        }
    )


BACKTEST_ASSETS = [backtest, backtest_report]
