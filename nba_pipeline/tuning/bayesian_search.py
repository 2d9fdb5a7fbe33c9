"""Optuna's TPE over a study on disk: it prunes on fold scores, goes on where it was interrupted, and several workers may share it.

A trial's draw depends on the seed, its place among the trials that count, and the finished ones: an interrupted search that goes on
tries exactly what an uninterrupted one would have tried. What does not belong here: what a study is called (`model_trainer.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.folds import Fold
from nba_pipeline.tuning.search_space import Range, Space
from nba_pipeline.tuning.trials import OnTrial, Params, ScoreFold, Trial, try_out
from nba_pipeline.tuning.workers import is_gone, this_worker

if TYPE_CHECKING:
    from optuna import Study
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial
    from optuna.trial import Trial as Draw

FACTS, WORKER = "facts", "worker"
COUNTED = frozenset({"COMPLETE", "PRUNED", "RUNNING"})
"""A failed trial leaves its place to another."""

STARTUP_TRIALS = 10
"""Random draws before the sampler believes its model, and whole trials before any is pruned."""

BUSY_SECONDS = 60


@dataclass
class BayesianSearch:
    """A study that can be interrupted, resumed and shared.

    Args:
        file: SQLite file of the study, made when absent.
        name: of the study; others may be in the same file.
        space: what may be tried.
        seed: of every draw.
        start_with: parameters that are tried before any draw; they must lie in the space.
    """

    file: Path
    name: str
    space: Space
    seed: int = 7
    start_with: Sequence[Params] = ()
    _study: "Study" = field(init=False)

    def __post_init__(self) -> None:
        import optuna
        from filelock import FileLock

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._turn = FileLock(self.file.with_suffix(".lock"))
        pruner = optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=1)
        with self._turn:
            storage = _storage(self.file)
            self._study = optuna.create_study(
                study_name=self.name, storage=storage, direction="minimize", pruner=pruner, load_if_exists=True
            )

    def run(
        self,
        trials: int,
        folds: Sequence[Fold],
        score: ScoreFold,
        on_trial: OnTrial | None = None,
        budget: Budget | None = None,
    ) -> list[Trial]:
        """Goes on until the study has as many trials as asked for, whoever made them, or the budget is spent.

        Args:
            trials: how many in all, those of earlier runs and of other workers included.
            folds: where each is scored.
            score: how.
            on_trial: told of every one that this worker finishes.
            budget: how long this worker may take.

        Returns:
            Every finished trial of the study, in the order of their numbers.
        """
        mine: list[Trial] = []
        while budget is None or budget.allows_another(mine):
            draw = self._next(trials)
            if draw is None:
                break
            mine.append(self._try(draw, folds, score))
            if on_trial is not None:
                on_trial(mine[-1], trials)
        return self.finished()

    def finished(self) -> list[Trial]:
        """Every whole or pruned trial so far."""
        return [_as_trial(one) for one in self._study.get_trials(deepcopy=False) if one.state.is_finished() and FACTS in one.user_attrs]

    def _next(self, wanted: int) -> "Draw | None":
        """The next draw; None where enough trials are finished or in somebody's hands."""
        from optuna.samplers import TPESampler

        with self._turn:
            self._give_up_abandoned()
            place = sum(one.state.name in COUNTED for one in self._study.get_trials(deepcopy=False))
            if place >= wanted:
                return None
            if place < len(self.start_with):
                self._study.enqueue_trial(dict(self.start_with[place]))
            draw = self._study.ask()
            draw.set_user_attr(WORKER, this_worker())
        self._study.sampler = TPESampler(seed=self.seed + 1000 * place, n_startup_trials=STARTUP_TRIALS)
        return draw

    def _try(self, draw: "Draw", folds: Sequence[Fold], score: ScoreFold) -> Trial:
        """Scores a draw, telling the study of each fold; one that raises is told as failed."""
        from optuna.trial import TrialState

        def give_up(trial: Trial) -> bool:
            draw.report(trial.loss, len(trial.scores))
            return draw.should_prune()

        try:
            params = {name: _draw(draw, name, one) for name, one in self.space.items()}
            trial = try_out(draw.number, params, folds, score, give_up)
        except BaseException:
            self._study.tell(draw, state=TrialState.FAIL)
            raise
        draw.set_user_attr(FACTS, {"params": trial.params, "scores": trial.scores, "seconds": trial.seconds})
        self._study.tell(draw, None if trial.pruned else trial.loss, state=TrialState.PRUNED if trial.pruned else TrialState.COMPLETE)
        return trial

    def _give_up_abandoned(self) -> None:
        """Trials of workers that are gone: told as failed, and tried again by somebody else.

        Whoever holds the lock finds no nameless trial but one whose worker was killed before it could sign.
        """
        from optuna.trial import TrialState

        for one in self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if WORKER not in one.user_attrs or is_gone(one.user_attrs[WORKER]):
                self._study.tell(one.number, state=TrialState.FAIL)


def _draw(draw: "Draw", name: str, one: Range | tuple[Any, ...]) -> Any:
    if not isinstance(one, Range):
        return draw.suggest_categorical(name, one)
    if one.whole:
        return draw.suggest_int(name, int(one.low), int(one.high), step=int(one.step or 1), log=one.log)
    drawn = draw.suggest_float(name, float(one.low), float(one.high), step=None if one.step is None else float(one.step), log=one.log)
    return min(one.values, key=lambda value: abs(value - drawn)) if one.values else drawn


def _as_trial(one: "FrozenTrial") -> Trial:
    facts = one.user_attrs[FACTS]
    scores = tuple((loss, hit) for loss, hit in facts["scores"])
    return Trial(one.number, facts["params"], scores, facts["seconds"], pruned=one.state.name == "PRUNED")


def _storage(file: Path) -> "RDBStorage":
    """A study on disk that does not wait for the disk: a killed process loses nothing, a power cut at worst the study."""
    import optuna
    from sqlalchemy import event

    storage = optuna.storages.RDBStorage(f"sqlite:///{file}", engine_kwargs={"connect_args": {"timeout": BUSY_SECONDS}})
    event.listen(storage.engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous=OFF"))
    storage.engine.dispose()
    return storage
