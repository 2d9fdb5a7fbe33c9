"""The production consumer: tonight's points by whatever model the registry says is production at this moment.

Nothing is configured and nothing is kept: a flip of the flag is a flip of what comes out here.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from nba_pipeline.experiments.database import ExperimentsDatabase
from nba_pipeline.experiments.loaders import LOADERS, Loader, ModelShelf
from nba_pipeline.experiments.model_row import ModelRow
from nba_pipeline.experiments.points_model import ModelRefusedError
from nba_pipeline.experiments.promotion import production
from nba_pipeline.experiments.runner import predict_rows
from nba_pipeline.experiments.slate import slate
from nba_pipeline.warehouse.store import Warehouse


def predict_points(warehouse: Warehouse, dates: Sequence[date], loaders: Mapping[str, Loader] = LOADERS) -> tuple[ModelRow, pl.DataFrame]:
    """Points of every candidate of some dates.

    Returns:
        The production model and its forecasts, by date, game and points: model_id, player_id, game_id, player_lookup, game_date,
        predicted_points, betting_line, lineups, source, team_id, p_play, expected_minutes.

    Raises:
        NoProductionModelError: no model is production.
        ModelRefusedError: it cannot be loaded, or was trained on these dates; there is no silent fallback.
        NoGamesError: no game is known on these dates.
    """
    model = production(ExperimentsDatabase.of(warehouse))
    rows = slate(warehouse, dates)
    predicted = predict_rows(model, rows, ModelShelf(warehouse.root, loaders), warehouse.source)
    if predicted.height < rows.height:
        raise ModelRefusedError(f"{model.model_id} was trained through {model.training_end_date}: it predicts later games only")
    chances = rows.select("player_id", "game_id", "team_id", "p_play", "expected_minutes")
    order = ["game_date", "game_id", pl.col("predicted_points").neg(), "player_id"]
    return model, predicted.join(chances, on=["player_id", "game_id"], how="left").sort(order)
