"""Which context numbers moved a forecast before tip-off, and by how many points.

Each number is put back to its mean over the training games while all others stay; what the expected margin loses is that number's
doing. Effects of numbers that say the same thing overlap, so they do not add up to the margin. What does not belong here: the forecast.
"""

from __future__ import annotations

import numpy as np
import torch

from nba_pipeline.features.sequences import EventTokenizer
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.samples.collate import nba_collate_fn
from nba_pipeline.models.samples.game_arrays import GameArrays


def margin_moves(net: GameNet, arrays: GameArrays, game: np.ndarray) -> np.ndarray:
    """Points of expected home margin that each context number brings, (games, context).

    Args:
        net: on the CPU.
        arrays: the games.
        game: (games,) positions.
    """
    net.eval()
    with torch.inference_mode():
        batch = nba_collate_fn(arrays.samples(game, np.zeros(len(game), np.int64), EventTokenizer()))
        flow = net.transformer(batch.events, batch.times, batch.scores, batch.lineups, batch.mask)
        lineups, usual = net.gnn.embed(batch.graph, len(batch)), net.fusion.scaler.mean

        def margin(context: torch.Tensor) -> torch.Tensor:
            return net.fusion(flow, lineups, context, batch.state, batch.expected_total).margin

        said, moves = margin(batch.context), []
        for column in range(batch.context.shape[1]):
            without = batch.context.clone()
            without[:, column] = usual[column]
            moves.append(said - margin(without))
    return torch.stack(moves, dim=1).double().numpy()
