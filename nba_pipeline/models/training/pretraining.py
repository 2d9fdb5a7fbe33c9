"""What the sequence net and the graph net learn before they meet: the game in progress, and stints.

What does not belong here: the epoch loop (`loop.py`): `TrainingLoop(task, task.loss_of, …).fit(…)` trains either.
"""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor, nn

from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.batch import GameBatch, StintBatch

STINT_MARGIN_SCALE = 10.0
"""Points per 100 possessions; about the spread of what lineups are worth: the unit of the head."""

STINT_NOISE = 60.0
"""Points per 100 possessions; about the scatter of a typical stint: the unit of the loss."""

STINT_MARGIN_LIMIT = 150.0
"""Points per 100 possessions; a basket in a stint of one possession is 200 and says little."""

TYPICAL_POSSESSIONS = 3.0
"""Mean possessions of a stint; with it a row weighs about 1."""


class WinProbabilityTask(nn.Module):
    """In-game win probability from the sequence alone.

    Args:
        transformer: the net to train; its head is thrown away after.

    Example:
        >>> task = WinProbabilityTask(GameFlowTransformer())
        >>> tuple(task.head.weight.shape)
        (1, 128)
    """

    def __init__(self, transformer: GameFlowTransformer) -> None:
        super().__init__()
        self.transformer = transformer
        self.head = nn.Linear(transformer.config["d_model"], 1)

    def forward(self, batch: GameBatch) -> Float[Tensor, " batch"]:
        """Log odds that the home team wins."""
        return self.head(self.transformer(batch.events, batch.times, batch.scores, batch.lineups, batch.mask)).squeeze(-1)

    def loss_of(self, batch: GameBatch) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Cross-entropy; also the Brier score."""
        logit = self(batch)
        loss = nn.functional.binary_cross_entropy_with_logits(logit, batch.home_win)
        return loss, {"log_loss": loss, "brier_score": (logit.detach().sigmoid() - batch.home_win).square().mean()}


class StintMarginTask(nn.Module):
    """Home margin per 100 possessions of a stint, from the ten on court; squared error, weighted by possessions.

    Args:
        gnn: the net to train; its head is thrown away after.

    Example:
        >>> task = StintMarginTask(PlayerInteractionGNN())
        >>> tuple(task.head.weight.shape)
        (1, 128)
    """

    def __init__(self, gnn: PlayerInteractionGNN) -> None:
        super().__init__()
        self.gnn = gnn
        self.head = nn.Linear(2 * gnn.config["hidden"], 1)

    def forward(self, batch: StintBatch) -> Float[Tensor, " batch"]:
        """Home margin, points per 100 possessions."""
        return STINT_MARGIN_SCALE * self.head(self.gnn.embed(batch.graph, len(batch))).squeeze(-1)

    def loss_of(self, batch: StintBatch) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Weighted squared error; also `gain`, by how much it is lower than that of forecasting 0."""
        weight = batch.possessions / TYPICAL_POSSESSIONS
        truth = batch.margin_per_100.clamp(-STINT_MARGIN_LIMIT, STINT_MARGIN_LIMIT) / STINT_NOISE
        loss = (weight * (self(batch) / STINT_NOISE - truth).square()).mean()
        return loss, {"gain": (weight * truth.square()).mean() - loss.detach()}
