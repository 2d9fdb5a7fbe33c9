"""Training a net on rows: least absolute deviations, in units of the league's level, so that the four targets weigh alike.

The absolute deviation makes the forecast a median, which is what a mean absolute error asks for. What does not belong here: which
rows (`window_model.py`), the meta-learner (`meta_fitting.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.models.training.compute import repeatable
from nba_pipeline.windows.config import NetConfig
from nba_pipeline.windows.encoder import START, WindowNet
from nba_pipeline.windows.rows import Rows

LEAST_KEPT = 0.02
"""A feature that is known in a smaller share of the rows is left out."""

AT_ONCE = 8192
"""Rows that a forecast takes at a time."""

WARM_UP = 0.2
"""Share of the updates in which the learning rate rises."""


class NothingToLearnError(ValueError):
    """No target was kept in enough rows."""


@dataclass(frozen=True)
class Fitted:
    """A net and what it takes and gives.

    Attributes:
        net: trained, in evaluation mode.
        columns: its features, in order.
        targets: what it forecasts, in order.
        rows: how many it was trained on.
    """

    net: WindowNet
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    rows: int

    def units(self, rows: Rows) -> np.ndarray:
        """Forecasts (rows, 4) in units, at least 0; NaN for a target that it has no head for."""
        place = {name: at for at, name in enumerate(rows.columns)}
        features = rows.features[:, [place[name] for name in self.columns]]
        answer = np.full((len(rows), len(TARGETS)), np.nan, np.float32)
        with torch.inference_mode():
            parts = [self.net(torch.from_numpy(features[at : at + AT_ONCE])) for at in range(0, len(features), AT_ONCE)]
        if parts:
            answer[:, [TARGETS.index(name) for name in self.targets]] = torch.cat(parts).clamp(min=0).numpy()
        return answer


def fit_net(rows: Rows, config: NetConfig, weights: np.ndarray | None = None, on_pass: Callable[[int, int], None] | None = None) -> Fitted:
    """Trains a net on rows.

    Args:
        rows: what to learn from.
        config: net and training.
        weights: of each row, (rows,); alike when not given.
        on_pass: told after each pass: which, of how many.

    Raises:
        NothingToLearnError: fewer than `least_rows` rows of every target.
    """
    targets = tuple(name for at, name in enumerate(TARGETS) if _learnable(rows, at, config.least_rows))
    if not targets:
        kept = int(np.isfinite(rows.units).sum(0).max(initial=0))
        raise NothingToLearnError(f"{kept} rows have a target, and {config.least_rows} are needed: give more seasons, or lower least_rows")
    kept = np.isfinite(rows.features).mean(0) > LEAST_KEPT
    kept |= np.array([name in {target + START for target in targets} for name in rows.columns])
    features, units = torch.from_numpy(rows.features[:, kept]), torch.from_numpy(rows.units[:, [TARGETS.index(name) for name in targets]])
    columns = tuple(name for name, keep in zip(rows.columns, kept, strict=True) if keep)
    with repeatable(torch.device("cpu")):
        torch.manual_seed(config.seed)
        net = WindowNet(
            columns, targets, *scales(features), _medians(units), width=config.width, steps=config.steps, dropout=config.dropout
        )
        passes = config.passes
        importance = torch.ones(len(rows)) if weights is None else torch.from_numpy(weights.astype(np.float32))
        updates = Updates(net, config.learning_rate, config.weight_decay, passes * -(-len(rows) // config.batch))
        for done, chosen in batches(len(rows), config.batch, passes, config.seed):
            updates.step(absolute_error(net(features[chosen]), units[chosen], importance[chosen]))
            if on_pass and done:
                on_pass(done, passes)
    return Fitted(net.eval(), columns, targets, len(rows))


class Updates:
    """AdamW under a one-cycle learning rate (Smith and Topin, 2017, https://arxiv.org/abs/1708.07120), gradients clipped at 1.

    Args:
        net: what is trained; put into training mode.
        learning_rate: its peak.
        weight_decay: decoupled, of every parameter.
        total: how many updates there will be.
    """

    def __init__(self, net: nn.Module, learning_rate: float, weight_decay: float, total: int) -> None:
        self._net = net.train()
        self._optimiser = torch.optim.AdamW(net.parameters(), lr=learning_rate, weight_decay=weight_decay)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(self._optimiser, learning_rate, total_steps=total + 1, pct_start=WARM_UP)

    def step(self, loss: Tensor) -> None:
        """One update."""
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()


def batches(rows: int, size: int, passes: int, seed: int) -> Iterator[tuple[int, Tensor]]:
    """Indices of each batch, and the number of the pass that it completes (0 for all others)."""
    generator = torch.Generator().manual_seed(seed)
    for number in range(1, passes + 1):
        parts = torch.randperm(rows, generator=generator).split(size)
        for at, part in enumerate(parts, start=1):
            yield (number if at == len(parts) else 0), part


def absolute_error(forecast: Tensor, units: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean absolute error over the targets that are known."""
    known = torch.isfinite(units)
    weight = known * weights[:, None]
    return ((forecast - units.nan_to_num(0.0)).abs() * weight).sum() / weight.sum().clamp(min=1e-9)


def _learnable(rows: Rows, target: int, least_rows: int) -> bool:
    return int(np.isfinite(rows.units[:, target]).sum()) >= least_rows


def scales(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and spread of each feature over the rows in which it is known, (features,) each; 0 and 1 where it never is."""
    mean = torch.nanmean(features, 0).nan_to_num(0.0)
    spread = ((features - mean) ** 2).nanmean(0).sqrt().nan_to_num(1.0)
    return mean, spread.clamp(min=1e-3)


def _medians(units: Tensor) -> Tensor:
    return torch.nanmedian(units, 0).values
