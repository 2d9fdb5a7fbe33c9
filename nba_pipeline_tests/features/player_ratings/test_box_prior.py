"""Decayed box sums of two players, by hand."""

import numpy as np
import pytest

from nba_pipeline.features.player_ratings.box_prior import BoxForm, BoxRecipe
from nba_pipeline.features.player_ratings.facts import LINE_COLUMNS, RATES

RECIPE = BoxRecipe(half_life_days=100, replacement_minutes=400, bench_minutes=12, minutes_half_life_games=1, threes=10, raw_minutes=48)
PTS, THREES = RATES.index("pts"), RATES.index("fg3a")
STAR, SUB, UNSEEN = 0, 1, 2


def _line(**counts: float) -> np.ndarray:
    return np.array([counts.get(name, 0.0) for name in LINE_COLUMNS])


def _form(*nights: tuple[int, dict[int, np.ndarray]], recorded: bool = True) -> BoxForm:
    form = BoxForm(3, RECIPE)
    for day, lines in nights:
        form.learn(np.array(list(lines)), np.array(list(lines.values())), np.full(len(lines), recorded), day)
    return form


def test_the_unseen_are_at_replacement_level_and_the_rest_on_the_way_there():
    night = {STAR: _line(min=400, pts=400), SUB: _line(min=10, pts=2)}
    form = _form((0, {STAR: _line(min=40), SUB: _line(min=10)}), (1000, night))
    rates = form.rates(1000)[:, PTS]
    bench, league = form.rates(1000)[UNSEEN, PTS], rates.min()
    assert bench == league
    assert rates[STAR] > rates[SUB] > rates[UNSEEN]


def test_old_lines_count_half_after_a_half_life():
    form = _form((0, {STAR: _line(min=40, plus_minus=40)}), (100, {STAR: _line(min=40, plus_minus=-20)}))
    assert form.raw_plus_minus(100)[STAR] == pytest.approx(48 * (20 - 20) / (20 + 40 + 48))
    assert _form((0, {STAR: _line(min=48, plus_minus=12)})).raw_plus_minus(100)[STAR] == pytest.approx(48 * 6 / (24 + 48))


def test_minutes_of_which_no_plus_minus_was_recorded_say_nothing_of_it():
    form = _form((0, {STAR: _line(min=40)}), recorded=False)
    form.learn(np.array([STAR]), np.array([_line(min=48, plus_minus=12)]), np.array([True]), 0)
    assert form.raw_plus_minus(0)[STAR] == pytest.approx(48 * 12 / (48 + 48))
    assert form.usual_minutes[STAR] > 0


def test_usual_minutes_are_averages_over_games():
    form = _form((0, {STAR: _line(min=40)}), (5, {STAR: _line(min=10)}))
    assert form.usual_minutes[STAR] == pytest.approx((10 + 0.5 * 40) / 1.5)
    assert form.usual_minutes[UNSEEN] == 0


def test_a_shooter_starts_at_the_leagues_accuracy():
    form = _form((0, {STAR: _line(min=30, fg3m=8, fg3a=10), SUB: _line(min=30, fg3m=2, fg3a=10)}))
    chance, often = form.accuracy("fg3m", "fg3a", 10, 0)
    assert chance == pytest.approx([(8 + 5) / 20, (2 + 5) / 20, 0.5])
    assert often[STAR] > often[UNSEEN] > 0


def test_before_any_line_everything_is_zero():
    form = BoxForm(2, RECIPE)
    assert not form.rates(0).any()
    assert not form.raw_plus_minus(0).any()
    assert not form.accuracy("ftm", "fta", 60, 0)[0].any()
