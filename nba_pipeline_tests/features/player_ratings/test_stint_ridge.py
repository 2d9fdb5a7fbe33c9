"""Rows of the signed ridge, by hand, and what they recover."""

import numpy as np
import pytest

from nba_pipeline.features.player_ratings.facts import LINE_COLUMNS, Lines, Stints
from nba_pipeline.features.player_ratings.stint_ridge import LuckRecipe, Touch, box_rows, stint_rows

PLAYERS = 12
TOUCH = Touch(three=np.full(PLAYERS, 0.35), three_rate=np.ones(PLAYERS), free=np.full(PLAYERS, 0.75), free_rate=np.ones(PLAYERS))
NO_LUCK = LuckRecipe(threes=0.0, free_throws=0.0)


def _stints(margins: list[float], seconds: list[float], shooting: np.ndarray | None = None) -> Stints:
    count = len(margins)
    shots = np.zeros((count, 2, 4)) if shooting is None else shooting
    return Stints(np.zeros(count, int), np.tile(np.arange(10), (count, 1)), np.array(seconds), np.array(margins), shots, np.ones(count))


def _lines(minutes: list[int], plus_minus: list[float], sides: list[int], games: list[int], recorded: list[bool] | None = None) -> Lines:
    count = len(minutes)
    known = np.ones(count, bool) if recorded is None else np.array(recorded)
    values = np.zeros((count, len(LINE_COLUMNS)))
    values[:, 0], values[:, -1] = minutes, plus_minus
    floors, without_stints = np.ones(count), np.zeros(count, bool)
    return Lines(np.zeros(count, int), np.arange(count), values, known, np.array(games), np.array(sides, float), floors, without_stints)


def test_a_stint_is_a_signed_row_per_48_minutes():
    rows = stint_rows(_stints([5.0, -1.0], [288.0, 2880.0]), TOUCH, NO_LUCK)
    assert rows.design.toarray().tolist() == 2 * [[1.0, *[1.0] * 5, *[-1.0] * 5, 0.0, 0.0]]
    assert rows.y.tolist() == pytest.approx([50.0, -1.0])
    assert rows.weights.tolist() == pytest.approx([0.1, 1.0])


def test_lucky_shooting_is_taken_back():
    shots = np.zeros((1, 2, 4))
    shots[0, 0] = [4, 10, 0, 0]
    shots[0, 1] = [0, 0, 4, 4]
    rows = stint_rows(_stints([0.0], [2880.0], shots), TOUCH, LuckRecipe(threes=0.7, free_throws=1.0))
    assert rows.y[0] == pytest.approx(-0.7 * 3 * (4 - 3.5) + (4 - 3))


def test_the_shooters_on_court_set_what_is_expected():
    hot = Touch(np.where(np.arange(PLAYERS) == 0, 0.5, 0.3), np.where(np.arange(PLAYERS) == 0, 1.0, 0.0), TOUCH.free, TOUCH.free_rate)
    shots = np.zeros((1, 2, 4))
    shots[0, 0, :2] = [5, 10]
    assert stint_rows(_stints([0.0], [2880.0], shots), hot, LuckRecipe()).y[0] == pytest.approx(0.0, abs=1e-6)


def test_a_box_row_is_a_player_with_four_mates_against_five():
    lines = _lines([40, 20, 30, 48, 48], [8, 2, 1, -5, -5], [1, 1, 1, -1, -1], [0] * 5)
    rows = box_rows(lines, TOUCH, LuckRecipe(box_weight=0.1))
    design = rows.design.toarray()
    assert design[0].tolist()[:6] == pytest.approx([1.0, 1.0, 4 * 20 / 50, 4 * 30 / 50, -2.5, -2.5])
    assert design[3].tolist()[:6] == pytest.approx([1.0, 5 * 40 / 90, 5 * 20 / 90, 5 * 30 / 90, -1.0, -4.0])
    assert rows.y.tolist()[:1] == pytest.approx([8 * 48 / 40])
    assert rows.y[3] == pytest.approx(5.0)
    assert rows.weights[0] == pytest.approx(0.1 * 40 / 48)


def test_a_line_without_a_plus_minus_is_no_row_but_stays_a_mate():
    known = _lines([40, 20, 48, 48], [8, 2, -5, -5], [1, 1, -1, -1], [0] * 4)
    partly = _lines([40, 20, 48, 48], [8, 0, -5, 0], [1, 1, -1, -1], [0] * 4, [True, False, True, False])
    all_rows, rows = box_rows(known, TOUCH, NO_LUCK), box_rows(partly, TOUCH, NO_LUCK)
    assert rows.design.toarray().tolist() == all_rows.design.toarray()[[0, 2]].tolist()
    assert (rows.y.tolist(), rows.weights.tolist()) == (all_rows.y[[0, 2]].tolist(), all_rows.weights[[0, 2]].tolist())


def test_games_of_one_date_do_not_mix():
    lines = _lines([48] * 4, [1, -1, 2, -2], [1, -1, 1, -1], [0, 0, 1, 1])
    design = box_rows(lines, TOUCH, NO_LUCK).design.toarray()[:, 1:]
    assert not design[:2, 2:].any()
    assert not design[2:, :2].any()


def test_lucky_threes_of_a_game_leave_the_box_rows():
    lines = _lines([48, 48], [3, -3], [1, -1], [0, 0])
    lines.values[0, LINE_COLUMNS.index("fg3m")] = 1
    assert box_rows(lines, TOUCH, LuckRecipe(threes=1.0)).y == pytest.approx([0.0, 0.0])
