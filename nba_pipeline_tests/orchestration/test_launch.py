"""What a start runs, in which order, and when it takes up a killed run."""

from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from nba_pipeline.definitions import pipeline_job
from nba_pipeline.orchestration import doctor
from nba_pipeline.orchestration.launch import INPUTS_TAG, REFUSED, killed_run, run_pipeline
from nba_pipeline.orchestration.partitions import range_tags, seasons_of_run
from nba_pipeline.orchestration.stages import LOG_TABLES, earlier_logs, plan, without_gaps
from nba_pipeline.orchestration.stale_runs import ENDED_TAG
from nba_pipeline.settings import Settings
from nba_pipeline.sources.archive import RawArchive


def test_seasons_are_cut_where_one_is_missing():
    assert without_gaps(["2018-19", "2019-20", "2021-22"]) == [("2018-19", "2019-20"), ("2021-22",)]
    assert without_gaps([]) == []


def test_earlier_logs_come_first_and_models_last(tiny_archive: Path):
    logs, first, last = plan(earlier_logs(RawArchive(tiny_archive), "2020-21"), ["2020-21", "2022-23"], pipeline_job())
    assert (logs.assets, logs.seasons) == (LOG_TABLES, ("2019-20",))
    assert "fusion_model" not in first.assets and "context_features" in first.assets
    assert {"fusion_model", "model_version", "sql_views", "context_features"} <= set(last.assets)
    assert last.seasons == ("2022-23",)


def test_the_tags_of_a_range_give_its_seasons_back():
    run = dg.DagsterRun(job_name="any", tags=range_tags(("2018-19", "2019-20", "2020-21")))
    assert seasons_of_run(run) == ("2018-19", "2019-20", "2020-21")
    assert seasons_of_run(dg.DagsterRun(job_name="any", tags={"dagster/partition": "2021-22"})) == ("2021-22",)
    assert seasons_of_run(dg.DagsterRun(job_name="any")) == ()


def test_only_a_killed_run_on_the_same_inputs_is_taken_up(instance: dg.DagsterInstance):
    def record(inputs: str, status: dg.DagsterRunStatus, **tags: str) -> dg.DagsterRun:
        return instance.add_run(dg.DagsterRun(job_name="pipeline", status=status, tags={INPUTS_TAG: inputs, **tags}))

    killed = record("same", dg.DagsterRunStatus.FAILURE, **{ENDED_TAG: "stale"})
    record("by itself", dg.DagsterRunStatus.FAILURE)
    record("finished", dg.DagsterRunStatus.FAILURE, **{ENDED_TAG: "stale"})
    record("finished", dg.DagsterRunStatus.SUCCESS)
    cancelled = record("cancelled", dg.DagsterRunStatus.CANCELED)
    found = {inputs: killed_run(instance, inputs) for inputs in ("same", "by itself", "finished", "cancelled", "other")}
    assert {inputs: run.run_id for inputs, run in found.items() if run} == {"same": killed.run_id, "cancelled": cancelled.run_id}


def test_without_an_archive_it_says_what_to_give(instance: dg.DagsterInstance, tmp_path: Path):
    settings = Settings(source="archive", data_dir=tmp_path / "data", archive_dir=tmp_path / "nowhere", seasons="2021-22")
    console = Console(record=True, width=300)
    assert run_pipeline(settings, instance, pipeline_job, console) == REFUSED
    said = console.export_text()
    assert "ARCHIVE=" in said and "data/README.md" in said
    assert instance.get_runs() == [] and not (tmp_path / "data").exists()


def test_without_room_it_says_how_much_is_needed(instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "MEGABYTES_PER_RUN", 10**9)
    console = Console(record=True, width=300)
    assert run_pipeline(Settings(data_dir=tmp_path / "data", seasons="2021-22"), instance, pipeline_job, console) == REFUSED
    assert "1,000,000,040 MB needed" in console.export_text()
    assert instance.get_runs() == []
