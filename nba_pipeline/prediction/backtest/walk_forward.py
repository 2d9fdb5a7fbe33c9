"""One step of a backtest: train on what was known before a block of games, forecast the block.

Everything that is fitted (ratings are as-of by themselves) comes from games before the block's first date: nets, skip, baselines, what
is served, intervals. What does not belong here: the blocks (`retrain_blocks.py`) and the scores (`report.py`).
"""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from nba_pipeline.evaluation.scores import NET
from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.models.baselines import Baseline, fitted_baselines
from nba_pipeline.models.forecasts.held_out import held_out_predictions
from nba_pipeline.models.forecasts.minutes import minute_predictions
from nba_pipeline.models.forecasts.serving import Serving, served, with_intervals
from nba_pipeline.models.nets.game_net import NETWORKS, GameNet
from nba_pipeline.models.samples.instants import InstantTable
from nba_pipeline.models.samples.splits import split_before
from nba_pipeline.models.samples.training_data import NothingToTrainOnError, TrainingData
from nba_pipeline.models.training.fitting import Fitted, How, fit_fusion, fit_gnn, fit_transformer, skip_instants
from nba_pipeline.prediction.backtest.retrain_blocks import Block
from nba_pipeline.warehouse.store import Warehouse

SEASONS_BACK = 4
"""Earlier seasons that a training sees: more teach the nets nothing new, and cost time."""


def forecast_block(warehouse: Warehouse, block: Block, how: How, seasons_back: int = SEASONS_BACK) -> pl.DataFrame:
    """Trains before a block and forecasts its games.

    Args:
        warehouse: tables and features of the block's season and of earlier ones.
        block: the games to forecast.
        how: numbers of the training; with 0 epochs the nets stay as they start, which is the ridge.
        seasons_back: earlier seasons to learn from.

    Returns:
        One row per game and instant: those of `models.instants` and the columns of every forecast (`held_out_predictions`), with the
        served one in the net's place and the net's own as `_fusion`; forecast (whose numbers these are); intervals, model_version,
        source, trained_through (last date known).
        Then the net's rows of every minute (`minute` 0 .. 47, otherwise null; `minute_predictions`) of the games that have plays.

    Raises:
        NothingToTrainOnError: features are missing, or there are no games, or none with plays, before those to forecast.
    """
    split = partial(split_before, first=block.first, last=block.last)
    data = TrainingData.load(warehouse, seasons_read(warehouse, block.season, seasons_back), split)
    _require_plays(data, block)
    fitted_on = skip_instants(data, how.config.seed)
    net = _trained(data, fitted_on, how)
    baselines = fitted_baselines(fitted_on, net.fusion.skip)
    serving = Serving.choose(_forecasts(net, baselines, data, data.validation))
    rows = _forecasts(net, baselines, data, data.test)
    own = {name: f"{name}_fusion" for name in ("p_home_win", "margin", "total")}
    rows = served(rows.with_columns(pl.col(name).alias(alias) for name, alias in own.items()), serving.pregame)
    rows = with_intervals(rows, serving.bands, rows["share_left"].to_numpy())
    rows = rows.with_columns(forecast=pl.when(pl.col("play_index") == 0).then(pl.lit(serving.pregame)).otherwise(pl.lit(NET)))
    return pl.concat([rows, _minutes(net, data)], how="diagonal_relaxed").with_columns(
        model_version=pl.lit(f"before {block.first}"),
        source=pl.lit(data.source),
        trained_through=pl.lit(_last_date(data)),
    )


def seasons_read(warehouse: Warehouse, season: Season, seasons_back: int) -> list[Season]:
    """The seasons that a block of `season` is trained on and forecast in."""
    first, last = start_year(season) - seasons_back, start_year(season)
    return [one for one in warehouse.seasons("context_features") if first <= start_year(one) <= last]


def _require_plays(data: TrainingData, block: Block) -> None:
    """Games with plays are forecast at the ends of quarters too, which is learned from earlier games with plays."""
    learned, *asked = (bool((data.arrays.event_counts()[rows] > 0).any()) for rows in (data.train, data.validation, data.test))
    if any(asked) and not learned:
        raise NothingToTrainOnError(
            f"no game with plays to train on before those of {block}: begin one season later, or add the plays of an earlier season"
        )


def _trained(data: TrainingData, fitted_on: InstantTable, how: How) -> GameNet:
    if how.config.epochs == 0:
        return fit_fusion(data, {name: NETWORKS[name]() for name in ("transformer", "gnn")}, fitted_on, how)[0]
    pretrained: list[Fitted] = [fit(data, how) for fit in (fit_transformer, fit_gnn)]
    return fit_fusion(data, {one.kind: one.net for one in pretrained}, fitted_on, how)[0]


def _forecasts(net: GameNet, baselines: list[Baseline], data: TrainingData, rows: np.ndarray) -> pl.DataFrame:
    return held_out_predictions(net, baselines, data.arrays, data.named_instants(rows))


def _minutes(net: GameNet, data: TrainingData) -> pl.DataFrame:
    played = data.arrays.event_counts() > 0
    train, test = (rows[played[rows]] for rows in (data.train, data.test))
    if not len(train) or not len(test):
        return pl.DataFrame()
    return minute_predictions(net, data.arrays, train, test, data.priors).with_columns(forecast=pl.lit(NET))


def _last_date(data: TrainingData) -> object:
    known = np.concatenate([data.train, data.validation])
    if not len(known):
        raise NothingToTrainOnError("no game before the block")
    return data.arrays.games["game_date"][known.tolist()].max()
