"""Forecasts by date, made by a registered version. What is forecast, and how, is `prediction`'s.

These assets are in a job of their own: they take tables and versions as they are and build nothing upstream.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.metadata import number_metadata, table_metadata
from nba_pipeline.orchestration.partitions import DAY_PARTITIONS, ONE_RUN, chosen_days
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tables import combined_hash

if TYPE_CHECKING:
    from nba_pipeline.prediction.game.story import GameStory

COMMON: dict[str, Any] = {
    "group_name": "predictions",
    "owners": ["team:modelling"],
    "partitions_def": DAY_PARTITIONS,
    "backfill_policy": ONE_RUN,
}
PICTURE_DOTS_PER_INCH = 70
KNOWN_BEFORE = ["games", "players", "season_stats", "player_rapm", "sequences", "lineup_graphs", "context_features", "model_version"]
UNPARTITIONED = frozenset({"players", "model_version"})


def seasons_of(table: str) -> dg.AssetDep:
    """A date reads the file of its season; Dagster has no mapping from dates to labels, so a date depends on all of them."""
    return dg.AssetDep(table, partition_mapping=None if table in UNPARTITIONED else dg.AllPartitionMapping())


class VersionConfig(dg.Config):
    """Which model forecasts.

    Attributes:
        version: `latest`, or a registered one.
    """

    version: str = "latest"


@dg.asset(
    deps=[seasons_of(table) for table in KNOWN_BEFORE],
    kinds={"pytorch", "parquet"},
    code_version=code_version("nba_pipeline.prediction.slate"),
    **COMMON,
)
def game_predictions(context: dg.AssetExecutionContext, config: VersionConfig, store: StoreResource) -> dg.MaterializeResult:
    """Every game of a date as of tip-off: P(home win), margin, total with intervals, the baselines, and what moved the forecast."""
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.prediction.forecaster import Forecaster
    from nba_pipeline.prediction.slate import headline, record, slate

    forecaster, days = Forecaster.load(ModelRegistry(store.models_root), config.version), chosen_days(context)
    found = {day: rows for day in days if (rows := slate(forecaster, store.warehouse, day)) is not None}
    written = [record(store.warehouse, rows, day) for day, rows in found.items()]
    games = [game for rows in found.values() for game in headline(rows)]
    return dg.MaterializeResult(
        data_version=dg.DataVersion(combined_hash(written)),
        metadata={
            **number_metadata({"games": len(games)}),
            "model_version": forecaster.version,
            "source": store.source,
            **({"forecasts": table_metadata(games)} if games else {"answer": dg.MetadataValue.text(f"no game on {days[0]} .. {days[-1]}")}),
        },
    )


@dg.asset(
    deps=[seasons_of(table) for table in (*KNOWN_BEFORE, "plays")],
    kinds={"pytorch", "parquet"},
    code_version=code_version("nba_pipeline.prediction.game.win_probability"),
    **COMMON,
)
def win_probability(context: dg.AssetExecutionContext, config: VersionConfig, store: StoreResource) -> dg.MaterializeResult:
    """The whole curve of every game of a date: P(home win), margin and total after each play."""
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.prediction.days_games import stories_of
    from nba_pipeline.prediction.forecaster import Forecaster
    from nba_pipeline.prediction.game.win_probability import TABLE

    forecaster, days, stories, written = Forecaster.load(ModelRegistry(store.models_root), config.version), chosen_days(context), [], []
    for day in days:
        of_day = stories_of(store.warehouse, forecaster, day)
        if of_day:
            written.append(store.warehouse.write(TABLE, pl.concat(story.curve for story in of_day), day))
        stories.extend(of_day)
        context.log.info("%s: %d games", day, len(of_day))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(combined_hash(written)),
        metadata={
            **number_metadata({"games": len(stories), "rows": sum(one.rows for one in written)}),
            "model_version": forecaster.version,
            "source": store.source,
            **(_shown(stories) if stories else {"answer": dg.MetadataValue.text(f"no game with plays on {days[0]} .. {days[-1]}")}),
        },
    )


def _shown(stories: "list[GameStory]") -> Mapping[str, dg.MetadataValue]:
    """A table of the games, and a picture of the most exciting one."""
    from nba_pipeline.evaluation.plots import as_markdown_image
    from nba_pipeline.prediction.game.picture import game_picture

    best = max(stories, key=lambda story: story.excitement)
    return {
        "excitement": dg.MetadataValue.float(best.excitement),
        "games_of_the_date": table_metadata([story.summary() for story in stories]),
        "most_exciting": dg.MetadataValue.md(as_markdown_image(game_picture(best, PICTURE_DOTS_PER_INCH), best.title)),
    }


PREDICTION_ASSETS: list[Any] = [game_predictions, win_probability]
