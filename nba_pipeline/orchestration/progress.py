"""Follows a run's event log and tells a person what happens: one line per finished step, per epoch and per failed check.

The bar shows what a step says of itself.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType

import dagster as dg
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

LAUNCH_TAG = "nba/launch"
"""Names one start, so that its run can be found while it is still running."""

_POLL_SECONDS = 0.5
_MOST_LETTERS = 60
_Handler = Callable[["RunProgress", dg.DagsterEvent, float], None]


class RunProgress:
    """A context in which the run tagged with `launch` is followed.

    Args:
        instance: where the run is recorded.
        launch: value of `LAUNCH_TAG`.
        console: where lines go.
        title: what the bar is called.
    """

    def __init__(self, instance: dg.DagsterInstance, launch: str, console: Console, title: str) -> None:
        self._instance, self._launch, self._console = instance, launch, console
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task(title, total=None)
        self._title, self._running = title, dict[str, float]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self._bar.stop()

    def _follow(self) -> None:
        run_id, cursor = None, None
        while True:
            last = self._stop.is_set()
            run_id = run_id or self._find()
            if run_id:
                cursor = self._show_new(run_id, cursor)
            if last:
                return
            self._stop.wait(_POLL_SECONDS)

    def _find(self) -> str | None:
        runs = self._instance.get_runs(dg.RunsFilter(tags={LAUNCH_TAG: self._launch}), limit=1)
        return runs[0].run_id if runs else None

    def _show_new(self, run_id: str, cursor: str | None) -> str | None:
        while True:
            page = self._instance.get_records_for_run(run_id, cursor=cursor)
            for record in page.records:
                event = record.event_log_entry.dagster_event
                if event is None:
                    self._said(record.event_log_entry.user_message)
                elif event.event_type in _HANDLERS:
                    _HANDLERS[event.event_type](self, event, record.timestamp)
            cursor = page.cursor
            if not page.has_more:
                return cursor

    def _said(self, message: str) -> None:
        """A line of a step's log: shown in the bar until the next one."""
        self._describe(message.strip().partition("\n")[0][:_MOST_LETTERS])

    def _started(self, event: dg.DagsterEvent, at: float) -> None:
        self._running[event.step_key or ""] = at
        self._describe()

    def _finished(self, event: dg.DagsterEvent, at: float) -> None:
        seconds = at - self._running.pop(event.step_key or "", at)
        colour = {"STEP_SUCCESS": "green", "STEP_FAILURE": "red"}.get(event.event_type_value, "yellow")
        word = {"STEP_SUCCESS": "done", "STEP_FAILURE": "failed"}.get(event.event_type_value, "skipped")
        self._console.print(f"  [{colour}]{word:8}[/] {event.step_key}  {seconds:,.1f} s", highlight=False, soft_wrap=True)
        if event.event_type == dg.DagsterEventType.STEP_FAILURE:
            self._console.print(f"    {_cause(event)}", style="red", markup=False, soft_wrap=True)
        self._bar.advance(self._task)
        self._describe()

    def _epoch(self, event: dg.DagsterEvent, at: float) -> None:
        observation = event.asset_observation_data.asset_observation
        numbers = {name: value.value for name, value in observation.metadata.items() if isinstance(value.value, (int, float))}
        if "trial" in numbers:
            self._bar.update(self._task, description=f"{self._title}: trial {numbers['trial']:.0f} of {numbers['of']:.0f}")
            return
        text = "  ".join(f"{name} {value:,.4g}" for name, value in numbers.items())
        self._console.print(f"  [cyan]epoch[/]    {observation.asset_key.to_user_string()}  {text}", highlight=False, soft_wrap=True)

    def _check(self, event: dg.DagsterEvent, at: float) -> None:
        check = event.asset_check_evaluation_data
        if check.passed:
            return
        word = "check" if check.severity == dg.AssetCheckSeverity.ERROR else "note"
        line = f"  {word:8} {check.asset_key.to_user_string()}.{check.check_name}: {check.description or 'not passed'}"
        self._console.print(line, style="red" if word == "check" else "yellow", markup=False, highlight=False, soft_wrap=True)

    def _planned(self, event: dg.DagsterEvent, at: float) -> None:
        self._bar.update(self._task, total=self._step_count(event))

    def _step_count(self, event: dg.DagsterEvent) -> int | None:
        run_id = self._find()
        run = self._instance.get_run_by_id(run_id) if run_id else None
        if run is None or run.execution_plan_snapshot_id is None:
            return None
        return len(self._instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id).step_keys_to_execute)

    def _describe(self, doing: str = "") -> None:
        names = ", ".join(self._running) or "…"
        text = escape(f"{self._title}: {names}" + (f": {doing}" if doing else ""))
        self._bar.update(self._task, description=text)


_HANDLERS: dict[dg.DagsterEventType, _Handler] = {
    dg.DagsterEventType.RUN_START: RunProgress._planned,
    dg.DagsterEventType.STEP_START: RunProgress._started,
    dg.DagsterEventType.STEP_SUCCESS: RunProgress._finished,
    dg.DagsterEventType.STEP_FAILURE: RunProgress._finished,
    dg.DagsterEventType.STEP_SKIPPED: RunProgress._finished,
    dg.DagsterEventType.ASSET_OBSERVATION: RunProgress._epoch,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION: RunProgress._check,
}


def _cause(event: dg.DagsterEvent) -> str:
    """The message of the error that the step raised: the one with the remedy. Dagster wraps it once."""
    error = event.step_failure_data.error
    if error is None:
        return "failed without an error message"
    return (error.cause or error).message.strip()


def new_launch() -> str:
    """A value for `LAUNCH_TAG`."""
    return f"{time.time_ns():x}"
