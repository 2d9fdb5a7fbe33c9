"""The counter sees linear layers and the fused attention of the CPU."""

import torch

from nba_pipeline.models.nets.transformer import TransformerBlock
from nba_pipeline_tests.benchmarks.arithmetic import flops_of_forecast


def test_forecast_counts_every_matrix_product():
    length, width, hidden = 50, 128, 64
    block = TransformerBlock(width, heads=4, feedforward=hidden, dropout=0.0).eval()
    visible = torch.ones(3, length, dtype=torch.bool)
    linear = 2 * length * (4 * width * width + 2 * width * hidden)
    attention = 2 * 2 * length * length * width
    assert flops_of_forecast(lambda tokens: block(tokens, visible), torch.zeros(3, length, width)) == linear + attention  # pyright: ignore
