"""Training the meta-learner on rows that the windows forecast without having seen them. What does not belong here: files, scoring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import torch
from torch import Tensor

from nba_pipeline.league.windows import WindowName
from nba_pipeline.models.training.compute import repeatable
from nba_pipeline.windows.config import MetaConfig
from nba_pipeline.windows.fitting import AT_ONCE, Updates, absolute_error, batches, scales
from nba_pipeline.windows.forecasts import Forecasts
from nba_pipeline.windows.memory import remembered
from nba_pipeline.windows.meta_net import UNKNOWN_PLAYER, MetaBatch, MetaNet
from nba_pipeline.windows.rows import Rows


@dataclass(frozen=True)
class MetaRows:
    """Rows with everything that the meta-learner looks at.

    Attributes:
        rows: features, targets, levels.
        forecasts: of the windows, each made without having seen the row's season.
        memory: the players' last games, (rows, games, `memory.TOKEN`).
    """

    rows: Rows
    forecasts: Forecasts
    memory: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, chosen: np.ndarray) -> "MetaRows":
        """Some of the rows."""
        return MetaRows(self.rows.where(chosen), self.forecasts.where(chosen), self.memory[chosen])


@dataclass(frozen=True)
class Meta:
    """A trained meta-learner.

    Attributes:
        net: in evaluation mode.
        windows: that it weighs, oldest first.
        players: that it knows by id, in the order of its embeddings; everybody else is a newcomer.
        config: how it was built.
        learned_through: date of the last game that it learned from.
    """

    net: MetaNet
    windows: tuple[WindowName, ...]
    players: tuple[int, ...]
    config: MetaConfig
    learned_through: date

    def counts(self, rows: MetaRows) -> np.ndarray:
        """Forecasts (rows, 4) as counts, at least 0."""
        whole = _tensors(rows, self.players)
        with torch.inference_mode():
            parts = [self.net(_part(whole, slice(at, at + AT_ONCE))) for at in range(0, len(rows), AT_ONCE)]
        units = torch.cat(parts).clamp(min=0).numpy() if parts else np.zeros((0, rows.rows.levels.shape[1]), np.float32)
        return units * rows.rows.levels

    def weights(self, rows: MetaRows) -> np.ndarray:
        """Mean weight of each window over rows, (windows, 4), of rows where any window speaks."""
        whole = _tensors(rows, self.players)
        known = torch.isfinite(whole.forecasts)
        with torch.inference_mode():
            weights = self.net.weights(known, whole.age, whole.learned)
        return (weights.sum(0) / known.any(1).sum(0).clamp(min=1)).numpy()


def gather(rows: Rows, forecasts: Forecasts, lines: pl.DataFrame, games: int) -> MetaRows:
    """Adds the players' last games, from rows of `era_lines`."""
    return MetaRows(rows, forecasts, remembered(rows.key, lines, games))


def fit_meta(rows: MetaRows, config: MetaConfig, on_pass: Callable[[int, int], None] | None = None) -> Meta:
    """Trains a meta-learner.

    Args:
        rows: forecast by the windows without having been seen by them.
        config: parts, widths, training.
        on_pass: told after each pass: which, of how many.
    """
    with repeatable(torch.device("cpu")):
        torch.manual_seed(config.seed)
        return _fit(rows, config, on_pass or (lambda done, passes: None))


def _fit(rows: MetaRows, config: MetaConfig, on_pass: Callable[[int, int], None]) -> Meta:
    players = tuple(rows.rows.key["player_id"].unique().sort().to_list())
    whole, units = _tensors(rows, players), torch.from_numpy(rows.rows.units)
    net = MetaNet(len(rows.forecasts.windows), *scales(whole.features), len(players), config)
    updates = Updates(net, config.learning_rate, config.weight_decay, config.passes * -(-len(rows) // config.batch))
    hidden = torch.Generator().manual_seed(config.seed + 1)
    alike = torch.ones(len(rows))
    for done, chosen in batches(len(rows), config.batch, config.passes, config.seed):
        part = _part(whole, chosen)
        unknown = torch.rand(len(chosen), generator=hidden) < config.unknown_share
        part = MetaBatch(**{**vars(part), "player": part.player.masked_fill(unknown, UNKNOWN_PLAYER)})
        updates.step(absolute_error(net(part), units[chosen], alike[chosen]))
        if done:
            on_pass(done, config.passes)
    return Meta(net.eval(), rows.forecasts.windows, players, config, learned_through=max(rows.rows.key["game_date"]))


def _tensors(rows: MetaRows, players: tuple[int, ...]) -> MetaBatch:
    index = {player: at for at, player in enumerate(players, start=UNKNOWN_PLAYER + 1)}
    usual = np.where(np.isfinite(rows.rows.ewma), rows.rows.ewma, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fallback = np.nan_to_num(usual / rows.rows.levels, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
    return MetaBatch(
        *(
            torch.from_numpy(one)
            for one in (rows.forecasts.units, rows.forecasts.age, rows.forecasts.learned, fallback, rows.rows.features)
        ),
        player=torch.tensor([index.get(player, UNKNOWN_PLAYER) for player in rows.rows.key["player_id"]]),
        memory=torch.from_numpy(rows.memory),
    )


def _part(whole: MetaBatch, chosen: Tensor | slice) -> MetaBatch:
    return MetaBatch(**{name: values[chosen] for name, values in vars(whole).items()})
