"""May a new version replace the one in use? Judged on the same held-out games by models of the same earlier games.

The version in use has learned most of the held-out games by now, so its *recipe* is judged: a model with its parameters that learned
only what the new one may. What does not belong here: the answer (`evaluation/promotion.py`), moving the pointer
(`model_manager.py`).
"""

from nba_pipeline.evaluation.comparison import compare_paired
from nba_pipeline.evaluation.metrics import log_losses
from nba_pipeline.evaluation.promotion import MINIMUM_GAMES, Promotion, stated
from nba_pipeline.tuning.prepared_rows import PreparedRows
from nba_pipeline.tuning.trials import Params


def judge(prepared: PreparedRows, params: Params, in_use: Params | None) -> Promotion:
    """Compares two sets of parameters on the held-out block.

    The first version is used; the same recipe is renewed with more games; another one only if the 95 % interval of its log loss minus
    the other's, dates resampled, lies below 0.

    Args:
        prepared: the games.
        params: of the new version.
        in_use: of the version in use, if there is one.
    """
    if in_use is None:
        return Promotion(True, "the first version")
    if dict(params) == dict(in_use):
        return Promotion(True, "the same parameters, with more games")
    fold, score = prepared.held_out, prepared.score
    losses = [log_losses(score.forecast(one, fold), prepared.won[fold.test]) for one in (params, in_use)]
    found = compare_paired(losses[0], losses[1], prepared.rows["game_date"][fold.test].to_numpy())
    if found.games < MINIMUM_GAMES:
        return Promotion(False, f"{stated(found)}: fewer than {MINIMUM_GAMES} say nothing", found)
    return Promotion(found.high < 0, f"{stated(found)}: {'better' if found.high < 0 else 'not better'} than the version in use", found)
