"""Walking forward by season: the skip and the floor know earlier seasons only, and forecast every minute of the next."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.models.forecasts.minutes import minute_predictions
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import load_games
from nba_pipeline.models.samples.splits import Split
from nba_pipeline.models.samples.training_data import TrainingData, read_priors
from nba_pipeline.models.training.fitting import fitted_fusion, skip_instants
from nba_pipeline.warehouse.store import Warehouse

SEED = 7


def walk(warehouse: Warehouse, first: Season, seasons: Sequence[Season]) -> pl.DataFrame:
    """Forecasts of every minute of `seasons`, each by what was fitted on the seasons from `first` up to the one before it.

    Ours is the skip alone: where every training of the nets starts.
    """
    known = [season for season in warehouse.seasons("context_features") if first <= season <= max(seasons)]
    arrays, priors = load_games(warehouse, known), read_priors(warehouse, known)
    return pl.concat(_season(arrays, priors, season, warehouse.source) for season in seasons)


def _season(arrays: GameArrays, priors: pl.DataFrame, season: Season, source: str) -> pl.DataFrame:
    label = arrays.games["season"].to_numpy()
    train, test = np.flatnonzero(label < season), np.flatnonzero(label == season)
    nothing = np.zeros(0, np.int64)
    none = pl.Series([], dtype=pl.String)
    data = TrainingData(arrays, Split(none, none, none, "", "", ""), train, nothing, test, priors, "", source)
    net = GameNet(fusion=fitted_fusion(skip_instants(data, SEED), SEED))
    return minute_predictions(net, arrays, train, test, priors, only_skip=True)
