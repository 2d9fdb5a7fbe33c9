"""May a candidate replace the version in use? Both forecast games that neither has learned, before tip-off, as they would be served.

Those are the candidate's test games on dates after everything that the version in use was trained or validated on. The candidate's
validation games are not among them: its epoch and what it serves were chosen by them. Both versions forecast anew, from the tables as
they are now. What does not belong here: the rule (`evaluation/promotion.py`), registering (`models/versions/candidates.py`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from nba_pipeline.evaluation.metrics import log_losses
from nba_pipeline.evaluation.promotion import CRITERIA_ALONE, Promotion, judge_losses
from nba_pipeline.models.forecasts.serving import Serving
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.instants import PREGAME
from nba_pipeline.models.samples.load_games import COMPLETED, load_games
from nba_pipeline.models.samples.training_data import read_priors
from nba_pipeline.models.versions.candidates import PREDICTIONS, TEST, read_candidate, read_networks
from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.warehouse.store import Warehouse


def judge_candidate(warehouse: Warehouse, candidate: Path) -> Promotion:
    """Compares a candidate with the version that `latest` points at.

    Args:
        warehouse: with the feature tables of the candidate's test games, and the versions.
        candidate: its folder.

    Raises:
        ArtifactError: a file of the candidate is missing or damaged.
        StoreError: a table is missing.
    """
    registry = ModelRegistry(warehouse.root / "models")
    latest = registry.latest()
    if latest is None:
        return Promotion(True, "the first version")
    try:
        info, in_use = registry.info(latest), Forecaster.load(registry, latest)
    except (RuntimeError, TypeError) as error:  # damaged, or made by other code: nobody can forecast with it
        return Promotion(True, f"{latest} cannot be used ({str(error).splitlines()[0]}): {CRITERIA_ALONE}", None, latest)
    until = info.learned_until
    if not info.is_accepted or until is None:
        why = "does not say what it learned" if info.is_accepted else f"is {info.status}"
        return Promotion(True, f"{latest} {why}: {CRITERIA_ALONE}", None, latest)
    held_out = unseen_games(candidate)
    shared = held_out.filter(pl.col("game_date") > until)
    return _judge(warehouse, _forecaster(candidate), in_use, shared, held_out.height - shared.height)


def unseen_games(candidate: Path) -> pl.DataFrame:
    """Games that decided nothing about a candidate: game_id, season, game_date."""
    before = (pl.col("part") == TEST) & (pl.col("instant") == PREGAME)
    return pl.read_parquet(candidate / PREDICTIONS).filter(before).select("game_id", "season", "game_date")


def _judge(warehouse: Warehouse, new: Forecaster, in_use: Forecaster, shared: pl.DataFrame, left_out: int) -> Promotion:
    if shared.is_empty():
        none = np.zeros(0)
        return judge_losses(none, none, none, in_use.version, left_out)
    seasons = shared["season"].unique().sort().to_list()
    games = load_games(warehouse, seasons, COMPLETED & pl.col("game_id").is_in(shared["game_id"].implode()))
    priors, rows = read_priors(warehouse, seasons), np.arange(len(games))
    won = games.games["home_win"].cast(pl.Float64).to_numpy()
    said = (one.forecast(games, rows, np.zeros_like(rows), priors)["p_home_win"].to_numpy() for one in (new, in_use))
    losses = [log_losses(p_home_win, won) for p_home_win in said]
    return judge_losses(losses[0], losses[1], games.games["game_date"].to_numpy(), in_use.version, left_out)


def _forecaster(candidate: Path) -> Forecaster:
    """A candidate, ready to forecast as the version that it may become."""
    facts = read_candidate(candidate)
    return Forecaster(read_networks(candidate), Serving.from_dict(facts["serving"]), candidate.name, facts["source"])
