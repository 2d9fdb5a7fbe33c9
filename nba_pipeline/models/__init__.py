"""Game models: nets, losses, dataset, trainer, baselines, artefacts and the registry.

The public names are exported here and loaded on first use, so that importing this package, the registry or the artefacts
loads no torch. What does not belong here: Dagster, and numbers that do not come from a net or a baseline.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nba_pipeline.features.context_features import ContextFeatureBuilder
    from nba_pipeline.features.lineup_graphs import LineupGraphBuilder, PlayerFeatures
    from nba_pipeline.features.sequences import EventTokenizer, TokenizedSequence
    from nba_pipeline.models.nets.fusion import FusionOutput, TwoTowerFusion
    from nba_pipeline.models.nets.game_net import GameNet
    from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
    from nba_pipeline.models.nets.in_game_skip import LinearSkip
    from nba_pipeline.models.nets.losses import LossParts, MultiTaskLoss
    from nba_pipeline.models.nets.transformer import GameFlowTransformer
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.models.samples.batch import GameBatch
    from nba_pipeline.models.samples.collate import nba_collate_fn
    from nba_pipeline.models.samples.dataset import NBADataset
    from nba_pipeline.models.samples.sample import GameSample
    from nba_pipeline.models.training.config import EpochMetrics, TrainingConfig, TrainingHistory
    from nba_pipeline.models.training.trainer import FusionTrainer
    from nba_pipeline.models.versions.info import VersionInfo

_MODULES = {
    "ContextFeatureBuilder": "nba_pipeline.features.context_features",
    "EpochMetrics": "nba_pipeline.models.training.config",
    "EventTokenizer": "nba_pipeline.features.sequences",
    "FusionOutput": "nba_pipeline.models.nets.fusion",
    "FusionTrainer": "nba_pipeline.models.training.trainer",
    "GameBatch": "nba_pipeline.models.samples.batch",
    "GameFlowTransformer": "nba_pipeline.models.nets.transformer",
    "GameNet": "nba_pipeline.models.nets.game_net",
    "GameSample": "nba_pipeline.models.samples.sample",
    "LinearSkip": "nba_pipeline.models.nets.in_game_skip",
    "LineupGraphBuilder": "nba_pipeline.features.lineup_graphs",
    "LossParts": "nba_pipeline.models.nets.losses",
    "ModelRegistry": "nba_pipeline.models.registry",
    "MultiTaskLoss": "nba_pipeline.models.nets.losses",
    "NBADataset": "nba_pipeline.models.samples.dataset",
    "PlayerFeatures": "nba_pipeline.features.lineup_graphs",
    "PlayerInteractionGNN": "nba_pipeline.models.nets.gnn",
    "TokenizedSequence": "nba_pipeline.features.sequences",
    "TrainingConfig": "nba_pipeline.models.training.config",
    "TrainingHistory": "nba_pipeline.models.training.config",
    "TwoTowerFusion": "nba_pipeline.models.nets.fusion",
    "VersionInfo": "nba_pipeline.models.versions.info",
    "nba_collate_fn": "nba_pipeline.models.samples.collate",
}

__all__ = [
    "ContextFeatureBuilder",
    "EpochMetrics",
    "EventTokenizer",
    "FusionOutput",
    "FusionTrainer",
    "GameBatch",
    "GameFlowTransformer",
    "GameNet",
    "GameSample",
    "LinearSkip",
    "LineupGraphBuilder",
    "LossParts",
    "ModelRegistry",
    "MultiTaskLoss",
    "NBADataset",
    "PlayerFeatures",
    "PlayerInteractionGNN",
    "TokenizedSequence",
    "TrainingConfig",
    "TrainingHistory",
    "TwoTowerFusion",
    "VersionInfo",
    "nba_collate_fn",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
