"""Plots and tables of a training run, for the metadata of its asset: small pictures inside Markdown.

What does not belong here: drawing (`evaluation/plots.py`) and wording (`prediction/report.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl


def curve(history: Mapping[str, Any]) -> dict[str, dg.MetadataValue]:
    """The loss by epoch, training and validation, with the epoch that was kept.

    Args:
        history: `TrainingHistory.to_dict()`.
    """
    from nba_pipeline.evaluation.plots import as_markdown_image, learning_curve

    trained = [epoch for epoch in history["epochs"] if epoch["train"]]
    curves = {part: [epoch[part]["loss"] for epoch in trained if "loss" in epoch[part]] for part in ("train", "val")}
    png = learning_curve(curves, best_epoch=history["best_epoch"] or None)
    return {"learning_curve": dg.MetadataValue.md(as_markdown_image(png, "loss by epoch"))}


def candidate_pictures(folder: Path) -> dict[str, dg.MetadataValue]:
    """Score tables, net minus baselines, and the reliability diagram of a candidate's validation games."""
    from nba_pipeline.evaluation.calibration import reliability_table
    from nba_pipeline.evaluation.plots import as_markdown_image, forecast_comparison, reliability_diagram
    from nba_pipeline.models.versions.candidates import PREDICTIONS, VALIDATION, candidate_scores, read_candidate
    from nba_pipeline.prediction.report import as_markdown

    facts = read_candidate(folder)
    scores, label = candidate_scores(facts, VALIDATION), f"{VALIDATION} {facts['labels'][VALIDATION]}"
    if scores is None:
        return {}
    games = pl.read_parquet(folder / PREDICTIONS).filter((pl.col("part") == VALIDATION) & (pl.col("instant") == "pregame"))
    table = reliability_table(games["p_home_win"].to_numpy(), games["home_win"].cast(pl.Float64).to_numpy())
    pictures = {
        "net_minus_baselines": forecast_comparison(scores, "pregame"),
        "reliability": reliability_diagram(table, f"Reliability, {label}"),
    }
    images = {name: dg.MetadataValue.md(as_markdown_image(png, name.replace("_", " "))) for name, png in pictures.items()}
    return {"scores": dg.MetadataValue.md(as_markdown(scores, label)), **images}
