"""What the UI shows of a tuned model: numbers it plots over time, the trials, which parameters mattered, and how calibrated it is.

What does not belong here: drawing (`evaluation/plots.py`), the numbers (`tuning`).
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from nba_pipeline.orchestration.metadata import frame_metadata, number_metadata
from nba_pipeline.tuning.training_result import TrainingResult

PLOTTED = (
    "log_loss", "accuracy", "brier_score", "ece", "ece_noise_p95", "home_rate_log_loss", "games", "cv_log_loss", "cv_log_loss_sd",
    "cv_accuracy", "optimism", "trials", "trials_pruned", "fits", "search_seconds",
)  # fmt: skip
NO_PREFIX = ""


def tuned_metadata(results: Sequence[TrainingResult], class_name: str) -> dict[str, dg.MetadataValue]:
    """Metadata of everything that was registered; names of models other than that of the class go before theirs."""
    shown: dict[str, dg.MetadataValue] = {}
    for result in results:
        prefix = NO_PREFIX if result.name == class_name else f"{result.name}/"
        shown |= {f"{prefix}{name}": value for name, value in _of(result)}
    return shown


def _of(result: TrainingResult) -> Iterator[tuple[str, dg.MetadataValue]]:
    from nba_pipeline.evaluation.plots import as_markdown_image, importance_bars
    from nba_pipeline.tuning.importance import parameter_importance
    from nba_pipeline.tuning.trials import trials_table

    importance = parameter_importance(result.trials)
    if importance:
        yield "importance", dg.MetadataValue.md(as_markdown_image(importance_bars(importance), "importance of parameters"))
    yield "trials_table", frame_metadata(trials_table(result.trials), limit=100)
    yield "version", dg.MetadataValue.int(result.version)
    yield "promoted", dg.MetadataValue.text(f"{'in use' if result.promoted else 'kept back'}: {result.reason}")
    yield "best_params", dg.MetadataValue.json(dict(result.best_params))
    yield "path", dg.MetadataValue.path(str(result.model_path))
    yield from number_metadata({name: result.metrics[name] for name in PLOTTED}).items()
    yield "result", dg.MetadataValue.json(result.to_dict())
