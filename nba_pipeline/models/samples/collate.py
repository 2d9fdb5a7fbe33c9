"""Samples become a batch of tensors without a Python loop over samples.

All graphs have ten nodes and the same edges, so the batch of graphs is one tiled template; it equals
`torch_geometric.data.Batch.from_data_list` of the single graphs exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch_geometric.data import Batch

from nba_pipeline.features.lineup_graphs import edges, is_opponent
from nba_pipeline.features.net_inputs.event_arrays import NODES
from nba_pipeline.models.samples.batch import GameBatch
from nba_pipeline.models.samples.sample import GameSample


def nba_collate_fn(samples: GameSample | Sequence[GameSample]) -> GameBatch:
    """A batch from single samples, or from samples that are stacked already.

    Args:
        samples: as `NBADataset` gives them, one by one or a whole batch at once.
    """
    stacked = samples if isinstance(samples, GameSample) else GameSample.stack(samples)
    tensor = torch.from_numpy
    return GameBatch(
        events=tensor(stacked.events),
        times=tensor(stacked.times),
        scores=tensor(stacked.scores),
        lineups=tensor(stacked.lineups),
        mask=tensor(stacked.mask),
        graph=graph_batch(stacked.x, stacked.node_mask),
        context=tensor(stacked.context),
        state=tensor(stacked.state),
        home_win=tensor(stacked.home_win),
        margin=tensor(stacked.margin),
        total=tensor(stacked.total),
        expected_total=tensor(stacked.expected_total),
    )


def graph_batch(x: np.ndarray, node_mask: np.ndarray) -> Batch:
    """The PyG batch of ten-node graphs.

    Args:
        x: (graphs, 10, 16) float32.
        node_mask: (graphs, 10) bool, True is a known player.
    """
    graphs = len(x)
    edge_index, edge_attr = _template()
    offsets = NODES * torch.arange(graphs)
    return Batch(
        x=torch.from_numpy(np.ascontiguousarray(x).reshape(graphs * NODES, x.shape[-1])),
        edge_index=(edge_index[:, None, :] + offsets[None, :, None]).reshape(2, -1),
        edge_attr=edge_attr.repeat(graphs, 1),
        node_mask=torch.from_numpy(np.ascontiguousarray(node_mask).reshape(-1)),
        batch=torch.arange(graphs).repeat_interleave(NODES),
        ptr=NODES * torch.arange(graphs + 1),
    )


@lru_cache
def _template() -> tuple[torch.Tensor, torch.Tensor]:
    index = edges()
    attributes = np.stack([is_opponent(index), np.zeros(index.shape[1])], axis=1).astype(np.float32)
    return torch.from_numpy(index), torch.from_numpy(attributes)
