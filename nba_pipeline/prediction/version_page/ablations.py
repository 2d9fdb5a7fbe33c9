"""What a version's forecast owes to each of its parts: its held-out games once more, with one part silenced.

Nothing is trained again. A silenced tower says on every game what it says on average, so that what follows it reads nothing unusual; the
silenced skip is an even game at the league's usual level. So this tells what the version leans on, not how good a net would be
that was trained without the part: that one would have learned to do without. What does not belong here: scores (`evaluation/scores.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.scores import score_forecasts
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.prediction.monitor.periods import part_of
from nba_pipeline.warehouse.store import Warehouse

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nba_pipeline.models.nets.fusion import TwoTowerFusion
    from nba_pipeline.models.nets.game_net import GameNet
    from nba_pipeline.models.samples.game_arrays import GameArrays
    from nba_pipeline.models.samples.instants import InstantTable

PARTS: dict[str, str] = {
    "transformer": "no transformer: the sequence of events reads like the average one",
    "gnn": "no GNN: the ten on court count as the average ten",
    "context_tower": "no context tower: what was known before the game reaches the skip alone",
    "context": "no context: neither tower nor skip know who plays",
    "skip": "no skip: the towers' corrections alone, on an even game",
}
BATCH = 512


def ablations(warehouse: Warehouse, version: str = "latest") -> pl.DataFrame:
    """A version against itself without each part, on its validation games at the named instants.

    Returns:
        As `score_forecasts`: `net` is the whole version, each of `PARTS` the version without it; `net_minus` below 0 says that the part
        helps.

    Raises:
        RegistryError: no such version.
        ArtifactError: a file of the version is damaged.
        StoreError: a table of its games is missing.
    """
    from nba_pipeline.models.samples.instants import named_instants
    from nba_pipeline.models.samples.load_games import load_games
    from nba_pipeline.models.samples.training_data import read_priors

    registry = ModelRegistry(warehouse.root / "models")
    info = registry.info(version)
    seasons = (info.config or {}).get("seasons", [])
    arrays = load_games(warehouse, seasons)
    rows = part_of(arrays.games, info, "validation")
    instants = named_instants(arrays, rows, read_priors(warehouse, seasons))
    return score_forecasts(_predictions(registry.load_networks(info.version), arrays, instants))


def _predictions(net: GameNet, arrays: GameArrays, instants: InstantTable) -> pl.DataFrame:
    read = _Read.of(net, arrays, instants)
    frame = arrays.games[instants.game.tolist()].select(
        "game_date",
        "home_win",
        final_margin=pl.col("margin").cast(pl.Float64),
        final_total=pl.col("total").cast(pl.Float64),
        instant=pl.Series(instants.name),
    )
    silenced = [part for part in PARTS if part != "skip" or net.fusion.skip is not None]
    for suffix, said in [("", read.without()), *((f"_{part}", read.without(part)) for part in silenced)]:
        frame = frame.with_columns(pl.Series(f"{name}{suffix}", said[:, at]) for at, name in enumerate(("p_home_win", "margin", "total")))
    return frame


class _Read:
    """What the fusion net reads of every instant, and its forecast without a part."""

    def __init__(self, fusion: TwoTowerFusion, inputs: dict[str, Tensor], pregame: Tensor) -> None:
        self.fusion, self.inputs, self.pregame = fusion.eval(), inputs, pregame

    @classmethod
    def of(cls, net: GameNet, arrays: GameArrays, instants: InstantTable) -> _Read:
        """Reads the instants once."""
        import torch

        from nba_pipeline.features.sequences import EventTokenizer
        from nba_pipeline.models.samples.collate import nba_collate_fn

        net.eval()
        tokenizer, parts = EventTokenizer(), []
        with torch.inference_mode():
            for start in range(0, len(instants), BATCH):
                chosen = slice(start, start + BATCH)
                batch = nba_collate_fn(arrays.samples(instants.game[chosen], instants.known[chosen], tokenizer))
                flow = net.transformer(batch.events, batch.times, batch.scores, batch.lineups, batch.mask)
                parts.append((flow, net.gnn.embed(batch.graph, len(batch)), batch.context, batch.state, batch.expected_total))
        names = ("transformer", "gnn", "context", "state", "expected_total")
        columns = zip(names, zip(*parts, strict=True), strict=True)
        return cls(net.fusion, {name: torch.cat(part) for name, part in columns}, torch.from_numpy(instants.known == 0))

    def without(self, part: str | None = None) -> np.ndarray:
        """(rows, 3): P(home win), margin, total with a part silenced, or of the whole."""
        import torch

        from nba_pipeline.models.baselines import clipped

        inputs = dict(self.inputs)
        if part in ("transformer", "gnn"):
            inputs[part] = self._average(inputs[part])
        if part == "context":
            inputs[part] = self.fusion.scaler.mean.expand_as(inputs[part])
        with torch.inference_mode(), ExitStack() as silenced:
            if part == "context_tower":
                silenced.enter_context(_answering(self.fusion.context_tower, _average_context))
            if part == "skip" and self.fusion.skip is not None:
                silenced.enter_context(_answering(self.fusion.skip, _even_game))
            said = self.fusion(*inputs.values())
        return clipped(torch.stack([said.p_home_win, said.margin, said.total], dim=1).double().numpy())

    def _average(self, embedding: Tensor) -> Tensor:
        """The same for every instant before tip-off, and the same for every later one."""
        flat = embedding.clone()
        for chosen in (self.pregame, ~self.pregame):
            if chosen.any():
                flat[chosen] = embedding[chosen].mean(dim=0)
        return flat


@contextmanager
def _answering(module: nn.Module, answer: Callable[..., Any]) -> Iterator[None]:
    """A module that answers something else for a while."""
    handle = module.register_forward_hook(answer)
    try:
        yield
    finally:
        handle.remove()


def _average_context(tower: nn.Sequential, inputs: tuple[Tensor], said: Tensor) -> Tensor:
    """What the tower says of the average game; the scaled context of that is 0."""
    still = inputs[0].new_zeros(1, inputs[0].shape[1])
    for layer in tower:
        still = layer(still)
    return still.expand_as(said)


def _even_game(skip: nn.Module, inputs: tuple[Tensor, ...], said: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    even = said[0].new_zeros(len(said[0]))
    return even, even, even + inputs[2]
