"""Everything a version's page says, gathered from where it is kept: registry, candidate, and what was found out since.

What does not belong here: how it looks (`page.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from nba_pipeline.evaluation.calibration import reliability_table
from nba_pipeline.evaluation.criteria import Verdict, verdict
from nba_pipeline.evaluation.scores import read_report
from nba_pipeline.models.artifacts import state_hash
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.training.trained import candidates_folder
from nba_pipeline.models.versions.candidates import FACTS, PREDICTIONS, VALIDATION, read_candidate
from nba_pipeline.models.versions.files import REPORT
from nba_pipeline.models.versions.info import VersionInfo
from nba_pipeline.models.versions.notes import read_note, write_note
from nba_pipeline.prediction.version_page.ablations import PARTS, ablations
from nba_pipeline.warehouse.store import StoreError, Warehouse

RELIABILITY_AT = ("pregame", "q2")
TEST = "test/"


@dataclass(frozen=True)
class PageFacts:
    """What a page says.

    Attributes:
        info: metadata of the version.
        lineage: the version, its parent, and so on.
        pages: those of them that have a page.
        verdict: of the criteria, on the metrics of the metadata.
        scores: by part, as `evaluation.scores.read_report` gives them: `validation`, and `test` if there is one.
        parameters: weights of each net.
        labels: which games each part is.
        history: epochs of the training; None where the candidate is gone.
        reliability: by instant, as `calibration.reliability_table` gives it; empty where the candidate is gone.
        ablations: as `ablations.ablations` gives them; None where the tables of its games are gone.
        no_ablations: why there are none.
        drift: the newest drift report, if there is one.
    """

    info: VersionInfo
    lineage: list[VersionInfo]
    pages: frozenset[str]
    verdict: Verdict
    scores: Mapping[str, pl.DataFrame]
    parameters: Mapping[str, int]
    labels: Mapping[str, str]
    history: Mapping[str, Any] | None
    reliability: Mapping[str, pl.DataFrame]
    ablations: pl.DataFrame | None
    no_ablations: str
    drift: Mapping[str, Any] | None


def gather(warehouse: Warehouse, version: str = "latest") -> PageFacts:
    """Looks everything up; ablations are made once and kept.

    Raises:
        RegistryError: no such version.
        ArtifactError: a file of the version is damaged.
    """
    models_root = warehouse.root / "models"
    registry = ModelRegistry(models_root)
    info = registry.info(version)
    states = registry.load_model(info.version)
    silenced, why_not = _ablations(warehouse, info)
    candidate = candidate_of(models_root, states)
    metrics = info.metrics or {}
    return PageFacts(
        info=info,
        lineage=(lineage := registry.lineage(info.version)),
        pages=frozenset(one.version for one in lineage if (models_root / one.version / REPORT).exists()),
        verdict=verdict(metrics),
        scores={
            part: table
            for part, prefix in (("validation", ""), ("test", TEST))
            if (
                table := read_report({name.removeprefix(prefix): value for name, value in metrics.items() if name.startswith(prefix)})
            ).height
        },
        parameters={name: sum(values.numel() for values in state.values()) for name, state in states.items()},
        labels=read_candidate(candidate)["labels"] if candidate else {},
        history=read_candidate(candidate)["history"] if candidate else None,
        reliability=_reliability(candidate) if candidate else {},
        ablations=silenced,
        no_ablations=why_not,
        drift=read_note(models_root, "drift", info.version),
    )


def candidate_of(models_root: Path, states: Mapping[str, Mapping[str, Any]]) -> Path | None:
    """The candidate that became a version: the one with its weights; None where it is gone."""
    whole = {f"{net}.{name}": values for net, state in states.items() for name, values in state.items()}
    folder = candidates_folder(models_root) / state_hash(whole)[:16]
    return folder if (folder / FACTS).exists() else None


def _reliability(candidate: Path) -> dict[str, pl.DataFrame]:
    games = pl.read_parquet(candidate / PREDICTIONS).filter(pl.col("part") == VALIDATION)
    parts = {instant: games.filter(pl.col("instant") == instant) for instant in RELIABILITY_AT}
    return {
        instant: reliability_table(rows["p_home_win"].to_numpy(), rows["home_win"].cast(pl.Float64).to_numpy())
        for instant, rows in parts.items()
        if rows.height
    }


def _ablations(warehouse: Warehouse, info: VersionInfo) -> tuple[pl.DataFrame | None, str]:
    models_root = warehouse.root / "models"
    note = read_note(models_root, "ablations", info.version)
    if note is None:
        if set(info.files or {}) != {"transformer.pt", "gnn.pt", "fusion.pt"} or not (info.config or {}).get("seasons"):
            return None, "the version does not hold all three nets, or does not say which seasons it was trained on"
        try:
            note = {"parts": PARTS, "scores": ablations(warehouse, info.version).to_dicts()}
        except StoreError as error:
            return None, str(error)
        write_note(models_root, "ablations", info.version, note)
    return pl.DataFrame(note["scores"], infer_schema_length=None), ""
