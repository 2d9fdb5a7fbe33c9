"""What happened, event by event, as columns. The words that a play-by-play puts it in are `play_rows`' work."""

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

NOBODY = -1
"""In a column of people: the event names no such person."""


@dataclass(frozen=True)
class Events:
    """Events of a batch of games, each game's in the order in which they happened.

    Attributes:
        game: which game of the batch.
        period: 1, 2 …
        clock: seconds left in the period.
        kind: `league.events.EventType`.
        action: action code of that type.
        side: 0 home, 1 away: whose event it is; -1 for nobody's.
        one: row of `People`, or `NOBODY` when the team as such or nobody is named.
        two: who else: passer, thief, fouled, who comes in, the other jumper.
        three: who blocked, or who got the tip.
        zone: index into `ZONES` of a shot, else -1.
        number: which free throw of a trip; else 0.
        of: how many free throws the trip has; else 0.
        points: scored by it.
        score: (events, 2) home and away after it.
        court: (events, 10) rows of `People`, home five then away five, after it.
    """

    game: NDArray[np.int64]
    period: NDArray[np.int64]
    clock: NDArray[np.int64]
    kind: NDArray[np.int64]
    action: NDArray[np.int64]
    side: NDArray[np.int64]
    one: NDArray[np.int64]
    two: NDArray[np.int64]
    three: NDArray[np.int64]
    zone: NDArray[np.int64]
    number: NDArray[np.int64]
    of: NDArray[np.int64]
    points: NDArray[np.int64]
    score: NDArray[np.int64]
    court: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.game)


@dataclass
class Record:
    """Collects events; `finish` sorts them by game."""

    parts: list[dict[str, int | NDArray]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, game: NDArray, **columns: int | NDArray) -> None:
        """Events that happened at the same step, one in each game."""
        if len(game):
            self.parts.append({"game": game, **columns})
            self.sizes.append(len(game))

    def finish(self) -> Events:
        """All events, each game's together."""
        whole = {one.name: _column([part[one.name] for part in self.parts], self.sizes) for one in fields(Events)}
        order = np.argsort(whole["game"], kind="stable")
        return Events(**{name: column[order] for name, column in whole.items()})


def _column(values: list[int | NDArray], sizes: list[int]) -> NDArray:
    """The values of all parts: a part has one for each event, or one for all of them."""
    return np.concatenate([np.full(size, value) if isinstance(value, int) else value for value, size in zip(values, sizes, strict=True)])
