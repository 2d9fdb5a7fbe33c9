"""The sequence net: the last events before an instant → one vector.

What does not belong here: tokens (`features/sequences.py`) and heads (`fusion.py`, `training/pretraining.py`).
"""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

Pooling = Literal["cls", "mean"]


class TransformerBlock(nn.Module):
    """Pre-norm attention and feed-forward (Xiong et al. 2020).

    Attention weights are not dropped out: that keeps the fused kernel, and the block's two outputs are dropped out anyway.

    Args:
        width: features of a token.
        heads: attention heads; divides `width`.
        feedforward: hidden units.
        dropout: share of the block's outputs dropped in training.
    """

    def __init__(self, width: int, heads: int, feedforward: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.mixed = nn.Linear(width, width)
        self.feedforward = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, feedforward), nn.GELU(), nn.Linear(feedforward, width))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, tokens: Float[Tensor, "batch length width"], visible: Bool[Tensor, "batch length"], first_only: bool = False
    ) -> Float[Tensor, "batch queries width"]:
        """Tokens after the block; of the first token alone if `first_only`, which is all that a last block with CLS needs."""
        normed = self.before_attention(tokens)
        asking, asking_normed = (tokens[:, :1], normed[:, :1]) if first_only else (tokens, normed)
        key, value = self.key_value(normed).chunk(2, dim=-1)
        query, key, value = (self._split(part) for part in (self.query(asking_normed), key, value))
        heard = F.scaled_dot_product_attention(query, key, value, attn_mask=visible[:, None, None, :])
        asking = asking + self.dropout(self.mixed(heard.transpose(1, 2).flatten(2)))
        return asking + self.dropout(self.feedforward(asking))

    def _split(self, part: Tensor) -> Tensor:
        batch, length, width = part.shape
        return part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)


class GameFlowTransformer(nn.Module):
    """Reads a game's last events: event + position + time + score + lineup embeddings, attention, pooling.

    Positions count back from the instant: the newest event is 0, so that a sequence means the same wherever its padding is.
    Padded positions are never read, whatever stands in them.

    Args:
        vocab_size: tokens, padding (0) included.
        d_model: width of tokens and output.
        heads: attention heads.
        layers: blocks.
        feedforward: hidden units of a block.
        dropout: share dropped in training.
        pooling: `cls` reads a learned first token, `mean` averages the real ones.
        max_len: longest sequence.
        lineup_size: numbers of a lineup vector: for each of ten nodes, on court and acted.

    Shapes:
        events, times, scores, mask: (batch, length); lineups: (batch, length, lineup_size); output: (batch, d_model).

    Example:
        >>> import torch
        >>> net = GameFlowTransformer(vocab_size=15)
        >>> events = torch.tensor([[14, 0], [1, 4]])
        >>> flow = net(events, torch.ones(2, 2), torch.zeros(2, 2), torch.zeros(2, 2, 20), events == 0)
        >>> tuple(flow.shape)
        (2, 128)
    """

    position: Tensor

    def __init__(
        self, vocab_size: int = 15, d_model: int = 128, heads: int = 4, layers: int = 2, feedforward: int = 128, dropout: float = 0.1,
        pooling: Pooling = "cls", max_len: int = 64, lineup_size: int = 20,
    ) -> None:  # fmt: skip
        super().__init__()
        self.config = {
            "vocab_size": vocab_size, "d_model": d_model, "heads": heads, "layers": layers, "feedforward": feedforward, "dropout": dropout,
            "pooling": pooling, "max_len": max_len, "lineup_size": lineup_size,
        }  # fmt: skip
        self.pooling = pooling
        self.event = nn.Embedding(vocab_size, d_model, padding_idx=0)
        self.time, self.score = nn.Linear(1, d_model), nn.Linear(1, d_model)
        self.lineup = nn.Linear(lineup_size, d_model)
        self.cls = nn.Parameter(0.02 * torch.randn(d_model))
        self.register_buffer("position", sinusoids(max_len, d_model), persistent=False)
        self.blocks = nn.ModuleList(TransformerBlock(d_model, heads, feedforward, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        events: Int64[Tensor, "batch length"],
        times: Float[Tensor, "batch length"],
        scores: Float[Tensor, "batch length"],
        lineups: Float[Tensor, "batch length 20"],
        mask: Bool[Tensor, "batch length"],
    ) -> Float[Tensor, "batch d_model"]:
        """One vector per sequence; `mask` is True where padded."""
        tokens = self.dropout(self._embed(events, times, scores, lineups, mask))
        visible = ~mask
        if self.pooling == "cls":
            tokens = torch.cat([self.cls.expand(len(tokens), 1, -1), tokens], dim=1)
            visible = F.pad(visible, (1, 0), value=True)
        for block in self.blocks[:-1]:
            tokens = block(tokens, visible)
        tokens = self.norm(self.blocks[-1](tokens, visible, first_only=self.pooling == "cls"))
        return tokens[:, 0] if self.pooling == "cls" else _mean(tokens, visible)

    def _embed(self, events: Tensor, times: Tensor, scores: Tensor, lineups: Tensor, mask: Tensor) -> Tensor:
        numbers = torch.cat([times.unsqueeze(-1), scores.unsqueeze(-1), lineups], dim=-1).masked_fill(mask.unsqueeze(-1), 0.0)
        weight = torch.cat([self.time.weight, self.score.weight, self.lineup.weight], dim=1)
        embedded = F.linear(numbers, weight, self.time.bias + self.score.bias + self.lineup.bias)
        return embedded + self.event(events.masked_fill(mask, 0)) + self.position[_events_ago(mask)]


def sinusoids(length: int, width: int) -> Float[Tensor, "length width"]:
    """Position embeddings of Vaswani et al. (2017)."""
    angle = torch.arange(length)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)[:, :width]


def _events_ago(mask: Tensor) -> Tensor:
    """For each real event, how many real events come after it."""
    return ((~mask).long().flip(1).cumsum(1).flip(1) - 1).clamp_min(0)


def _mean(tokens: Tensor, visible: Tensor) -> Tensor:
    counts = visible.sum(1, keepdim=True).clamp_min(1)
    return tokens.masked_fill(~visible.unsqueeze(-1), 0.0).sum(1) / counts
