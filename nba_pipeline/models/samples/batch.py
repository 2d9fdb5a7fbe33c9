"""What a net is given: batches of tensors.

What does not belong here: samples as arrays (`sample.py`), how they are cut from games (`game_arrays.py`) and made a batch
(`collate.py`).
"""

from dataclasses import dataclass, fields
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor


@dataclass(frozen=True)
class GameBatch:
    """A batch of instants. `len()` is the number of instants.

    Attributes:
        events: tokens; times: share of the game left; scores: scaled score difference; lineups: on court and acted, per node.
        mask: True where padded.
        graph: PyG batch with x (batch * 10, 16), edge_index, edge_attr (edges, 2), node_mask (batch * 10,) and batch.
        context: the 32 context features.
        state: score difference (home - away, points), points so far, share of regulation left, overtime seconds left / 300.
        home_win: 1 if the home team won; margin, total: points.
        expected_total: points that the rating expected before tip-off; carries the scoring level of the day.
    """

    events: Int64[Tensor, "batch length"]
    times: Float[Tensor, "batch length"]
    scores: Float[Tensor, "batch length"]
    lineups: Float[Tensor, "batch length 20"]
    mask: Bool[Tensor, "batch length"]
    graph: Any
    context: Float[Tensor, "batch 32"]
    state: Float[Tensor, "batch 4"]
    home_win: Float[Tensor, " batch"]
    margin: Float[Tensor, " batch"]
    total: Float[Tensor, " batch"]
    expected_total: Float[Tensor, " batch"]

    def __len__(self) -> int:
        return self.home_win.shape[0]

    def to(self, device: torch.device | str) -> "GameBatch":
        """The same batch on another device."""
        return GameBatch(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


@dataclass(frozen=True)
class StintBatch:
    """Stints with the ten on court, for pre-training the graph net. `len()` is the number of stints.

    Attributes:
        graph: as in `GameBatch`.
        margin_per_100: home margin per 100 possessions.
        possessions: possessions of the stint, both sides' mean; its weight.
    """

    graph: Any
    margin_per_100: Float[Tensor, " batch"]
    possessions: Float[Tensor, " batch"]

    def __len__(self) -> int:
        return self.margin_per_100.shape[0]

    def to(self, device: torch.device | str) -> "StintBatch":
        """The same batch on another device."""
        return StintBatch(self.graph.to(device), self.margin_per_100.to(device), self.possessions.to(device))
