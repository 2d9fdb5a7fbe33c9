"""The vectorised batch of graphs is PyG's own, to the bit."""

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch, Data

from nba_pipeline.models.samples.collate import graph_batch


@pytest.mark.parametrize("graphs", [1, 2, 33])
def test_it_equals_from_data_list(graphs: int):
    rng = np.random.default_rng(graphs)
    x, known = rng.normal(size=(graphs, 10, 16)).astype(np.float32), rng.random((graphs, 10)) > 0.2
    ours = graph_batch(x, known)
    one = graph_batch(x[:1], known[:1])
    theirs = Batch.from_data_list(
        [Data(torch.from_numpy(x[i]), one.edge_index, one.edge_attr, node_mask=torch.from_numpy(known[i])) for i in range(graphs)]
    )
    assert sorted(ours.keys()) == sorted(theirs.keys())
    for name in sorted(theirs.keys()):
        assert torch.equal(ours[name], theirs[name]), name
    assert ours.num_graphs == theirs.num_graphs


def test_an_empty_batch_is_a_batch():
    empty = graph_batch(np.zeros((0, 10, 16), np.float32), np.zeros((0, 10), bool))
    assert empty.num_graphs == 0 and empty.edge_index.shape == (2, 0)
