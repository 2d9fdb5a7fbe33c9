"""Every point of a grid, in scikit-learn's order. What does not belong here: scoring (`trials.py`)."""

from collections.abc import Sequence

from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.folds import Fold
from nba_pipeline.tuning.search_space import Space, grid_values
from nba_pipeline.tuning.trials import OnTrial, ScoreFold, Trial, try_out


def grid_search(
    space: Space, folds: Sequence[Fold], score: ScoreFold, on_trial: OnTrial | None = None, budget: Budget | None = None
) -> list[Trial]:
    """Tries every combination, or as many as the budget allows.

    Args:
        space: lists, and ranges with steps.
        folds: where each is scored.
        score: how.
        on_trial: told of every finished one.
        budget: how long it may take.

    Raises:
        SearchSpaceError: a range has no steps.
    """
    from sklearn.model_selection import ParameterGrid

    points, trials = list(ParameterGrid(grid_values(space))), list[Trial]()
    for number, params in enumerate(points):
        if budget is not None and not budget.allows_another(trials):
            break
        trials.append(try_out(number, params, folds, score))
        if on_trial is not None:
            on_trial(trials[-1], len(points))
    return trials
