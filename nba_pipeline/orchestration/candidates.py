"""The newest fusion candidate, as Dagster recorded it: never the newest folder on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

FUSION = dg.AssetKey("fusion_model")
CANDIDATE, REPORT = "candidate", "report"
"""Metadata names under which `fusion_model` records where its candidate is, and the numbers it is judged by."""


class NoCandidateError(RuntimeError):
    """`fusion_model` was never materialised on this Dagster instance."""

    def __init__(self) -> None:
        super().__init__("no fusion_model has been trained on this Dagster instance: materialise it first (make run, or nba train fusion)")


def latest_candidate(instance: dg.DagsterInstance) -> Path:
    """The folder of the newest candidate."""
    return Path(str(_metadata(instance)[CANDIDATE].value))


def candidate_since(instance: dg.DagsterInstance, start: float) -> Path | None:
    """The newest candidate if it was made after `start` (seconds since 1970); a failed run must not show an older one as its own."""
    event = instance.get_latest_materialization_event(FUSION)
    return latest_candidate(instance) if event is not None and event.timestamp >= start else None


def latest_report(instance: dg.DagsterInstance) -> Mapping[str, Any]:
    """The held-out numbers of the newest candidate."""
    report = _metadata(instance)[REPORT].value
    assert isinstance(report, Mapping)
    return report


def _metadata(instance: dg.DagsterInstance) -> Mapping[str, dg.MetadataValue]:
    event = instance.get_latest_materialization_event(FUSION)
    if event is None or event.asset_materialization is None:
        raise NoCandidateError
    return event.asset_materialization.metadata
