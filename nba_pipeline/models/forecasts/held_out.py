"""Forecasts of held-out games, net and baselines on the same rows: what reports and criteria are computed from.

What does not belong here: scoring (`evaluation/scores.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import torch

from nba_pipeline.features.sequences import EventTokenizer
from nba_pipeline.models.baselines import P_FLOOR, Baseline, clipped
from nba_pipeline.models.nets.fusion import FusionOutput
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.nets.in_game_skip import share_left
from nba_pipeline.models.samples.collate import graph_batch
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.instants import InstantTable
from nba_pipeline.models.samples.sample import GameSample
from nba_pipeline.models.training.compute import repeatable

BATCH = 256


def forecast(net: GameNet, arrays: GameArrays, game: np.ndarray, known: np.ndarray) -> np.ndarray:
    """P(home win), margin and total (points) of each instant, (rows, 3).

    Instants of a game share few lineups: the graph net runs once for each.

    Args:
        net: on the CPU.
        arrays: the games.
        game: (rows,) position of each instant's game.
        known: (rows,) events it knows.
    """
    net.eval()
    tokenizer, parts = EventTokenizer(), [np.zeros((0, 3))]
    with repeatable(torch.device("cpu")), torch.inference_mode():
        for start in range(0, len(game), BATCH):
            chosen = slice(start, start + BATCH)
            said = _said(net, arrays.samples(game[chosen], known[chosen], tokenizer), arrays.graph(game[chosen], known[chosen]))
            parts.append(torch.stack([said.p_home_win, said.margin, said.total], dim=1).double().numpy())
    return clipped(np.concatenate(parts))


def _said(net: GameNet, samples: GameSample, graph: np.ndarray) -> FusionOutput:
    _, first, which = np.unique(graph, return_index=True, return_inverse=True)
    lineups = net.gnn.embed(graph_batch(samples.x[first], samples.node_mask[first]), len(first))[torch.from_numpy(which)]
    tensor = torch.from_numpy
    flow = net.transformer(*(tensor(part) for part in (samples.events, samples.times, samples.scores, samples.lineups, samples.mask)))
    return net.fusion(flow, lineups, tensor(samples.context), tensor(samples.state), tensor(samples.expected_total))


def still_open(state: np.ndarray) -> np.ndarray:
    """Share of regulation that is still to be played at states (rows, 4): overtime counts, and a tie at the end means one."""
    return share_left(torch.from_numpy(state)).numpy()


def held_out_predictions(net: GameNet, baselines: Sequence[Baseline], arrays: GameArrays, instants: InstantTable) -> pl.DataFrame:
    """One row per game and named instant: ids, outcome, the net's forecast and each baseline's with its name appended."""
    return beside_baselines(forecast(net, arrays, instants.game, instants.known), baselines, arrays, instants)


def beside_baselines(said: np.ndarray, baselines: Sequence[Baseline], arrays: GameArrays, instants: InstantTable) -> pl.DataFrame:
    """The same for a forecast (rows, 3) that is there already, in the net's place."""
    games = arrays.games[instants.game.tolist()]
    state = arrays.state(instants.game, instants.known)
    frame = games.select(
        "game_id",
        "season",
        "game_date",
        "home_win",
        final_margin=pl.col("margin").cast(pl.Float64),
        final_total=pl.col("total").cast(pl.Float64),
    ).with_columns(
        instant=pl.Series(instants.name),
        play_index=pl.Series(arrays.play_index(instants.game, instants.known)),
        as_of_seconds=pl.Series(arrays.elapsed(instants.game, instants.known)),
        lead=pl.Series(state[:, 0]),
        share_left=pl.Series(still_open(state)),
        lineups=pl.lit("projected"),
    )
    frame = _with_forecast(frame, said, "")
    for baseline in baselines:
        frame = _with_forecast(frame, baseline.predict(instants), f"_{baseline.name}")
    return frame


def _with_forecast(frame: pl.DataFrame, forecast: np.ndarray, suffix: str) -> pl.DataFrame:
    assert (forecast[:, 0] >= P_FLOOR).all() and np.isfinite(forecast).all(), f"forecast{suffix or ' of the net'} is not finite"
    return frame.with_columns(pl.Series(f"{name}{suffix}", forecast[:, i]) for i, name in enumerate(("p_home_win", "margin", "total")))
