"""Season partitions, which seasons a season depends on, and the partitions by date of forecasts.

The set of seasons is fixed; `NBA_SEASONS` only chooses which of them a command runs. Dates go up to today.
"""

import warnings
from datetime import date

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG, PARTITION_NAME_TAG

from nba_pipeline.league.seasons import SEASONS, Season, seasons_up_to, start_year
from nba_pipeline.league.windows import WINDOWS

# `BackfillPolicy` is beta in the pinned release and says so once per asset and process.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*(BackfillPolicy|backfill_policy).*")

SEASON_PARTITIONS = dg.StaticPartitionsDefinition(list(SEASONS))

DAY_PARTITIONS = dg.DailyPartitionsDefinition(start_date="2012-10-01", timezone="America/New_York", end_offset=1)
"""Of what is forecast date by date; today is one of them."""

BACKTEST_BLOCKS = dg.DynamicPartitionsDefinition(name="backtest_blocks")
"""Stretches of games that one training forecasts: `<retrain>.<first date>`, as `block_key` writes them."""

WINDOW_PARTITIONS = dg.StaticPartitionsDefinition([window.name for window in WINDOWS])
"""The 27 windows of the league's history; a configuration may choose fewer of them, never others."""

WINDOW_OF_SEASON = dg.StaticPartitionMapping({season: window.name for window in WINDOWS for season in window.seasons})
"""A window is trained on its own seasons."""

ONE_RUN = dg.BackfillPolicy.single_run()
"""Every asset has it, models too: then `--select '*' --partition-range A...B` is one run."""

ALL_SEASONS_UP_TO = dg.StaticPartitionMapping({season: list(SEASONS[row:]) for row, season in enumerate(SEASONS)})
"""A feature of a season reads that season and all earlier ones."""


def chosen_seasons(context: dg.AssetExecutionContext) -> tuple[Season, ...]:
    """The seasons of this step, in time order."""
    return tuple(sorted(context.partition_keys, key=start_year))


def chosen_days(context: dg.AssetExecutionContext) -> tuple[date, ...]:
    """The dates of this step, in time order."""
    return tuple(sorted(date.fromisoformat(key) for key in context.partition_keys))


def block_key(retrain: str, first: date) -> str:
    """The partition of a backtest's block: `weekly.2021-10-19`."""
    return f"{retrain}.{first}"


def block_of_key(key: str) -> tuple[str, date]:
    """The opposite of `block_key`."""
    retrain, first = key.split(".")
    return retrain, date.fromisoformat(first)


def seasons_of_run(run: dg.DagsterRun) -> tuple[Season, ...]:
    """The seasons of a run, from its tags; none for a run without partitions. Checks have no partitions of their own."""
    first, last = (
        run.tags.get(tag, run.tags.get(PARTITION_NAME_TAG)) for tag in (ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG)
    )
    return seasons_up_to(last, first) if first and last else ()


def range_tags(seasons: tuple[Season, ...]) -> dict[str, str]:
    """Tags of a single run over seasons without gaps; none for a run over unpartitioned assets."""
    return {ASSET_PARTITION_RANGE_START_TAG: seasons[0], ASSET_PARTITION_RANGE_END_TAG: seasons[-1]} if seasons else {}


def partition_tags(partition: str) -> dict[str, str]:
    """Tags of a run over one partition; none where it is empty."""
    return {PARTITION_NAME_TAG: partition} if partition else {}
