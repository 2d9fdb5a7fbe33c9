"""What the command line starts: the same assets on the same Dagster instance as the UI, with progress on the terminal.

A start ends stale runs first, then takes up a killed run where it stopped, or runs everything anew.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from rich.console import Console

import nba_pipeline
from nba_pipeline.league.seasons import Season, parse_seasons
from nba_pipeline.models.costs.summary import eastern_text
from nba_pipeline.orchestration.assets.raw import files_of
from nba_pipeline.orchestration.doctor import disk
from nba_pipeline.orchestration.home import HOME, dagster_home
from nba_pipeline.orchestration.partitions import partition_tags, range_tags
from nba_pipeline.orchestration.progress import LAUNCH_TAG, RunProgress, new_launch
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.stages import Stage, earlier_logs, plan
from nba_pipeline.orchestration.stale_runs import ENDED_TAG, end_stale_runs, process_tags
from nba_pipeline.settings import Settings
from nba_pipeline.sources.archive import ArchiveError, RawArchive
from nba_pipeline.warehouse.source_marker import SOURCE
from nba_pipeline.warehouse.store import StoreError

JobMaker = Callable[[], dg.JobDefinition]
"""A module-level function, so that step processes can call it too."""

TRAINED_ASSETS = ("transformer_model", "gnn_model", "fusion_model")
INPUTS_TAG = "nba/inputs"
OK, FAILED, REFUSED = 0, 1, 2


@contextmanager
def dagster_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance on which the runs of a source are recorded; `home.py` says which that is.

    Raises:
        DagsterHomeError: there is none, or it is another source's.
    """
    os.environ[HOME] = str(dagster_home(settings))
    with dg.DagsterInstance.get() as instance:
        yield instance


def run_pipeline(settings: Settings, instance: dg.DagsterInstance, job: JobMaker, console: Console) -> int:
    """The main job: raw archive to a registered version, over the chosen seasons.

    Args:
        settings: seasons and folders.
        instance: where runs are recorded; the UI shows the same one.
        job: makes the job over all assets.
        console: where progress goes.

    Returns:
        0 when all succeeded, 1 when a step or a blocking check failed, 2 when there is nothing to run on, or no room.
    """
    archive, seasons = _files_before_the_run(settings), parse_seasons(settings.seasons)
    try:
        inputs = _inputs(settings, archive, seasons)
    except (ArchiveError, StoreError) as error:
        return _refuse(console, f"There is nothing to run on.\n{error}")
    if (room := disk(settings, len(seasons))).level == "problem":
        return _refuse(console, f"There is no room to run in.\n{room.answer}")
    report_stale_runs(instance, console)
    stages = plan(earlier_logs(archive, seasons[0]) if archive else [], seasons, job())
    killed = killed_run(instance, inputs)
    if killed is not None:
        console.print(f"Run {killed.run_id[:8]} was killed: taking it up where it stopped.", highlight=False, soft_wrap=True)
        return execute(stages[-1], instance, job, console, inputs, resume=killed)
    codes = (execute(stage, instance, job, console, inputs if stage is stages[-1] else "") for stage in stages)
    return next((code for code in codes if code != OK), OK)


def train_models(
    assets: tuple[str, ...], epochs: int | None, settings: Settings, instance: dg.DagsterInstance, job: JobMaker, console: Console
) -> int:
    """Trains some of the models on tables that are there; nothing upstream is built.

    Args:
        assets: model assets to materialise.
        epochs: most passes; `NBA_EPOCHS` when not given.
        settings: seasons to train on.
        instance: where the run is recorded.
        job: makes the job over all assets.
        console: where progress goes.
    """
    report_stale_runs(instance, console)
    config = {"seasons": settings.seasons, "epochs": epochs or settings.epochs}
    ops = {name: {"config": config} for name in assets if name in TRAINED_ASSETS}
    return execute(Stage(", ".join(assets), assets), instance, job, console, run_config={"ops": ops})


def report_stale_runs(instance: dg.DagsterInstance, console: Console) -> int:
    """Ends stale runs, says so, and returns how many there were."""
    ended = end_stale_runs(instance)
    for run in ended:
        orphans = f" and {run.orphans} orphaned step processes" if run.orphans else ""
        console.print(
            f"Ended run {run.run_id[:8]} of {eastern_text(run.started)}{orphans}: its process is gone.", highlight=False, soft_wrap=True
        )
    return len(ended)


def killed_run(instance: dg.DagsterInstance, inputs: str) -> dg.DagsterRun | None:
    """The last run on exactly these inputs, if it was killed or cancelled; a run that failed by itself is not taken up."""
    runs = instance.get_runs(dg.RunsFilter(tags={INPUTS_TAG: inputs}), limit=1)
    if not runs:
        return None
    ended = runs[0].status == dg.DagsterRunStatus.CANCELED or (runs[0].status == dg.DagsterRunStatus.FAILURE and ENDED_TAG in runs[0].tags)
    return runs[0] if ended else None


def execute(
    stage: Stage,
    instance: dg.DagsterInstance,
    job: JobMaker,
    console: Console,
    inputs: str = "",
    *,
    resume: dg.DagsterRun | None = None,
    run_config: dict | None = None,
) -> int:
    """Runs one stage with progress on the terminal and returns its exit code.

    Args:
        stage: what to run.
        instance: where the run is recorded.
        job: makes the job over all assets.
        console: where progress goes.
        inputs: fingerprint under which a killed run is found again; empty for a run that is never taken up.
        resume: a killed run whose finished steps are kept.
        run_config: Dagster run configuration; the quiet logger is added to it.
    """
    launch = new_launch()
    partitions = {**range_tags(stage.seasons), **partition_tags(stage.partition)}
    tags = {**process_tags(), **partitions, LAUNCH_TAG: launch} | ({INPUTS_TAG: inputs} if inputs else {})
    options = dg.ReexecutionOptions.from_failure(resume.run_id, instance) if resume else None
    config = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}} | (run_config or {})
    with RunProgress(instance, launch, console, stage.title):
        result = dg.execute_job(
            dg.reconstructable(job),
            instance,
            run_config=config,
            tags=tags,
            reexecution_options=options,
            asset_selection=None if resume else [dg.AssetKey(name) for name in stage.assets],
        )
    word, style = ("finished", "green") if result.success else ("failed", "red")
    console.print(f"{stage.title}: {word} (run {result.run_id[:8]})", style=style, highlight=False, soft_wrap=True)
    if _was_interrupted(result):
        instance.add_run_tags(result.run_id, {ENDED_TAG: "interrupted"})
    return OK if result.success else FAILED


def _refuse(console: Console, why: str) -> int:
    console.print(why, style="red", markup=False, highlight=False, soft_wrap=True)
    return REFUSED


def _was_interrupted(result: dg.JobExecutionResult) -> bool:
    """Whether a signal ended it: Ctrl-C, or a machine that shuts down."""
    errors = (event.step_failure_data.error for event in result.filter_events(lambda event: event.is_step_failure))
    return any(error is not None and "Interrupted" in (error.cls_name or "") for error in errors)


def _files_before_the_run(settings: Settings) -> RawArchive | None:
    """The archive that a run reads; None for a simulated league, whose files follow from settings and code and are made by the run."""
    return None if settings.source == "simulated" else RawArchive(settings.raw_dir)


def _inputs(settings: Settings, archive: RawArchive | None, seasons: Sequence[Season]) -> str:
    """A fingerprint of what a run is made of: settings, raw files, code, and the data folder as it was first made."""
    digest = hashlib.sha256(settings.model_dump_json(exclude={"archive_dir", "workers", "budget", "prices"}).encode())
    for file in (file for season in seasons for file in files_of(archive, season)) if archive else ():
        digest.update(file.sha256.encode())
    for module in sorted(Path(nba_pipeline.__path__[0]).rglob("*.py")):
        digest.update(module.read_bytes())
    StoreResource.from_settings(settings).check_source()
    digest.update(str((settings.source_dir / SOURCE).stat().st_mtime_ns).encode())
    return digest.hexdigest()[:16]
