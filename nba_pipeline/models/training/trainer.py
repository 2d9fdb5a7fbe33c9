"""Training the three nets together on games as of random instants.

What does not belong here: the epoch loop (`loop.py`), pre-training (`pretraining.py`), choosing instants (`samples/dataset.py`).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from nba_pipeline.models.nets.fusion import FusionOutput, TwoTowerFusion
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.losses import MultiTaskLoss
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.batch import GameBatch
from nba_pipeline.models.training.config import TrainingConfig, TrainingHistory
from nba_pipeline.models.training.loop import OnEpoch, TrainingLoop


class FusionTrainer:
    """Trains transformer, graph net and fusion end to end; the best checkpoint by validation loss stays in the nets.

    Args:
        transformer: sequence net, pre-trained or new.
        gnn: graph net, pre-trained or new.
        fusion: fusion net, its context scale and skip fitted.
        config: learning rate, schedule, patience and the like.
        device: `auto`, `cpu` or `cuda`.
        checkpoint_dir: where the run's checkpoint is kept, so that a killed run continues; none when not given.
        on_epoch: told of every epoch as it ends.

    Example:
        >>> from nba_pipeline.models import GameFlowTransformer, PlayerInteractionGNN, TwoTowerFusion
        >>> trainer = FusionTrainer(GameFlowTransformer(), PlayerInteractionGNN(), TwoTowerFusion(), TrainingConfig(patience=3))
        >>> trainer.config.patience
        3
    """

    def __init__(
        self,
        transformer: GameFlowTransformer,
        gnn: PlayerInteractionGNN,
        fusion: TwoTowerFusion,
        config: TrainingConfig | None = None,
        device: str = "auto",
        checkpoint_dir: Path | str | None = None,
        on_epoch: OnEpoch | None = None,
    ) -> None:
        self.config = config or TrainingConfig()
        self.net = GameNet(transformer, gnn, fusion)
        self.loss = MultiTaskLoss(self.config.loss_weights, self.config.learnable_weights)
        model = nn.ModuleDict({"net": self.net, "loss": self.loss})
        folder = Path(checkpoint_dir) if checkpoint_dir is not None else None
        self.loop = TrainingLoop(model, self.loss_of, self.config, device, folder, on_epoch)

    def fit(self, train_loader: Iterable[GameBatch], val_loader: Iterable[GameBatch], epochs: int | None = None) -> TrainingHistory:
        """Trains for at most `epochs` passes (50 unless the config says otherwise).

        Raises:
            TrainingError: the loss is not finite, or a loader is empty.
        """
        return self.loop.fit(train_loader, val_loader, epochs)

    def loss_of(self, batch: GameBatch) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The loss of a batch, and its parts and metrics."""
        forecast = self.net(batch)
        parts = self.loss(forecast, batch.home_win, batch.margin, batch.total)
        tasks = torch.stack(parts[1:])
        shown = {"loss": (self.loss.weights * tasks).sum(), "win": parts.win, "margin": parts.margin, "points_total": parts.points_total}
        return parts.total, {**shown, **game_metrics(forecast, batch)}


@torch.no_grad()
def game_metrics(forecast: FusionOutput, batch: GameBatch) -> dict[str, Tensor]:
    """Log loss, Brier score and accuracy of the winner, mean absolute errors of margin and total (points)."""
    chance = forecast.p_home_win
    return {
        "log_loss": nn.functional.binary_cross_entropy_with_logits(forecast.win_logit, batch.home_win),
        "brier_score": (chance - batch.home_win).square().mean(),
        "accuracy": ((chance > 0.5) == (batch.home_win > 0.5)).float().mean(),
        "margin_mae": (forecast.margin - batch.margin).abs().mean(),
        "total_mae": (forecast.total - batch.total).abs().mean(),
    }
