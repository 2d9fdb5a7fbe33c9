"""Random batches for the nets: ten-node graphs, sequences padded on the left."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch_geometric.data import Batch, Data

from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.samples.batch import GameBatch, StintBatch

MATES = [(a, b) for side in (0, 5) for a in range(side, side + 5) for b in range(side, side + 5) if a != b]
OPPONENTS = [(a, a + 5) for a in range(5)] + [(a + 5, a) for a in range(5)]
EDGES = torch.tensor(MATES + OPPONENTS).T
EDGE_ATTR = torch.tensor([[0.0, 0.3]] * len(MATES) + [[1.0, 0.0]] * len(OPPONENTS))


def random_graphs(graphs: int, seed: int = 0) -> Batch | Data:
    draw = torch.Generator().manual_seed(seed)
    if graphs == 0:
        empty = torch.zeros(0, dtype=torch.long)
        return Data(
            x=torch.zeros(0, 16),
            edge_index=torch.zeros(2, 0, dtype=torch.long),
            edge_attr=torch.zeros(0, 2),
            node_mask=empty.bool(),
            batch=empty,
        )
    one = [
        Data(x=torch.randn(10, 16, generator=draw), edge_index=EDGES, edge_attr=EDGE_ATTR, node_mask=torch.rand(10, generator=draw) > 0.1)
        for _ in range(graphs)
    ]
    return Batch.from_data_list(one)


def random_sequences(games: int, length: int = 50, seed: int = 0) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """events, times, scores, lineups, mask; each game has at least its last event."""
    draw = torch.Generator().manual_seed(seed)
    known = torch.randint(1, length + 1, (games, 1), generator=draw)
    mask = torch.arange(length) < length - known
    events = torch.randint(1, 15, (games, length), generator=draw).masked_fill(mask, 0)
    times, scores = torch.rand(games, length, generator=draw), torch.randn(games, length, generator=draw)
    return events, times, scores, torch.rand(games, length, 20, generator=draw).round(), mask


def random_batch(games: int, seed: int = 0, length: int = 50) -> GameBatch:
    """The home team's margin follows its score and one context feature, so there is something to learn."""
    draw = torch.Generator().manual_seed(seed)
    context, left = torch.randn(games, 32, generator=draw), torch.rand(games, generator=draw)
    lead = torch.round(8 * torch.randn(games, generator=draw)) * (1 - left)
    margin = lead + left.sqrt() * (5 * context[:, 0] + 8 * torch.randn(games, generator=draw))
    margin = torch.where(margin == 0, 1.0, margin)
    total = 220 + 18 * torch.randn(games, generator=draw)
    state = torch.stack([lead, total * (1 - left), left, torch.zeros(games)], dim=1)
    sequences = random_sequences(games, length, seed)
    return GameBatch(
        *sequences, random_graphs(games, seed), context, state, (margin > 0).float(), margin, total, torch.full((games,), 220.0)
    )


def random_stints(stints: int, seed: int = 0) -> StintBatch:
    """Margins follow the home side's first node feature minus the away side's."""
    graph = random_graphs(stints, seed)
    sides = torch.where(graph.node_mask, graph.x[:, 0], 0.0).view(stints, 2, 5).sum(2)
    possessions = 1 + 6 * torch.rand(stints, generator=torch.Generator().manual_seed(seed))
    return StintBatch(graph, 10 * (sides[:, 0] - sides[:, 1]), possessions)


class Loader:
    """The same batches every epoch, in an order of the epoch."""

    def __init__(self, batches: list) -> None:
        self.batches, self.epochs, self.order = batches, [], list(range(len(batches)))

    def set_epoch(self, epoch: int) -> None:
        self.epochs.append(epoch)
        self.order = torch.randperm(len(self.batches), generator=torch.Generator().manual_seed(epoch)).tolist()

    def __iter__(self) -> Iterator:
        return (self.batches[index] for index in self.order)


def small_net(seed: int = 0) -> GameNet:
    from nba_pipeline.models import GameFlowTransformer, PlayerInteractionGNN, TwoTowerFusion

    torch.manual_seed(seed)
    net = GameNet(
        GameFlowTransformer(heads=2, layers=1, feedforward=32), PlayerInteractionGNN(hidden=64, heads=1), TwoTowerFusion(context_dim=32)
    )
    train = random_batch(200, seed=99, length=2)
    net.fusion.fit_context(train.context)
    net.fusion.skip.fit(train.context, train.state, train.home_win, train.margin, train.total, torch.ones(200, dtype=torch.bool))
    return net
