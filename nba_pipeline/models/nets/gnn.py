"""The lineup net: the ten on court as a graph → one vector.

What does not belong here: building graphs (`features/lineup_graphs.py`) and heads (`fusion.py`, `training/pretraining.py`).
"""

from typing import Any, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch_geometric.nn import GATv2Conv

GraphPooling = Literal["mean", "max"]

EDGE_FEATURES = 2
"""Is it an edge between opponents, and the minutes that two team-mates have shared (/ 1000)."""


class PlayerInteractionGNN(nn.Module):
    """Graph attention over the players on court (GATv2, Brody, Alon and Yahav 2022).

    e(i, j) = a · LeakyReLU(W [h_i ‖ h_j ‖ edge]), softmax over the neighbours j of i. The first layer concatenates its heads, the
    second averages them. A straight line from the node features joins the output: lineup nets rarely beat a weighted sum of
    ratings, so the sum is there from the start. The two sides are pooled apart, so that the output tells home from away:
    the first half of a graph's nodes is the home side.

    A masked node (a player without a history, or nobody) gets features that the net has learned.

    Args:
        node_features: numbers per node.
        hidden: units per head.
        heads: attention heads.
        layers: attention layers, at least one; all but the last concatenate.
        dropout: share of attention weights and hidden units dropped in training.
        pooling: how a side's nodes become one vector.

    Shapes:
        x: (nodes, node_features); edge_index: (2, edges); batch, node_mask: (nodes,); edge_attr: (edges, 2); output: (graphs, 2 * hidden).

    Example:
        >>> import torch
        >>> net = PlayerInteractionGNN(node_features=16)
        >>> edge_index = torch.tensor([[0, 1, 2, 3], [1, 0, 3, 2]])
        >>> tuple(net(torch.zeros(4, 16), edge_index, batch=torch.zeros(4, dtype=torch.long)).shape)
        (1, 128)
    """

    def __init__(
        self,
        node_features: int = 16,
        hidden: int = 64,
        heads: int = 4,
        layers: int = 2,
        dropout: float = 0.1,
        pooling: GraphPooling = "mean",
    ) -> None:
        super().__init__()
        self.config = {
            "node_features": node_features, "hidden": hidden, "heads": heads, "layers": layers, "dropout": dropout, "pooling": pooling,
        }  # fmt: skip
        self.pooling = pooling
        self.unknown = nn.Parameter(torch.zeros(node_features))
        widths = [node_features] + [hidden * heads] * (layers - 1)
        self.attention = nn.ModuleList(
            GATv2Conv(width, hidden, heads, concat=depth < layers, dropout=dropout, edge_dim=EDGE_FEATURES, fill_value=0.0)
            for depth, width in enumerate(widths, start=1)
        )
        self.direct = nn.Linear(node_features, hidden, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Float[Tensor, "nodes features"],
        edge_index: Int64[Tensor, "2 edges"],
        batch: Int64[Tensor, " nodes"],
        node_mask: Bool[Tensor, " nodes"] | None = None,
        edge_attr: Float[Tensor, "edges 2"] | None = None,
        num_graphs: int | None = None,
    ) -> Float[Tensor, "graphs out"]:
        """One vector per graph: home side, then away side.

        Args:
            x: node features.
            edge_index: directed edges, source then target.
            batch: graph of each node, ascending.
            node_mask: True for a known player; all known when not given.
            edge_attr: features of the edges; zeros when not given.
            num_graphs: graphs in the batch; the last graph that has a node tells when not given.
        """
        if node_mask is not None:
            x = torch.where(node_mask[:, None], x, self.unknown)
        hidden = x
        for layer in self.attention[:-1]:
            hidden = self.dropout(F.elu(layer(hidden, edge_index, edge_attr)))
        nodes = F.elu(self.attention[-1](hidden, edge_index, edge_attr)) + self.direct(x)
        graphs = num_graphs if num_graphs is not None else int(batch.max()) + 1 if len(batch) else 0
        return self._pool(nodes, _side(batch, graphs), graphs)

    def embed(self, graph: Any, num_graphs: int) -> Float[Tensor, "graphs out"]:
        """One vector per graph of a PyG `Batch` with x, edge_index, batch, node_mask and edge_attr."""
        return self(graph.x, graph.edge_index, graph.batch, graph.node_mask, graph.edge_attr, num_graphs=num_graphs)

    def _pool(self, nodes: Tensor, side: Tensor, graphs: int) -> Tensor:
        """(graphs, 2 * hidden) from nodes and the side (2 * graph, + 1 if away) that each belongs to; zeros for a side without nodes."""
        pooled = nodes.new_zeros(2 * graphs, nodes.shape[1])
        if self.pooling == "max":
            index = side[:, None].expand_as(nodes)
            return pooled.scatter_reduce(0, index, nodes, "amax", include_self=False).view(graphs, 2 * nodes.shape[1])
        counts = torch.bincount(side, minlength=2 * graphs).clamp_min(1)
        return (pooled.index_add(0, side, nodes) / counts[:, None]).view(graphs, 2 * nodes.shape[1])


def _side(batch: Tensor, graphs: int) -> Tensor:
    """For each node 2 * graph, plus 1 if it stands in the second half of its graph."""
    sizes = torch.bincount(batch, minlength=graphs)
    position = torch.arange(len(batch), device=batch.device) - (sizes.cumsum(0) - sizes)[batch]
    return 2 * batch + (2 * position >= sizes[batch]).long()
