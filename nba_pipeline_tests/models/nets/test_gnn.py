import pytest
import torch
from torch_geometric.data import Batch, Data

from nba_pipeline.models import PlayerInteractionGNN
from nba_pipeline_tests.models.batches import EDGE_ATTR, EDGES, random_graphs


@pytest.mark.parametrize("pooling", ["mean", "max"])
@pytest.mark.parametrize("graphs", [0, 1, 4])
def test_one_vector_per_graph(pooling: str, graphs: int):
    assert PlayerInteractionGNN(pooling=pooling).embed(random_graphs(graphs), graphs).shape == (graphs, 128)


def test_a_graph_does_not_depend_on_its_neighbours_in_the_batch():
    net, batch = PlayerInteractionGNN().eval(), random_graphs(5)
    one = batch.get_example(3)
    alone = net(one.x, one.edge_index, torch.zeros(10, dtype=torch.long), one.node_mask, one.edge_attr)
    torch.testing.assert_close(net.embed(batch, 5)[3:4], alone, rtol=0, atol=1e-5)


def test_graphs_of_any_size_work_together():
    sizes = [1, 3, 8, 10]
    graphs = [Data(x=torch.randn(size, 16), edge_index=torch.tensor([[0], [size - 1]])) for size in sizes]
    batch = Batch.from_data_list(graphs)
    assert torch.isfinite(PlayerInteractionGNN(pooling="max")(batch.x, batch.edge_index, batch.batch)).all()


def test_a_batch_may_end_in_graphs_without_nodes():
    embedded = PlayerInteractionGNN()(torch.randn(10, 16), EDGES, torch.zeros(10, dtype=torch.long), num_graphs=3)
    assert embedded.shape == (3, 128)
    assert (embedded[1:] == 0).all()


def test_features_of_a_masked_player_are_never_read():
    net = PlayerInteractionGNN().eval()
    known = torch.tensor([True] * 7 + [False] * 3)
    x = torch.randn(10, 16)
    garbage = torch.where(known[:, None], x, torch.nan)
    single = torch.zeros(10, dtype=torch.long)
    assert torch.equal(net(x, EDGES, single, known, EDGE_ATTR), net(garbage, EDGES, single, known, EDGE_ATTR))
    assert not torch.allclose(net(x, EDGES, single, known, EDGE_ATTR), net(x, EDGES, single, None, EDGE_ATTR))


def test_home_and_away_are_told_apart():
    net, x, single = PlayerInteractionGNN().eval(), torch.randn(10, 16), torch.zeros(10, dtype=torch.long)
    there = net(x, EDGES, single, edge_attr=EDGE_ATTR)
    swapped = net(torch.cat([x[5:], x[:5]]), EDGES, single, edge_attr=EDGE_ATTR)
    torch.testing.assert_close(swapped, torch.cat([there[:, 64:], there[:, :64]], dim=1), rtol=0, atol=1e-5)
    assert not torch.allclose(there, swapped, atol=1e-3)


def test_edges_and_their_features_matter():
    net, x, single = PlayerInteractionGNN().eval(), torch.randn(10, 16), torch.zeros(10, dtype=torch.long)
    full = net(x, EDGES, single, edge_attr=EDGE_ATTR)
    assert not torch.allclose(full, net(x, EDGES[:, :20], single, edge_attr=EDGE_ATTR[:20]), atol=1e-4)
    assert not torch.allclose(full, net(x, EDGES, single), atol=1e-4)


def test_gradients_reach_every_weight_and_the_learned_default():
    net = PlayerInteractionGNN()
    (net.embed(random_graphs(6), 6) @ torch.randn(128)).square().sum().backward()
    for name, weight in net.named_parameters():
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name
