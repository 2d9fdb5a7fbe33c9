"""Samples a second in training and games a second in prediction, against what matrix products alone would allow."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import torch

from nba_pipeline.models.forecasts.held_out import forecast
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.dataset import GameLoader, NBADataset
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import load_games
from nba_pipeline.models.samples.stint_loader import StintLoader
from nba_pipeline.models.training.compute import resolve_device
from nba_pipeline.models.training.config import TrainingConfig
from nba_pipeline.models.training.fitting import STINT_BATCH
from nba_pipeline.models.training.loop import TrainingLoop
from nba_pipeline.models.training.pretraining import StintMarginTask, WinProbabilityTask
from nba_pipeline.models.training.trainer import FusionTrainer
from nba_pipeline_tests.benchmarks.arithmetic import flops_of_forecast, flops_of_training
from nba_pipeline_tests.benchmarks.machine import MATRIX_SIDE, matrix_product_rates
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup
from nba_pipeline_tests.benchmarks.timing import timed

NAME = "Training and prediction"
BATCH = 32
GAMES, STINT_GAMES = 200, 50
"""Games of an epoch: enough for some seconds of training."""


def measure(setup: Setup) -> list[Row]:
    """The limit, the three nets in training, and forecasts."""
    torch.manual_seed(0)
    loading, arrays = timed(lambda: load_games(setup.warehouse, [setup.season]), setup.repeats)
    device = resolve_device(setup.device)
    rates = matrix_product_rates(device, setup.repeats)
    note = f"float32, {device.type}, {torch.get_num_threads()} threads; the limit of training"
    limit = Row("Training", f"{MATRIX_SIDE}³ matrix product", rates, "GFLOP/s", note=note)
    load = Row("Prediction", "loading a season's features", loading.seconds, "s", note=f"{len(arrays):,} games")
    return [limit, *_training(setup, arrays, limit.median), load, *_prediction(setup, arrays)]


def _training(setup: Setup, arrays: GameArrays, gigaflops: float) -> list[Row]:
    games = np.flatnonzero(arrays.event_counts() > 1)[:GAMES]
    stints = games[:STINT_GAMES]
    fusion = FusionTrainer(GameFlowTransformer(), PlayerInteractionGNN(), GameNet().fusion)
    sequence, graph = WinProbabilityTask(GameFlowTransformer()), StintMarginTask(PlayerInteractionGNN())
    everything = GameLoader(NBADataset(arrays, games), BATCH)
    in_game = GameLoader(NBADataset(arrays, games, pregame=0), BATCH)
    return [
        _train(setup, f"fusion (all three nets), batch {BATCH}", fusion.loop, everything, gigaflops),
        _train(setup, f"transformer alone, batch {BATCH}", TrainingLoop(sequence, sequence.loss_of), in_game, gigaflops),
        *(
            _train(setup, f"GNN alone, batch {size}", TrainingLoop(graph, graph.loss_of), StintLoader(arrays, stints, size), gigaflops)
            for size in (BATCH, STINT_BATCH)
        ),
    ]


def _train(setup: Setup, what: str, loop: TrainingLoop, loader: GameLoader | StintLoader, gigaflops: float) -> Row:
    """Whole epochs of the trainer: batches, gradients, clipping and AdamW; validation on one batch is not in the time."""
    loop.device, loop.config = setup.device, TrainingConfig(batch_size=BATCH, patience=setup.repeats)
    few = list(islice(loader, 4))
    flops = flops_of_training(loop.loss_fn, few)
    history = loop.fit(loader, few[:1], setup.repeats)
    speeds = tuple(epoch.samples_per_second for epoch in history.epochs if epoch.epoch)
    reached = float(np.median(speeds)) * flops / 1e9
    note = f"{flops / 1e6:.1f} MFLOP a sample, {reached:.1f} GFLOP/s reached"
    return Row("Training", what, speeds, "samples/s", 1e9 * gigaflops / flops, note)


def _prediction(setup: Setup, arrays: GameArrays) -> list[Row]:
    """Forecasts of a whole season from tables in memory, on the CPU as everywhere."""
    net, games = GameNet().eval(), np.arange(len(arrays))
    quarters = [arrays.known_after_quarter(quarter) for quarter in (1, 2, 3, 4)]
    played = np.flatnonzero(np.min(quarters, axis=0) > 0)
    gigaflops = float(np.median(matrix_product_rates(torch.device("cpu"), setup.repeats)))
    flops = flops_of_forecast(net, next(iter(GameLoader(NBADataset(arrays), BATCH))))
    asked = {"before tip-off": (games, [games * 0]), "before tip-off and each quarter's end": (played, [games * 0, *quarters])}
    allowed = 1e9 * gigaflops / flops
    return [_forecast(setup, what, net, arrays, rows, known, allowed) for what, (rows, known) in asked.items()]


def _forecast(
    setup: Setup, what: str, net: GameNet, arrays: GameArrays, games: np.ndarray, known: Sequence[np.ndarray], forecasts_per_second: float
) -> Row:
    rows, counts = np.tile(games, len(known)), np.concatenate([one[games] for one in known])
    timing, _ = timed(lambda: forecast(net, arrays, rows, counts), setup.repeats)
    note = f"{len(rows):,} forecasts of {len(games):,} games"
    return Row("Prediction", what, timing.per_second(len(games)), "games/s", forecasts_per_second / len(known), note)
