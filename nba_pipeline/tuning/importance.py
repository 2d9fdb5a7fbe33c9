"""Which parameters mattered in a search: the share of the spread of losses that each explains (fANOVA, from Optuna).

Source: Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nba_pipeline.tuning.trials import Trial

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

SEED = 7
FEWEST_TRIALS = 4


def parameter_importance(trials: Sequence[Trial]) -> dict[str, float]:
    """Importance by parameter, the largest first; they add up to 1. Nothing where too few whole trials differ to say."""
    import optuna

    whole = [trial for trial in trials if not trial.pruned]
    varied = [name for name in (whole[0].params if whole else ()) if len({repr(trial.params[name]) for trial in whole}) > 1]
    if len(whole) < FEWEST_TRIALS or not varied or len({trial.loss for trial in whole}) < 2:
        return {}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="minimize")
    space = {name: _distribution([trial.params[name] for trial in whole]) for name in varied}
    for trial in whole:
        params = {name: trial.params[name] for name in varied}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=trial.loss))
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=SEED)
    return dict(optuna.importance.get_param_importances(study, evaluator=evaluator))


def _distribution(tried: Sequence[Any]) -> "BaseDistribution":
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in tried):
        return FloatDistribution(min(tried), max(tried), log=min(tried) > 0 and max(tried) / min(tried) >= 100)
    return CategoricalDistribution(sorted(set(tried), key=repr))
