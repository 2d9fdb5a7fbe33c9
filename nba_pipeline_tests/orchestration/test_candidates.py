"""A run registers and judges its own candidate, whatever was trained meanwhile."""

from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.models.versions import candidates as registering
from nba_pipeline.orchestration.assets.models import model_version
from nba_pipeline.orchestration.candidates import CANDIDATE, REPORT, NoCandidateError, candidate_of, report_of
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.prediction import promotion


def facts(name: str) -> dict[str, dg.MetadataValue]:
    return {CANDIDATE: dg.MetadataValue.path(name), REPORT: dg.MetadataValue.json({"made by": name})}


def training(name: str) -> dg.AssetsDefinition:
    """A fusion_model that makes a candidate of this name."""

    @dg.asset
    def fusion_model() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata=facts(name))

    return fusion_model


@dg.asset(deps=["fusion_model"], op_tags={"dagster/priority": "9"})
def meanwhile(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Another run ends its training before this one registers."""
    context.instance.report_runless_asset_event(dg.AssetMaterialization("fusion_model", metadata=facts("other")))
    return dg.MaterializeResult()


def test_each_run_has_its_own_candidate_and_a_run_taken_up_that_of_the_killed_one(instance: dg.DagsterInstance):
    with pytest.raises(NoCandidateError):
        candidate_of(instance, dg.DagsterRun(job_name="alone"))
    first, second = (dg.materialize([training(name)], instance=instance).dagster_run for name in ("first", "second"))
    resumed = instance.add_run(dg.DagsterRun(job_name="resumed", parent_run_id=first.run_id, root_run_id=first.run_id))
    again = dg.DagsterRun(job_name="resumed", parent_run_id=resumed.run_id, root_run_id=first.run_id)
    runs = {"first": first, "second": second, "resumed": resumed, "again": again, "alone": dg.DagsterRun(job_name="alone")}
    found = {name: str(candidate_of(instance, run)) for name, run in runs.items()}
    assert found == {"first": "first", "second": "second", "resumed": "first", "again": "first", "alone": "second"}
    assert {name: report_of(instance, run)["made by"] for name, run in runs.items()} == found


def test_a_version_is_made_of_this_runs_candidate(store: StoreResource, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch):
    asked: list[Path] = []

    def register(root: Path, candidate: Path, judged: object) -> None:
        asked.append(candidate)
        raise RuntimeError("registered")

    monkeypatch.setattr(promotion, "judge_candidate", lambda warehouse, candidate: None)
    monkeypatch.setattr(registering, "promote", register)
    assets = [training("mine"), meanwhile, model_version]
    dg.materialize(assets, instance=instance, resources={"store": store}, raise_on_error=False)
    assert asked == [Path("mine")]
    assert instance.get_latest_materialization_event(dg.AssetKey("fusion_model")).asset_materialization.metadata[CANDIDATE].value == "other"
