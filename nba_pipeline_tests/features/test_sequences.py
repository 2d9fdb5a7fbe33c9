"""The tokenizer: what the instant may see, and what it may not."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.features import sequences
from nba_pipeline.features.asof import History
from nba_pipeline.features.net_inputs.event_arrays import EventArrays, Token, share_left
from nba_pipeline.features.sequences import EventTokenizer

HOME, AWAY = [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]


def plays(count: int, **columns: Any) -> pl.DataFrame:
    """`count` plays of one game: a period start, then misses and rebounds twelve seconds apart."""
    rows = {
        "play_index": list(range(count)),
        "event_type": [Token.PERIOD_START, *([Token.MISS, Token.REBOUND] * count)][:count],
        "elapsed_seconds": [12.0 * i for i in range(count)],
        "home_score": [2 * i for i in range(count)],
        "away_score": [0] * count,
        "player1_id": [3] * count,
        "player2_id": [None] * count,
        "player3_id": [None] * count,
    }
    ids = {f"player{n}_id": pl.Int64 for n in (1, 2, 3)}
    fives = [pl.Series(name, [five] * count, dtype=pl.Array(pl.Int64, 5)) for name, five in (("home_lineup", HOME), ("away_lineup", AWAY))]
    return pl.DataFrame({**rows, **columns}, schema_overrides=ids).with_columns(fives)


def tokenized(frame: pl.DataFrame, play_index: int | None = None, length: int = 50) -> dict[str, np.ndarray]:
    sequence = EventTokenizer(max_seq_len=length).tokenize_game(frame, play_index)
    return {name: getattr(sequence, name).numpy() for name in ("events", "times", "scores", "lineups", "mask")}


def test_before_tip_off_there_is_one_pregame_token_and_nothing_of_the_game():
    first = tokenized(plays(80), play_index=0)
    assert first["events"][0] == Token.PREGAME and not first["mask"][0] and first["mask"][1:].all()
    assert first["times"][0] == 1 and not first["scores"].any() and not first["lineups"].any()


def test_only_the_last_events_before_the_instant_are_kept():
    seen = tokenized(plays(80), play_index=60, length=50)
    assert not seen["mask"].any()
    assert seen["times"][-1] == pytest.approx(1 - 59 * 12 / 2880)
    assert seen["times"][0] == pytest.approx(1 - 10 * 12 / 2880)


def test_padding_is_masked_and_empty():
    seen = tokenized(plays(5))
    assert (~seen["mask"]).sum() == 5
    for name in ("events", "times", "scores"):
        assert not seen[name][5:].any()


def test_a_lineup_vector_says_who_was_on_court_and_who_acted():
    frame = plays(3)
    home = pl.Series("home_lineup", [[1, 2, 3, 4, 11], HOME, HOME], dtype=pl.Array(pl.Int64, 5))
    lineups = tokenized(frame.with_columns(home))["lineups"]
    assert lineups[0, :10].tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]  # player 5, a node now, was on the bench then
    assert lineups[2, 10:].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_instant_replays_are_no_tokens():
    frame = plays(4, event_type=[12, 18, 2, 4])
    assert EventArrays.from_plays(frame).tokens.tolist() == [12, 2, 4]


def test_an_unknown_lineup_is_zero():
    frame = plays(2).with_columns(home_lineup=pl.lit(None, dtype=pl.Array(pl.Int64, 5)))
    assert not EventArrays.from_plays(frame).on_court[:, :5].any()


def test_a_pandas_frame_is_welcome():
    frame = plays(4)
    assert np.array_equal(tokenized(frame)["lineups"], tokenized(frame.to_pandas())["lineups"])  # pyright: ignore[reportArgumentType]


@settings(max_examples=40, deadline=None)
@given(instant=st.integers(0, 70), seed=st.integers(0, 1000))
def test_changing_everything_from_the_instant_on_changes_no_bit(instant: int, seed: int):
    rng = np.random.default_rng(seed)
    frame = plays(70)
    later = pl.col("play_index") >= instant
    changed = frame.with_columns(
        pl.when(later).then(pl.Series(rng.integers(1, 14, 70))).otherwise(pl.col("event_type")).alias("event_type"),
        pl.when(later).then(pl.Series(rng.integers(0, 200, 70))).otherwise(pl.col("home_score")).alias("home_score"),
        pl.when(later).then(pl.lit(9)).otherwise(pl.col("player1_id")).alias("player1_id"),
    )
    for other in (changed, frame.filter(~later)):
        before, after = tokenized(frame, instant), tokenized(other, instant)
        assert all(np.array_equal(before[name], after[name]) for name in before)


def test_share_of_regulation_left():
    assert share_left(np.array([0, 1440, 2880, 3100])).tolist() == [1.0, 0.5, 0.0, 0.0]


def test_a_season_without_games_has_no_rows_but_all_columns(tiny_tables: dict[str, pl.DataFrame]):
    history = History.from_frames(tiny_tables)
    empty = sequences.build(history, ("2029-30",))
    assert empty.is_empty() and empty.schema == sequences.build(history, ("2021-22",)).schema
