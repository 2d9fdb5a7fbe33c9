"""One sample of a game, or many of them stacked: everything the nets may see at an instant, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class GameSample:
    """NumPy arrays of one (game, instant); with a leading batch axis when stacked.

    Attributes:
        events: (50,) int64 tokens.
        times, scores: (50,) float32.
        lineups: (50, 20) float32.
        mask: (50,) bool, True is padding.
        x: (10, 16) float32 node features.
        node_mask: (10,) bool, True is a known player.
        context: (32,) float32.
        state: (4,) float32, see `GameArrays.state`.
        home_win, margin, total: float32, the outcome (points).
        expected_total: float32, points that the rating expected before tip-off.
    """

    events: np.ndarray
    times: np.ndarray
    scores: np.ndarray
    lineups: np.ndarray
    mask: np.ndarray
    x: np.ndarray
    node_mask: np.ndarray
    context: np.ndarray
    state: np.ndarray
    home_win: np.ndarray
    margin: np.ndarray
    total: np.ndarray
    expected_total: np.ndarray

    @classmethod
    def stack(cls, samples: Sequence[GameSample]) -> GameSample:
        """Many single samples as one stacked sample."""
        return cls(*(np.stack([getattr(sample, field.name) for sample in samples]) for field in fields(cls)))

    def row(self, index: int) -> GameSample:
        """One sample of a stack."""
        return GameSample(*(getattr(self, field.name)[index] for field in fields(self)))
