"""The rule by which a version replaces another: not worse on average, over enough games."""

import numpy as np
import pytest

from nba_pipeline.evaluation.promotion import MINIMUM_GAMES, judge_losses

DAYS = np.datetime64("2022-10-18") + np.repeat(np.arange(100), 6)


def losses(games: int = MINIMUM_GAMES) -> tuple[np.ndarray, np.ndarray]:
    """A season's losses, and its dates."""
    return np.random.default_rng(0).exponential(0.6, games), DAYS[:games]


@pytest.mark.parametrize(
    ("more", "promoted", "word"), [(-0.01, True, "better than"), (0.0, True, "equal to"), (0.001, False, "worse than")]
)
def test_a_version_replaces_one_that_is_not_better_on_average(more: float, promoted: bool, word: str):
    in_use, dates = losses()
    answer = judge_losses(in_use + more, in_use, dates, "v1.2.0", left_out=44)
    assert answer.promoted is promoted and f"{word} v1.2.0" in answer.reason
    assert f"log loss {more:+.4f} [" in answer.reason and "on the same 500 games" in answer.reason
    said = answer.to_dict()
    assert (said["against"], said["left_out"], said["games"]) == ("v1.2.0", 44, 500) and said["mean"] == pytest.approx(more)


def test_an_interval_that_holds_both_signs_does_not_keep_a_worse_version():
    in_use, dates = losses()
    worse = judge_losses(in_use + np.random.default_rng(4).normal(0.002, 0.3, in_use.size), in_use, dates, "v1.0.0")
    assert worse.difference is not None and worse.difference.low < 0 < worse.difference.mean
    assert not worse.promoted


def test_with_fewer_games_the_criteria_alone_decide_and_the_difference_is_shown():
    in_use, dates = losses(MINIMUM_GAMES - 1)
    answer = judge_losses(in_use + 0.1, in_use, dates, "v1.0.0")
    assert answer.promoted and answer.difference is not None and answer.difference.mean == pytest.approx(0.1)
    assert "499 games: fewer than 500 say nothing, the acceptance criteria alone decide" in answer.reason


@pytest.mark.parametrize("games", [0, 5])
def test_without_two_dates_there_is_nothing_to_compare(games: int):
    in_use, dates = losses(games)
    answer = judge_losses(in_use + 0.1, in_use, dates, "v1.0.0", left_out=7)
    assert answer.promoted and answer.difference is None
    assert answer.reason == f"{games} games are new to both it and v1.0.0: the acceptance criteria alone decide"
    assert answer.to_dict()["left_out"] == 7
