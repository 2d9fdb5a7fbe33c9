"""How good the windows and their meta-learner would have been: each season forecast by what was trained on earlier seasons only.

Windows need no refit: each row is forecast by vintages that ended before its season. The meta-learner, its ablations and the pooled model
are trained once per scored season, on the seasons before it. What does not belong here: printing (`cli/`), comparing (`scores.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline.windows.baselines import equal_weights, fit_pooled, last_window, moving_average
from nba_pipeline.windows.config import Components, MetaConfig, WindowsConfig
from nba_pipeline.windows.ensemble import look
from nba_pipeline.windows.fitting import NothingToLearnError
from nba_pipeline.windows.meta_fitting import MetaRows, fit_meta
from nba_pipeline.windows.meta_training import OnProgress, read_rows, window_store
from nba_pipeline.windows.rows import Rows
from nba_pipeline.windows.scores import Score, score
from nba_pipeline.windows.weights import weights_by_season

FULL, EWMA, ONLY_WEIGHTS = "meta-learner", "ewma", "weights only"
COMPONENTS = tuple(Components.model_fields)


@dataclass(frozen=True)
class Backtest:
    """What came of a backtest.

    Attributes:
        against_average: every forecast minus the moving average, on the rows that all share.
        against_full: every forecast minus the meta-learner on the same rows; what is left out of it is an ablation.
        by_season: `against_average` season by season, with `season`.
        weights: of the windows, season by season, as `weights_by_season`.
        fallback: scored rows of which no window spoke.
    """

    against_average: list[Score]
    against_full: list[Score]
    by_season: list[dict[str, Any]]
    weights: list[dict[str, Any]]
    fallback: int


def backtest(warehouse: Warehouse, config: WindowsConfig, seasons: Sequence[Season], told: OnProgress = print) -> Backtest:
    """Scores seasons, each with a meta-learner trained on the `seasons_back` seasons before it.

    Args:
        warehouse: tables and, beside them, the windows.
        config: windows and meta-learner.
        seasons: to score, in time order.
        told: progress in words.

    Raises:
        IncompleteEnsembleError: a window is missing or damaged; nothing was computed.
        NothingToLearnError: a season has no earlier ones to learn from.
    """
    look(window_store(warehouse), config.chosen).require_all()
    on_disk = warehouse.seasons("era_form")
    before = {season: [one for one in on_disk if one < season][-config.meta.seasons_back :] for season in seasons}
    alone = [season for season, earlier in before.items() if not earlier]
    if alone:
        raise NothingToLearnError(f"no season before {', '.join(alone)} is on disk to learn from: nba windows data")
    rows = read_rows(warehouse, config, sorted({*seasons, *(one for earlier in before.values() for one in earlier)}), told)
    of_season, parts, weights = rows.rows.seasons, [], []
    for season in seasons:
        learned = rows.where(np.isin(of_season, before[season]))
        learned = learned.where(learned.forecasts.answered)
        if not len(learned):
            raise NothingToLearnError(f"no window may speak about the seasons before {season}: score later seasons")
        scored = rows.where(of_season == season)
        forecasts, of_windows = _forecasts(learned, scored, config, lambda text, season=season: told(f"{season}: {text}"))
        parts.append((season, scored, forecasts))
        weights += of_windows
    return _compared(parts, weights)


def ablations(config: MetaConfig) -> dict[str, MetaConfig]:
    """The meta-learner, without each of its components, and without any."""
    parts = config.components
    kept = [name for name in COMPONENTS if getattr(parts, name)]
    nothing = Components(**dict.fromkeys(COMPONENTS, False))
    without = {f"without {name.replace('_', ' ')}": config.model_copy(update={"components": parts.without(name)}) for name in kept}
    return {FULL: config, **without, ONLY_WEIGHTS: config.model_copy(update={"components": nothing})}


def _forecasts(
    learned: MetaRows, scored: MetaRows, config: WindowsConfig, told: OnProgress
) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    rows = scored.rows
    said = scored.forecasts
    answer = {EWMA: moving_average(rows), "last window": last_window(rows, said), "equal weights": equal_weights(rows, said)}
    told("pooled model")
    answer["pooled"] = fit_pooled(learned.rows, config.net).units(rows) * rows.levels
    weights: list[dict[str, Any]] = []
    for name, one in ablations(config.meta).items():
        told(name)
        meta = fit_meta(learned, one)
        answer[name] = meta.counts(scored)
        weights = weights or weights_by_season(meta, scored)
    return answer, weights


def _compared(parts: Sequence[tuple[Season, MetaRows, dict[str, np.ndarray]]], weights: list[dict[str, Any]]) -> Backtest:
    rows = _joined([scored.rows for _, scored, _ in parts])
    forecasts = {name: np.concatenate([one[name] for _, _, one in parts]) for name in parts[0][2]}
    by_season = [{"season": season, **one.to_dict()} for season, scored, found in parts for one in score(scored.rows, found, EWMA)]
    silent = sum(int((~scored.forecasts.answered).sum()) for _, scored, _ in parts)
    return Backtest(score(rows, forecasts, EWMA), score(rows, forecasts, FULL), by_season, weights, silent)


def _joined(parts: Sequence[Rows]) -> Rows:
    arrays = {name: np.concatenate([getattr(one, name) for one in parts]) for name in ("features", "units", "levels", "ewma")}
    return Rows(key=pl.concat([one.key for one in parts]), columns=parts[0].columns, **arrays)
