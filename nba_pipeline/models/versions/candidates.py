"""A fusion candidate on disk: its nets, its held-out forecasts and scores, and the verdict it got; and its promotion.

A candidate is named by the hash of its weights and appears whole or not at all. It stays where it is whatever the verdict;
only an accepted (or `insufficient`) one becomes a version. What does not belong here: the criteria (`evaluation/criteria.py`),
versions on disk (`registry.py`).
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.closing_line import market_report, priced_games
from nba_pipeline.evaluation.criteria import CriterionResult, verdict
from nba_pipeline.evaluation.promotion import Promotion
from nba_pipeline.evaluation.scores import as_report, score_forecasts
from nba_pipeline.league.seasons import Season
from nba_pipeline.models.artifacts import read_json, read_torch, state_hash, write_json, write_torch
from nba_pipeline.models.forecasts.serving import Serving
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.instants import PREGAME
from nba_pipeline.models.training.config import TrainingConfig, TrainingHistory
from nba_pipeline.models.training.trained import candidates_folder
from nba_pipeline.models.versions.info import VersionInfo

if TYPE_CHECKING:
    from torch import Tensor

    from nba_pipeline.models.nets.game_net import GameNet
    from nba_pipeline.models.samples.instants import InstantTable
    from nba_pipeline.models.samples.training_data import TrainingData

FACTS, PREDICTIONS = "candidate.json", "predictions.parquet"
VALIDATION, TEST = "validation", "test"


def write_candidate(
    models_root: Path,
    net: GameNet,
    data: TrainingData,
    fitted_on: InstantTable,
    seasons: Sequence[Season],
    config: TrainingConfig,
    history: TrainingHistory,
    lines: pl.DataFrame | None = None,
) -> tuple[Path, dict[str, float]]:
    """Forecasts the held-out games with net and baselines, scores them, and writes the candidate.

    Args:
        models_root: the folder of models.
        net: the trained net.
        data: the games and their split.
        fitted_on: training instants for the baselines.
        seasons: the chosen seasons.
        config: of the training.
        history: of its epochs.
        lines: closing lines of these games, if there are any.

    Returns:
        The candidate's folder and its report on the validation games: what the criteria judge.
    """
    predictions = _predictions(net, data, fitted_on)
    parts = {part: predictions.filter(pl.col("part") == part) for part in (VALIDATION, TEST)}
    scores = {part: score_forecasts(rows) for part, rows in parts.items() if rows.height}
    priced = {part: priced_games(parts[part], lines) for part in scores} if lines is not None else {}
    market = {f"{part}_market": score_forecasts(rows) for part, rows in priced.items() if rows["game_date"].n_unique() > 1}
    reports = {part: as_report(scores[part], parts[part]) | (market_report(priced[part]) if part in priced else {}) for part in scores}
    report = reports[VALIDATION]
    test_report = {f"{TEST}/{name}": value for name, value in reports.get(TEST, {}).items()}
    answer, split = verdict(report), {"split_by": data.split.rule, "split": data.periods()}
    facts = {
        "labels": {VALIDATION: data.split.validation_label, TEST: data.split.test_label},
        "metrics": report | test_report,
        "verdict": {"status": answer.status, "reasons": list(answer.reasons), "results": [_as_json(one) for one in answer.results]},
        "scores": {name: table.to_dicts() for name, table in (scores | market).items() if table.height},
        "config": {**config.to_dict(), "networks": net.configs, "seasons": list(seasons), **split},
        "serving": Serving.choose(parts[VALIDATION]).to_dict(),
        "data_range": [str(data.arrays.games["game_date"].min()), str(data.arrays.games["game_date"].max())],
        "data_version": data.digest,
        "source": data.source,
        "history": history.to_dict(),
    }
    folder = candidates_folder(models_root) / state_hash(net.state_dict())[:16]
    _publish(folder, net, facts, predictions)
    return folder, facts["metrics"]


def read_candidate(folder: Path) -> dict[str, Any]:
    """The facts of a candidate.

    Raises:
        ArtifactError: the folder is not a candidate.
    """
    return read_json(folder / FACTS)


def candidate_scores(facts: Mapping[str, Any], part: str) -> pl.DataFrame | None:
    """One part's table of scores; None where the candidate has none."""
    rows = facts["scores"].get(part)
    return pl.DataFrame(rows, infer_schema_length=None) if rows else None


def read_networks(candidate: Path) -> GameNet:
    """The nets of a candidate, ready to forecast.

    Raises:
        ArtifactError: a file is missing or damaged.
    """
    from nba_pipeline.models.nets.game_net import GameNet

    facts = read_candidate(candidate)
    return GameNet.from_states(_states(candidate, facts), facts["config"]["networks"])


def promote(models_root: Path, candidate: Path, judged: Promotion | None = None) -> VersionInfo:
    """Registers a candidate as the next version, unless its files are a version already; the registry judges it once more.

    Args:
        models_root: the folder of models.
        candidate: its folder.
        judged: how it compares with the version in use; `latest` does not move to one that is not promoted.

    Returns:
        The new version, or the one that holds these files.

    Raises:
        VersionRefusedError: the criteria refuse it; `latest` stays where it is.
        ArtifactError: a file of the candidate is missing or damaged.
    """
    registry, facts = ModelRegistry(models_root), read_candidate(candidate)
    if known := registry.of_files({f"{name}.pt": digest for name, digest in facts["files"].items()}):
        return known
    return registry.save_model(
        models=_states(candidate, facts),
        metrics=_headline(facts["metrics"]) | facts["metrics"],
        config=facts["config"],
        data_range=facts["data_range"],
        data_version=facts["data_version"],
        source=facts["source"],
        serving=facts["serving"],
        comparison=judged.to_dict() if judged else None,
    )


def _states(candidate: Path, facts: Mapping[str, Any]) -> dict[str, dict[str, Tensor]]:
    """The state dict of each net, in CPU memory."""
    return {name: read_torch(candidate / f"{name}.pt", digest) for name, digest in facts["files"].items()}


def _headline(metrics: Mapping[str, float]) -> dict[str, float]:
    """Validation numbers before tip-off by their short names."""
    prefix = f"{PREGAME}/"
    names = ("accuracy", "brier_score", "log_loss", "ece", "margin_mae", "total_mae")
    return {name: metrics[prefix + name] for name in names if prefix + name in metrics}


def _predictions(net: GameNet, data: TrainingData, fitted_on: InstantTable) -> pl.DataFrame:
    from nba_pipeline.models.baselines import fitted_baselines
    from nba_pipeline.models.forecasts.held_out import held_out_predictions

    baselines = fitted_baselines(fitted_on, net.fusion.skip)
    parts = []
    for part, rows in ((VALIDATION, data.validation), (TEST, data.test)):
        if len(rows):
            instants = data.named_instants(np.asarray(rows))
            parts.append(
                held_out_predictions(net, baselines, data.arrays, instants).with_columns(part=pl.lit(part), source=pl.lit(data.source))
            )
    return pl.concat(parts)


def _as_json(result: CriterionResult) -> dict[str, Any]:
    """The result with null for numbers that are not there."""
    return {name: None if value != value else value for name, value in asdict(result).items()}


def _publish(folder: Path, net: GameNet, facts: dict[str, Any], predictions: pl.DataFrame) -> None:
    """Writes the candidate aside and renames it; the same weights replace what an earlier run of them wrote."""
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.tmp")
    try:
        aside.mkdir(parents=True)
        files = {name: write_torch(aside / f"{name}.pt", module.state_dict()) for name, module in net.networks().items()}
        predictions.write_parquet(aside / PREDICTIONS)
        write_json(aside / FACTS, {**facts, "files": files})
        if folder.exists():
            os.rename(folder, aside.with_suffix(".old"))
        os.rename(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(aside.with_suffix(".old"), ignore_errors=True)
