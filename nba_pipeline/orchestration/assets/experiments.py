"""Player-points experiments: the models that are trained here, each day's predictions, and their grades. All of it is `experiments`' work.

Days have partitions of their own, so that none of this is part of the main job; `jobs.py` has jobs for it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

from nba_pipeline.league.seasons import Season, parse_seasons
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.metadata import number_metadata, table_metadata
from nba_pipeline.orchestration.partitions import DAY_PARTITIONS, ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings

if TYPE_CHECKING:
    from nba_pipeline.experiments.training import TrainedModel

EVERY_MODEL = "every_model_ran"
COMMON: dict[str, Any] = {"group_name": "experiments", "owners": ["team:modelling"], "backfill_policy": ONE_RUN, "pool": "duckdb"}
TRAINED_ON = ["player_form", "player_game_stats", "games"]
TRAINING = code_version("nba_pipeline.experiments.training")


class PointsTrainingConfig(dg.Config):
    """Which seasons a points model learns from.

    Attributes:
        train: `2013-14:2020-21` or a list; the chosen seasons but the last when empty.
        test: later seasons; the last of the chosen ones when empty.
        seed: of the rows and columns each tree sees.
    """

    train: str = ""
    test: str = ""
    seed: int = 7

    def seasons(self) -> tuple[tuple[Season, ...], tuple[Season, ...]]:
        """Seasons to learn from, and to test on."""
        chosen = parse_seasons(get_settings().seasons)
        train = parse_seasons(self.train) if self.train else chosen[:-1] or chosen
        return train, parse_seasons(self.test) if self.test else chosen[-1:]


def _boosted_asset(model_type: str) -> Any:
    @dg.asset(name=f"{model_type}_points", deps=TRAINED_ON, kinds={model_type}, code_version=TRAINING, **COMMON)
    def trained(context: dg.AssetExecutionContext, config: PointsTrainingConfig, store: StoreResource) -> dg.MaterializeResult:
        """Trees boosted on absolute error, tested on later seasons and added to the model registry."""
        from nba_pipeline.experiments.training import train_model

        train, test = config.seasons()
        return _trained(context, store, lambda: train_model(store.warehouse, model_type, train, test, config.seed))

    return trained


@dg.asset(deps=TRAINED_ON, kinds={"polars"}, code_version=TRAINING, **COMMON)
def ewma_points(context: dg.AssetExecutionContext, config: PointsTrainingConfig, store: StoreResource) -> dg.MaterializeResult:
    """The baseline: a moving average of a player's points, in the model registry like any other."""
    from nba_pipeline.experiments.training import train_baseline

    return _trained(context, store, lambda: train_baseline(store.warehouse, config.seasons()[1]))


POINTS_MODELS = ("ewma_points", "lightgbm_points", "xgboost_points", "catboost_points")


@dg.asset(
    deps=[*(dg.AssetDep(name, partition_mapping=dg.AllPartitionMapping()) for name in (*TRAINED_ON, "player_prop_lines")), *POINTS_MODELS],
    partitions_def=DAY_PARTITIONS,
    kinds={"duckdb"},
    code_version=code_version("nba_pipeline.experiments.runner"),
    check_specs=[dg.AssetCheckSpec(EVERY_MODEL, asset="experiment_predictions", description="No enabled model failed to predict")],
    **COMMON,
)
def experiment_predictions(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """Every enabled model's points for the games of the day; a model that fails is named, and the others go on."""
    from nba_pipeline.experiments.runner import NoModelsError, run_dates
    from nba_pipeline.experiments.slate import NoGamesError
    from nba_pipeline.orchestration.window_points import points_loaders

    try:
        report = run_dates(store.warehouse, _days(context.partition_keys), points_loaders(store.warehouse))
    except (NoGamesError, NoModelsError) as nothing:
        context.log.warning(str(nothing))
        return dg.MaterializeResult(metadata={"written": 0, "note": str(nothing)}, check_results=[_verdict([])])
    numbers = {"dates": report.dates, "games": report.games, "players": report.players, "written": report.written}
    return dg.MaterializeResult(
        metadata={
            **number_metadata(numbers | {"seconds": report.seconds, "failed_models": len(report.failed)}),
            "models": table_metadata([dict(one.__dict__) for one in report.models]),
            "changed_by_hand": "; ".join(report.by_hand) or "nothing",
            "source": store.source,
        },
        check_results=[_verdict([one.reason for one in report.failed])],
    )


@dg.asset(
    deps=[
        "experiment_predictions",
        *(dg.AssetDep(name, partition_mapping=dg.AllPartitionMapping()) for name in ("games", "player_game_stats")),
    ],
    partitions_def=DAY_PARTITIONS,
    kinds={"duckdb"},
    code_version=code_version("nba_pipeline.experiments.grading"),
    **COMMON,
)
def experiment_grades(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """The day's predictions, and earlier ones that are still open, held against what happened, and how the models stand."""
    from nba_pipeline.experiments.database import ExperimentsDatabase
    from nba_pipeline.experiments.grading import grade_dates, open_dates
    from nba_pipeline.experiments.leaderboard import NothingGradedError, leaderboard

    days = _days(context.partition_keys)
    report = grade_dates(store.warehouse, sorted({*days, *open_dates(store.warehouse, max(days))}))
    try:
        standings = [one.to_dict() for one in leaderboard(ExperimentsDatabase.of(store.warehouse))]
    except NothingGradedError:
        standings = []
    return dg.MaterializeResult(
        metadata={
            **number_metadata(report.to_dict()),
            **number_metadata({f"mae_{one['model']}": one["mae"] for one in standings}),
            "leaderboard": table_metadata([{name: _shown(value) for name, value in one.items()} for one in standings]),
            "source": store.source,
        }
    )


def _days(keys: Sequence[str]) -> list[date]:
    return [date.fromisoformat(key) for key in keys]


def _verdict(reasons: Sequence[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=EVERY_MODEL,
        passed=not reasons,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(reasons) or None,
        metadata={"failed_models": len(reasons)},
    )


def _trained(context: dg.AssetExecutionContext, store: StoreResource, train: "Callable[[], TrainedModel]") -> dg.MaterializeResult:
    with on_the_ledger(context, store) as spending:
        model = train()
        spending.rows = model.train_rows
    row, difference = model.row, model.vs_baseline
    paired = {} if difference is None else {f"vs_baseline_{name}": getattr(difference, name) for name in ("mean", "low", "high")}
    numbers = {
        "test_mae": row.test_mae or 0.0,
        "test_rows": row.test_rows or 0,
        "train_rows": model.train_rows,
        "fit_seconds": model.seconds,
    }
    return dg.MaterializeResult(
        data_version=dg.DataVersion(row.sha256),
        metadata={
            **number_metadata(numbers | paired),
            **cost_metadata(spending),
            "model_id": row.model_id,
            "feature_version": row.feature_version,
            "test_seasons": ", ".join(model.test_seasons),
            "path": dg.MetadataValue.path(str(store.warehouse.root / row.model_path)),
            "source": store.source,
        },
    )


def _shown(value: str | float | None) -> str | float:
    return "" if value is None else value


EXPERIMENT_ASSETS = [
    ewma_points,
    *(_boosted_asset(model_type) for model_type in ("lightgbm", "xgboost", "catboost")),
    experiment_predictions,
    experiment_grades,
]
