"""The three nets as one: a batch in, a forecast out.

What does not belong here: training (`training/trainer.py`) and files (`registry.py`).
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from nba_pipeline.models.nets.fusion import FusionOutput, TwoTowerFusion
from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.batch import GameBatch

NETWORKS = {"transformer": GameFlowTransformer, "gnn": PlayerInteractionGNN, "fusion": TwoTowerFusion}


class GameNet(nn.Module):
    """Sequence net, graph net and fusion net in a row.

    Args:
        transformer: reads the events.
        gnn: reads the ten on court.
        fusion: makes the forecast.

    Example:
        >>> net = GameNet()
        >>> sorted(name for name, _ in net.named_children())
        ['fusion', 'gnn', 'transformer']
    """

    def __init__(
        self, transformer: GameFlowTransformer | None = None, gnn: PlayerInteractionGNN | None = None, fusion: TwoTowerFusion | None = None
    ) -> None:
        super().__init__()
        self.transformer = transformer or GameFlowTransformer()
        self.gnn = gnn or PlayerInteractionGNN()
        self.fusion = fusion or TwoTowerFusion()

    @classmethod
    def from_states(cls, states: Mapping[str, Mapping[str, Tensor]], configs: Mapping[str, Mapping[str, Any]] | None = None) -> "GameNet":
        """Rebuilds trained nets, ready to forecast.

        Args:
            states: state dict of transformer, gnn and fusion.
            configs: constructor arguments of each; the defaults when not given.
        """
        configs = configs or {}
        net = cls(**{name: build(**configs.get(name, {})) for name, build in NETWORKS.items()})
        for name, state in states.items():
            net.get_submodule(name).load_state_dict(state)
        return net.eval()

    @property
    def configs(self) -> dict[str, dict[str, Any]]:
        """Constructor arguments of each net."""
        return {"transformer": self.transformer.config, "gnn": self.gnn.config, "fusion": self.fusion.config}

    def networks(self) -> dict[str, nn.Module]:
        """The nets by the name of their file in the registry."""
        return {"transformer": self.transformer, "gnn": self.gnn, "fusion": self.fusion}

    def forward(self, batch: GameBatch) -> FusionOutput:
        """The forecast of every row."""
        flow = self.transformer(batch.events, batch.times, batch.scores, batch.lineups, batch.mask)
        return self.fusion(flow, self.gnn.embed(batch.graph, len(batch)), batch.context, batch.state, batch.expected_total)
