"""The three nets and the registered version. Training is `models.training`'s; here a device is chosen and progress is shown.

Models are unpartitioned: they take the seasons of `NBA_SEASONS`, or those of the run's configuration. Nothing here imports
torch before a step runs.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dagster as dg

from nba_pipeline.league.seasons import Season, parse_seasons
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.splits import SplitRule
from nba_pipeline.orchestration.candidates import CANDIDATE, REPORT, candidate_of
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.metadata import headline, number_metadata, promotion_metadata, table_metadata
from nba_pipeline.orchestration.model_pictures import candidate_pictures, curve
from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.orchestration.version_page import page_of
from nba_pipeline.settings import get_settings

if TYPE_CHECKING:
    from nba_pipeline.models.training.config import EpochMetrics, TrainingConfig
    from nba_pipeline.models.training.trained import Trained

COMMON: dict[str, Any] = {"group_name": "models", "owners": ["team:modelling"], "backfill_policy": ONE_RUN, "pool": "gpu"}
TABLES = ["games", "sequences", "lineup_graphs", "context_features"]
"""What `models.training_data` reads."""

TRAINING = code_version("nba_pipeline.models.training.runs")


class TrainConfig(dg.Config):
    """What a training run may set for itself.

    Attributes:
        seasons: `2018-19:2022-23` or a list; `NBA_SEASONS` when empty.
        epochs: the most passes; `NBA_EPOCHS` when 0.
        split: test is the last of the `seasons`, or the `last_games` (`models.samples.splits`); the same for all three nets of a run.
    """

    seasons: str = ""
    epochs: int = 0
    split: SplitRule = "seasons"

    def chosen(self) -> tuple[Season, ...]:
        """The seasons to train on."""
        return parse_seasons(self.seasons or get_settings().seasons)

    def training(self) -> "TrainingConfig":
        """The trainer's configuration."""
        from nba_pipeline.models.training.config import TrainingConfig

        settings = get_settings()
        return TrainingConfig(epochs=self.epochs or settings.epochs, seed=settings.seed)


@dg.asset(deps=TABLES, kinds={"pytorch"}, code_version=TRAINING, **COMMON)
def transformer_model(
    context: dg.AssetExecutionContext, config: TrainConfig, store: StoreResource, compute: ComputeResource
) -> dg.MaterializeResult:
    """GameFlowTransformer, pre-trained on in-game win probability."""
    from nba_pipeline.models.training.runs import train_transformer

    return _train(context, train_transformer, config, store, compute)


@dg.asset(deps=TABLES, kinds={"pytorch"}, code_version=TRAINING, **COMMON)
def gnn_model(
    context: dg.AssetExecutionContext, config: TrainConfig, store: StoreResource, compute: ComputeResource
) -> dg.MaterializeResult:
    """PlayerInteractionGNN, pre-trained on stint margins."""
    from nba_pipeline.models.training.runs import train_gnn

    return _train(context, train_gnn, config, store, compute)


@dg.asset(deps=["transformer_model", "gnn_model", *TABLES, "betting_lines"], kinds={"pytorch"}, code_version=TRAINING, **COMMON)
def fusion_model(
    context: dg.AssetExecutionContext, config: TrainConfig, store: StoreResource, compute: ComputeResource
) -> dg.MaterializeResult:
    """TwoTowerFusion over both nets: a candidate that waits for its verdict."""
    from nba_pipeline.models.training.runs import train_fusion

    return _train(context, train_fusion, config, store, compute)


@dg.asset(
    deps=["fusion_model"],
    kinds={"file"},
    code_version=code_version("nba_pipeline.models.registry", "nba_pipeline.evaluation.promotion", "nba_pipeline.prediction.promotion"),
    **COMMON,
)
def model_version(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """This run's candidate, judged once more and registered; `latest` moves to it if it is accepted and not worse than the one before."""
    from nba_pipeline.models.versions.candidates import promote
    from nba_pipeline.prediction.promotion import judge_candidate

    candidate = candidate_of(context.instance, context.run)
    version = promote(store.models_root, candidate, judge_candidate(store.warehouse, candidate))
    promotion = promotion_metadata(version, ModelRegistry(store.models_root).latest() == version.version)
    context.log.info("%s, %s", version.version, promotion["promoted"].value)
    return dg.MaterializeResult(
        data_version=dg.DataVersion(version.version),
        metadata={
            "version": version.version,
            "status": version.status,
            "split": version.split_by,
            **promotion,
            "parent_version": version.parent_version or "none",
            "git_commit": version.git_commit or "none",
            "path": dg.MetadataValue.path(str(store.models_root / version.version)),
            "report": page_of(context, store, version.version),
            **number_metadata(headline(version.metrics or {})),
            "source": store.source,
        },
    )


def _train(
    context: dg.AssetExecutionContext,
    train: Callable[..., "Trained"],
    config: TrainConfig,
    store: StoreResource,
    compute: ComputeResource,
) -> dg.MaterializeResult:
    device, seasons = compute.resolve(), config.chosen()
    context.log.info("training on %s over %s, split by %s", device, ", ".join(seasons), config.split)
    with on_the_ledger(context, store, device.type) as spending:
        trained = train(store.warehouse, seasons, config.training(), _live_curve(context), str(device), config.split)
    return dg.MaterializeResult(
        data_version=dg.DataVersion(trained.weights_sha256),
        metadata={
            **(candidate_pictures(trained.path) if trained.path.is_dir() else {}),
            **number_metadata(headline(trained.metrics)),
            **number_metadata({"parameters": trained.parameters, "samples_per_second": trained.samples_per_second}),
            **cost_metadata(spending),
            "device": trained.device_name,
            "peak_memory_mib": trained.peak_memory_bytes / 2**20,
            CANDIDATE: dg.MetadataValue.path(str(trained.path)),
            REPORT: dg.MetadataValue.json(dict(trained.metrics)),
            "seasons": table_metadata([{"season": season} for season in seasons]),
            "split": config.split,
            "source": store.source,
            **curve(trained.history),
        },
    )


def _live_curve(context: dg.AssetExecutionContext) -> Callable[["EpochMetrics"], None]:
    def on_epoch(epoch: "EpochMetrics") -> None:
        losses = {f"{part}_{name}": value for part, means in (("train", epoch.train), ("val", epoch.val)) for name, value in means.items()}
        numbers = {"epoch": epoch.epoch, **losses, "samples_per_second": epoch.samples_per_second}
        context.log_event(dg.AssetObservation(asset_key=context.asset_key, metadata=number_metadata(numbers)))
        context.log.info("  ".join(f"{name} {value:.4g}" for name, value in numbers.items()))

    return on_epoch


MODEL_ASSETS = [transformer_model, gnn_model, fusion_model, model_version]
