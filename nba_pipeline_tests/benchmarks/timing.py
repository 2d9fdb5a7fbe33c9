"""How long a call takes: the same call several times, as the wall clock sees it."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Answer = TypeVar("Answer")

BUDGET_SECONDS = 10.0
"""A call is not repeated once its repeats have taken so long: medians of the short ones matter more than of the long ones."""


@dataclass(frozen=True)
class Timing:
    """Seconds of each repeat."""

    seconds: tuple[float, ...]

    def per_second(self, work: float) -> tuple[float, ...]:
        """Units of work a second, where each repeat did `work` of them."""
        return tuple(work / one for one in self.seconds)

    def __add__(self, other: "Timing") -> "Timing":
        """One after the other; repeats that only one of them has are left out."""
        return Timing(tuple(a + b for a, b in zip(self.seconds, other.seconds, strict=False)))

    def __sub__(self, seconds: float) -> "Timing":
        """Each repeat without a part of it that was measured apart."""
        return Timing(tuple(one - seconds for one in self.seconds))


def timed(call: Callable[[], Answer], repeats: int, budget_seconds: float = BUDGET_SECONDS) -> tuple[Timing, Answer]:
    """Calls once, then again until `repeats` is reached or the budget is spent; also returns the last answer."""
    seconds: list[float] = []
    while True:
        gc.collect()
        start = time.perf_counter()
        answer = call()
        seconds.append(time.perf_counter() - start)
        if len(seconds) >= repeats or sum(seconds) >= budget_seconds:
            return Timing(tuple(seconds)), answer
