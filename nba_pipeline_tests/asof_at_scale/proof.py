"""Rebuilds every registered feature after the future has changed, and names what moved."""

from dataclasses import fields

import numpy as np
import polars as pl

from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.features.leaks import Leak, Reports, build_world, leaks_between
from nba_pipeline.features.sequences import EventTokenizer
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import games_from_frames
from nba_pipeline_tests.asof_at_scale.instants import Frames, Instant, without_future

LABELS = frozenset({"home_win", "margin", "total"})
"""What a sample holds to learn from; never an input."""


def rebuild(frames: Frames, built: Frames, instant: Instant, seed: int = 0) -> Frames:
    """Tables and features after everything on and after the instant has changed; what was reported before the date is still told.

    Args:
        frames: a world's tables.
        built: the same with its features (`build_world`).
        instant: what may be known.
        seed: of the scrambling.
    """
    return build_world(without_future(frames, instant, seed), FEATURES, Reports(built, instant.day))


def leaks_at(built: Frames, rebuilt: Frames, instant: Instant) -> list[Leak]:
    """What differs as of one instant.

    Args:
        built: a world's tables and features (`build_world`).
        rebuilt: the same from `rebuild`.
        instant: what may be known.

    Returns:
        Columns of all features' rows up to the date, and parts of the running game's sample; none when the rule holds.
    """
    moved = [leak for feature in FEATURES for leak in leaks_between(feature, built[feature.name], rebuilt[feature.name], instant.day)]
    return moved + ([] if instant.game_id is None else in_game_leaks(built, rebuilt, instant))


def in_game_leaks(built: Frames, rebuilt: Frames, instant: Instant) -> list[Leak]:
    """Parts of what the nets get of the running game that differ."""
    one, other = (what_is_seen(frames, instant) for frames in (built, rebuilt))
    return [Leak("in_game", name, instant.day, 1) for name in one if not _same(one[name], other[name])]


def what_is_seen(frames: Frames, instant: Instant) -> dict[str, np.ndarray]:
    """Everything the nets may get of the running game at the instant, by name: its sample, its events and its graphs so far."""
    arrays = _one_game(frames, instant)
    game = np.array([0])
    known = np.searchsorted(arrays.events.play_index, [instant.play_index])
    sample, events, graphs = arrays.samples(game, known, EventTokenizer()), slice(0, int(known[0])), arrays.graph_start < instant.play_index
    seen = {one.name: getattr(sample, one.name) for one in fields(sample) if one.name not in LABELS}
    seen |= {f"events.{one.name}": getattr(arrays.events, one.name)[events] for one in fields(arrays.events)}
    finished = np.flatnonzero(graphs)[:-1]
    return seen | {
        "graphs.players": arrays.players[graphs],
        "graphs.node_mask": arrays.node_mask[graphs],
        "graphs.x": arrays.x[graphs],
        "graphs.points": arrays.stint_points[finished],
        "graphs.possessions": arrays.stint_possessions[finished],
    }


def _one_game(frames: Frames, instant: Instant) -> GameArrays:
    """The running game as the nets read it, without its outcome."""
    is_game = pl.col("game_id") == instant.game_id
    context = frames["context_features"].filter(is_game).select("game_id", *CONTEXT_FEATURES, "rating_total")
    outcome = frames["games"].filter(is_game).select("game_id", "season", "game_date", home_win=0, margin=0, total=0)
    sequence = frames["sequences"].filter(is_game).drop("season", "game_date")
    return games_from_frames(outcome.join(context, on="game_id").join(sequence, on="game_id"), frames["lineup_graphs"].filter(is_game))


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal to the last bit; a missing number equals a missing number."""
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
