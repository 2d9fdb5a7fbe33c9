"""Multiply-adds of the nets, counted while they run: what a matrix-multiply rate allows follows from them."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode, sdpa_backward_flop_count, sdpa_flop_count

from nba_pipeline.models.samples.batch import GameBatch, StintBatch

Batch = GameBatch | StintBatch


def _attention(query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_flop_count(query, key, value)


def _attention_backward(gradient: Any, query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_backward_flop_count(gradient, query, key, value)


FUSED_ON_CPU = {
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: _attention_backward,
}
"""The counter knows the fused attention of GPUs only."""


def flops_of_training(loss_of: Callable[[Any], tuple[Tensor, Any]], batches: Sequence[Batch]) -> float:
    """Floating-point operations per sample of loss and gradients: two per multiply-add, matrix products only."""
    with FlopCounterMode(display=False, custom_mapping=FUSED_ON_CPU) as counter:
        for batch in batches:
            loss_of(batch)[0].backward()
    return counter.get_total_flops() / sum(map(len, batches))


def flops_of_forecast(net: Callable[[Any], Any], batch: Batch) -> float:
    """The same of a forecast."""
    with torch.no_grad(), FlopCounterMode(display=False, custom_mapping=FUSED_ON_CPU) as counter:
        net(batch)
    return counter.get_total_flops() / len(batch)
