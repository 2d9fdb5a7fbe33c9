"""What came of training a model: plain data for people, metadata and the registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from nba_pipeline.tuning.held_out_score import HeldOutScore
from nba_pipeline.tuning.trials import Params, Trial, best_of, optimism


@dataclass(frozen=True)
class SearchResult:
    """The trials of a search, and what the best of them scores on the held-out block.

    Attributes:
        trials: every finished one.
        held_out: of a model with the best parameters that learned only games before the block.
        seconds: the search took.
    """

    trials: Sequence[Trial] = field(repr=False)
    held_out: HeldOutScore
    seconds: float

    @property
    def best(self) -> Trial:
        """The whole trial with the smallest loss."""
        return best_of(self.trials)

    def metrics(self) -> dict[str, Any]:
        """Every number, by name. Those without a prefix are of the held-out block."""
        best = self.best
        return {
            **self.held_out.to_dict(),
            "cv_log_loss": best.loss,
            "cv_log_loss_sd": best.loss_sd,
            "cv_accuracy": best.accuracy,
            "cv_log_loss_by_fold": best.fold_losses,
            "cv_accuracy_by_fold": [hit for _, hit in best.scores],
            "optimism": optimism(self.trials),
            "trials": len(self.trials),
            "trials_pruned": sum(trial.pruned for trial in self.trials),
            "fits": sum(len(trial.scores) for trial in self.trials),
            "search_seconds": self.seconds,
        }


@dataclass(frozen=True)
class TrainingResult:
    """A registered version.

    Attributes:
        model_id, name, version: which one.
        best_params: that the search chose.
        cv_accuracy: mean over the folds of the search, cv_accuracy_sd: how much folds differ.
        cv_log_loss, cv_log_loss_sd: the same of what was minimised; cv_log_loss_by_fold: oldest first.
        accuracy, log_loss, brier_score: on the held-out block.
        calibration: expected calibration error there.
        calibration_noise: 95th percentile of what a perfect forecast would show there.
        optimism: best minus median trial, turned round: how far the best looks better than a usual one.
        model_path: the artefact.
        promoted: whether it is in use now, and why (or why not).
        trials: of the search.
        metrics: every number of `SearchResult.metrics`.
    """

    model_id: int
    name: str
    version: int
    best_params: Params
    cv_accuracy: float
    cv_accuracy_sd: float
    cv_log_loss: float
    cv_log_loss_sd: float
    cv_log_loss_by_fold: Sequence[float]
    accuracy: float
    log_loss: float
    brier_score: float
    calibration: float
    calibration_noise: float
    optimism: float
    model_path: Path
    promoted: bool
    reason: str
    metrics: Mapping[str, Any] = field(repr=False)
    trials: Sequence[Trial] = field(repr=False)

    @classmethod
    def of(cls, search: SearchResult, **facts: Any) -> "TrainingResult":
        """From a search and what was registered of it."""
        best, metrics = search.best, search.metrics()
        hits = metrics["cv_accuracy_by_fold"]
        return cls(
            best_params=best.params,
            cv_accuracy=fmean(hits),
            cv_accuracy_sd=stdev(hits) if len(hits) > 1 else 0.0,
            cv_log_loss=best.loss,
            cv_log_loss_sd=best.loss_sd,
            cv_log_loss_by_fold=best.fold_losses,
            accuracy=search.held_out.accuracy,
            log_loss=search.held_out.log_loss,
            brier_score=search.held_out.brier_score,
            calibration=search.held_out.ece,
            calibration_noise=search.held_out.ece_noise_p95,
            optimism=metrics["optimism"],
            metrics=metrics,
            trials=search.trials,
            **facts,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the trials."""
        shown = {name: value for name, value in vars(self).items() if name not in ("trials", "metrics")}
        return {**shown, "model_path": str(self.model_path), "best_params": dict(self.best_params), "metrics": dict(self.metrics)}
