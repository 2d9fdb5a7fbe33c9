"""Which model is meant, and what is searched for it; a model that is not there yet stays a plan until its search has ended.

What does not belong here: rows in the registry (`tuned_models.py`), searching (`parameter_search.py`).
"""

from collections.abc import Mapping
from typing import Any

from nba_pipeline.tuning.model_class import CLASS_NAMES, model_class
from nba_pipeline.tuning.model_manager import ModelError, ModelManager
from nba_pipeline.tuning.model_rows import ModelRow
from nba_pipeline.tuning.search_space import SearchSpaceError, Space, read_space
from nba_pipeline.tuning.tuned_models import planned_row


def chosen_model(
    manager: ModelManager, name: str, class_name: str, search_space: Mapping[str, Any], *, source: str | None = None, **search: Any
) -> ModelRow:
    """The model of that name, or the plan of one, which is not in the registry.

    Args:
        manager: the registry.
        name: of the model.
        class_name: of its class.
        search_space: of a new one; that of the class when empty.
        source: where its games come from; that of the registry when not given.
        search: method, n_trials, cv_folds and active of a new one.

    Raises:
        ModelError: it is a model of another class or has learned other games, or a new one cannot be made.
        SearchSpaceError: a new one's space cannot be read or searched.
    """
    row = manager.find(name) or planned_row(name, class_name, search_space, **search)
    if row.model_class != class_name:
        raise ModelError(f"{name} is a model of class {row.model_class}, not {class_name}: choose another name")
    source = source or manager.warehouse.source
    if name in CLASS_NAMES and source != manager.warehouse.source:
        raise ModelError(f"{name!r} is the name of this league's model: if the games are another's, give its model a name, --name handball")
    if not row.is_planned:
        manager.check_games(name, source)
    return row


def chosen_space(row: ModelRow, method: str, asked: Mapping[str, Any]) -> Space:
    """What is searched: what is asked for, the model's own space, or its class's where the own one is made for the other method.

    Raises:
        SearchSpaceError: the space cannot be read, or names what the class does not read.
    """
    known = model_class(row.model_class)
    if not asked and row.method != method:
        return read_space(known.grid if method == "grid" else known.space)
    space = read_space(asked) if asked else row.space
    try:
        known.check(space)
    except SearchSpaceError as error:
        if asked:
            raise
        raise SearchSpaceError(
            f"the space of {row.name}: {error} Have the weekly retraining leave it alone: nba models deactivate {row.name}"
        ) from error
    return space
