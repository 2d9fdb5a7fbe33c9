"""The cut at an instant: state, graph and sequence know nothing from the instant on."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.features.sequences import EventTokenizer
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline_tests.models.invented_games import invented_games

ARRAYS = invented_games()


def test_before_tip_off_the_state_is_blank_and_the_graph_is_the_expected_fives():
    game, known = np.arange(len(ARRAYS)), np.zeros(len(ARRAYS), np.int64)
    assert (ARRAYS.state(game, known) == [0, 0, 1, 0]).all()
    assert (ARRAYS.graph(game, known) == ARRAYS.graph_first[:-1]).all()


def test_the_graph_is_that_of_the_last_known_play():
    game = np.zeros(4, np.int64)
    graph = ARRAYS.graph(game, np.array([1, 30, 31, 120]))
    assert (graph - ARRAYS.graph_first[0]).tolist() == [1, 1, 2, 4]


def test_the_end_of_a_quarter_is_after_its_period_end_row():
    known = ARRAYS.known_after_quarter(3)
    assert known[0] == 90 and known[2] == -1
    last = ARRAYS.event_first[0] + known[0] - 1
    assert ARRAYS.events.tokens[last] == 13
    assert ARRAYS.play_index(np.array([0]), known[:1])[0] == 90


def test_overtime_counts_its_own_seconds():
    events = replace(ARRAYS.events, elapsed=np.full_like(ARRAYS.events.elapsed, 2880 + 240))
    state = replace(ARRAYS, events=events).state(np.array([0]), np.array([5]))
    assert state[0, 2] == 0 and state[0, 3] == pytest.approx(60 / 300)


def test_a_second_period_end_row_of_a_quarter_shifts_no_other():
    """Game 0021800065 has two after its first quarter."""
    tokens, elapsed = ARRAYS.events.tokens.copy(), ARRAYS.events.elapsed.copy()
    row = ARRAYS.event_first[1] + ARRAYS.known_after_quarter(1)[1]
    tokens[row], elapsed[row] = 13, 720
    doubled = replace(ARRAYS, events=replace(ARRAYS.events, tokens=tokens, elapsed=elapsed))
    assert [int(doubled.known_after_quarter(quarter)[1]) for quarter in (1, 2, 3, 4)] == [31, 60, 90, 120]
    assert [int(doubled.known_after_quarter(quarter)[0]) for quarter in (1, 2, 3, 4)] == [30, 60, 90, 120]


def test_the_play_index_of_an_instant_is_one_past_its_last_known_event():
    assert ARRAYS.play_index(np.array([0, 3, 5]), np.array([0, 17, 120])).tolist() == [0, 17, 120]


@settings(max_examples=50, deadline=None)
@given(game=st.sampled_from([0, 1, 3, 7, 11]), known=st.integers(0, 119), seed=st.integers(0, 99))
def test_everything_from_the_instant_on_can_change_without_a_trace(game: int, known: int, seed: int):
    rows, instants = np.array([game]), np.array([known])
    before = ARRAYS.samples(rows, instants, EventTokenizer())
    after = _other_future(ARRAYS, game, known, seed).samples(rows, instants, EventTokenizer())
    for field in fields(before):
        if field.name not in ("home_win", "margin", "total"):
            assert np.array_equal(getattr(before, field.name), getattr(after, field.name)), field.name


def _other_future(arrays: GameArrays, game: int, known: int, seed: int) -> GameArrays:
    rng = np.random.default_rng(seed)
    first, last = arrays.event_first[game] + known, arrays.event_first[game + 1]

    def shuffled(values: np.ndarray) -> np.ndarray:
        changed = values.copy()
        changed[first:last] = rng.permutation(values[first:last]) + 1
        return changed

    kept = {"play_index", "elapsed"}
    events = replace(
        arrays.events, **{f.name: shuffled(getattr(arrays.events, f.name)) for f in fields(arrays.events) if f.name not in kept}
    )
    later = np.flatnonzero(arrays.graph_start >= known)
    later = later[(later > arrays.graph_first[game]) & (later < arrays.graph_first[game + 1])]
    if known == 0:
        later = np.arange(arrays.graph_first[game] + 1, arrays.graph_first[game + 1])
    x, players = arrays.x.copy(), arrays.players.copy()
    x[later], players[later] = 99, 77
    return replace(arrays, events=events, x=x, players=players)
