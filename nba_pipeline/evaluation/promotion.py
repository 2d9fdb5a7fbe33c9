"""May a new version replace the one in use? The answer, and the rule for two versions that forecast the same new games.

What does not belong here: forecasting those games (`prediction/promotion.py`), the rule for searched parameters
(`tuning/promotion.py`), moving the pointer (`models/registry.py`, `tuning/model_manager.py`).
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nba_pipeline.evaluation.comparison import Comparison, compare_paired

MINIMUM_GAMES = 500
"""Shared games below which no difference counts."""

CRITERIA_ALONE = "the acceptance criteria alone decide"


@dataclass(frozen=True)
class Promotion:
    """The answer.

    Attributes:
        promoted: whether the new version is used from now on.
        reason: in words.
        difference: paired log loss, new minus in use; None where there is nothing to compare with.
        against: the version in use, where it has a name.
        left_out: held-out games of the new version that the one in use has learned.
    """

    promoted: bool
    reason: str
    difference: Comparison | None = None
    against: str = ""
    left_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        named = {"against": self.against, "left_out": self.left_out} if self.against else {}
        return {"promoted": self.promoted, "reason": self.reason, **named, **(asdict(self.difference) if self.difference else {})}


def stated(found: Comparison) -> str:
    """A difference in log loss, its 95 % interval and the games, in words."""
    return f"log loss {found.mean:+.4f} [{found.low:+.4f}, {found.high:+.4f}] on the same {found.games} games"


def judge_losses(new: np.ndarray, in_use: np.ndarray, dates: np.ndarray, against: str, left_out: int = 0) -> Promotion:
    """Compares a new version with the one in use on games that neither has learned.

    The new one is used unless its mean loss is larger. It has learned more games and passed the acceptance criteria, so it need not be
    better beyond noise; and one that is worse on average is not used, so that small losses do not add up from week to week. The interval
    says how much of the difference may be chance. With fewer than 500 games the acceptance criteria alone decide.

    Args:
        new: log loss of each game, shape (games,).
        in_use: the same of the version in use, shape (games,).
        dates: of the games, shape (games,).
        against: name of the version in use.
        left_out: games that were not compared because the version in use has learned them.
    """
    if len(np.unique(dates)) < 2:
        return Promotion(True, f"{len(dates)} games are new to both it and {against}: {CRITERIA_ALONE}", None, against, left_out)
    found = compare_paired(new, in_use, dates)
    if found.games < MINIMUM_GAMES:
        return Promotion(True, f"{stated(found)}: fewer than {MINIMUM_GAMES} say nothing, {CRITERIA_ALONE}", found, against, left_out)
    word = "better than" if found.mean < 0 else "equal to" if found.mean == 0 else "worse than"
    return Promotion(found.mean <= 0, f"{stated(found)}: {word} {against}", found, against, left_out)
