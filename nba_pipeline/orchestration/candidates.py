"""The fusion candidate of a run, and the newest one, as Dagster recorded them: never the newest folder on disk.

Two trainings at once share an instance, and a killed run is taken up after others have trained: what a run registers or judges is the
candidate that it, or a run that it goes on with, has made.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

FUSION = dg.AssetKey("fusion_model")
CANDIDATE, REPORT = "candidate", "report"
"""Metadata names under which `fusion_model` records where its candidate is, and the numbers it is judged by."""


Metadata = Mapping[str, dg.MetadataValue]


class NoCandidateError(RuntimeError):
    """`fusion_model` was never materialised on this Dagster instance."""

    def __init__(self) -> None:
        super().__init__("no fusion_model has been trained on this Dagster instance: materialise it first (make run, or nba train fusion)")


def latest_candidate(instance: dg.DagsterInstance) -> Path:
    """The folder of the newest candidate."""
    return _folder(_latest(instance))


def candidate_since(instance: dg.DagsterInstance, start: float) -> Path | None:
    """The newest candidate if it was made after `start` (seconds since 1970); a failed run must not show an older one as its own."""
    event = instance.get_latest_materialization_event(FUSION)
    return latest_candidate(instance) if event is not None and event.timestamp >= start else None


def candidate_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Path:
    """The folder of a run's candidate: its own, that of the run it goes on with, else the newest.

    Raises:
        NoCandidateError: there is none.
    """
    return _folder(_of_run(instance, run))


def report_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Mapping[str, Any]:
    """The held-out numbers of the same candidate.

    Raises:
        NoCandidateError: there is none.
    """
    report = _of_run(instance, run)[REPORT].value
    assert isinstance(report, Mapping)
    return report


def _folder(metadata: Metadata) -> Path:
    return Path(str(metadata[CANDIDATE].value))


def _of_run(instance: dg.DagsterInstance, run: dg.DagsterRun | None) -> Metadata:
    while run is not None:
        for entry in reversed(instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)):
            if (made := entry.asset_materialization) is not None and made.asset_key == FUSION:
                return made.metadata
        run = instance.get_run_by_id(run.parent_run_id) if run.parent_run_id else None
    return _latest(instance)


def _latest(instance: dg.DagsterInstance) -> Metadata:
    event = instance.get_latest_materialization_event(FUSION)
    if event is None or event.asset_materialization is None:
        raise NoCandidateError
    return event.asset_materialization.metadata
