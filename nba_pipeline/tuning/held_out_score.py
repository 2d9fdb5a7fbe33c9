"""What a model is worth on games that neither its parameters nor its weights have seen, with what of it may be noise."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from nba_pipeline.evaluation.calibration import calibration_noise_floor, expected_calibration_error
from nba_pipeline.evaluation.metrics import accuracy, brier_score, log_loss


@dataclass(frozen=True)
class HeldOutScore:
    """Numbers of the last block.

    Attributes:
        games, first_day, last_day: how many, and when.
        accuracy, log_loss, brier_score: means over games.
        ece: expected calibration error, 10 bins.
        ece_noise_p50, ece_noise_p95, ece_noise_p99: what a forecast that is exactly true would show by chance on as many games.
        home_rate_log_loss: of a constant, the share of home wins before the block: what any model must beat.
    """

    games: int
    first_day: date
    last_day: date
    accuracy: float
    log_loss: float
    brier_score: float
    ece: float
    ece_noise_p50: float
    ece_noise_p95: float
    ece_noise_p99: float
    home_rate_log_loss: float

    def to_dict(self) -> Mapping[str, Any]:
        """Plain data."""
        return {**asdict(self), "first_day": str(self.first_day), "last_day": str(self.last_day)}


def score_held_out(p_home_win: np.ndarray, won: np.ndarray, home_rate: float, days: tuple[date, date]) -> HeldOutScore:
    """Scores the forecasts of a block.

    Args:
        p_home_win: forecasts (games,).
        won: 1 where the home team won (games,).
        home_rate: share of home wins before the block.
        days: its first and last.
    """
    floor = calibration_noise_floor(p_home_win)
    return HeldOutScore(
        games=len(won),
        first_day=days[0],
        last_day=days[1],
        accuracy=accuracy(p_home_win, won),
        log_loss=log_loss(p_home_win, won),
        brier_score=brier_score(p_home_win, won),
        ece=expected_calibration_error(p_home_win, won),
        ece_noise_p50=floor.p50,
        ece_noise_p95=floor.p95,
        ece_noise_p99=floor.p99,
        home_rate_log_loss=log_loss(np.full(len(won), home_rate), won),
    )
