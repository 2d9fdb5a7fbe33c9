"""Forecasts against how often the home side really wins: each game is played again a thousand times from what was so before tip-off.

One outcome a game says little (.006 of log loss on a season); the share of home wins in a thousand replays is nearly the truth, so
that a few hundred match-ups tell forecasts apart. The oracle knows every value, every minute that coaches plan and who is hurt.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import Comparison, compare_paired
from nba_pipeline.evaluation.scores import NET
from nba_pipeline.sources.simulator.season import before_tip_off, game_ids
from nba_pipeline.sources.simulator.truth import expected_margin, replayed_home_wins, win_probability

ORACLE, SURE = "oracle", 1e-3
PREFIX = "p_home_win"
PART = 5_000
"""Games that are replayed at once; small enough to stay in a processor's cache."""


@dataclass(frozen=True)
class Judged:
    """A forecaster's expected log loss.

    Attributes:
        name: of the forecaster.
        loss: mean cross-entropy against the replayed shares.
        beyond_oracle: paired difference to the oracle, over dates.
    """

    name: str
    loss: float
    beyond_oracle: Comparison


@dataclass(frozen=True)
class Replay:
    """All forecasters on the same match-ups, best first.

    Attributes:
        judged: the forecasters.
        floor: cross-entropy of the replayed shares with themselves: what nobody can beat.
        games: match-ups.
        times: how often each was played.
    """

    judged: list[Judged]
    floor: float
    games: int
    times: int

    def loss(self, name: str) -> float:
        """A forecaster's expected log loss."""
        return next(one.loss for one in self.judged if one.name == name)


def replay(predictions: pl.DataFrame, seed: int, games: int, times: int) -> Replay:
    """Replays match-ups that are spread evenly over a held-out season.

    Args:
        predictions: forecasts before tip-off of one season, with a column `p_home_win`, and one for each baseline.
        seed: of the league.
        games: how many match-ups.
        times: how often each is played.
    """
    season = predictions["season"][0]
    chosen = predictions.sort("game_date", "game_id").gather(np.linspace(0, predictions.height - 1, games).round().astype(int))
    _, schedule, tonight = before_tip_off(season, seed)
    rows = pl.Series(game_ids(season, len(schedule))).search_sorted(chosen["game_id"]).to_numpy()
    share = np.clip(_shares(season, seed, rows, times), SURE, 1 - SURE)
    oracle = expected_log_loss(win_probability(expected_margin(tonight.pick(rows))), share)
    chosen = chosen.rename({PREFIX: f"{PREFIX}_{NET}"})
    names = [name for name in chosen.columns if name.startswith(PREFIX)]
    losses = {name.removeprefix(f"{PREFIX}_"): expected_log_loss(chosen[name].to_numpy(), share) for name in names}
    dates = chosen["game_date"].to_numpy()
    judged = [Judged(name, float(loss.mean()), compare_paired(loss, oracle, dates)) for name, loss in {ORACLE: oracle, **losses}.items()]
    return Replay(sorted(judged, key=lambda one: one.loss), float(expected_log_loss(share, share).mean()), games, times)


def expected_log_loss(forecast: np.ndarray, share: np.ndarray) -> np.ndarray:
    """(games,) log loss in expectation over outcomes that come in these shares."""
    return -(share * np.log(forecast) + (1 - share) * np.log1p(-forecast))


def _shares(season: str, seed: int, rows: np.ndarray, times: int) -> np.ndarray:
    """(games,) share of home wins, on all cores; the number of cores does not change it."""
    parts = np.array_split(rows, max(1, len(rows) * times // PART))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as cores:
        jobs = [cores.submit(_part, season, seed, part, times, number) for number, part in enumerate(parts)]
        return np.concatenate([job.result() for job in jobs])


def _part(season: str, seed: int, rows: np.ndarray, times: int, number: int) -> np.ndarray:
    _, _, tonight = before_tip_off(season, seed)
    return replayed_home_wins(tonight.pick(rows), times, np.random.default_rng([seed, number]))
