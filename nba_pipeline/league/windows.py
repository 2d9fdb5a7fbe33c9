"""Windows: stretches of seasons that one player model covers. By custom they are named by the years in which their seasons end."""

from dataclasses import dataclass
from typing import TypeAlias

from nba_pipeline.league.seasons import Season, season_label

WindowName: TypeAlias = str
"""`2019-2021`: the seasons 2018-19, 2019-20 and 2020-21."""

FIRST_END_YEAR, LAST_END_YEAR, SPAN = 1947, 2026, 3


@dataclass(frozen=True, order=True)
class Window:
    """Seasons that end in the years `first` to `last`, both included.

    Attributes:
        first: end year of its first season.
        last: end year of its last one.
    """

    first: int
    last: int

    @property
    def name(self) -> WindowName:
        """`2019-2021`."""
        return f"{self.first}-{self.last}"

    @property
    def seasons(self) -> tuple[Season, ...]:
        """Its seasons in time order."""
        return tuple(season_label(year - 1) for year in range(self.first, self.last + 1))


class UnknownWindowError(ValueError):
    """A text that names no window."""


def parse_window(name: WindowName) -> Window:
    """The window of a name.

    Raises:
        UnknownWindowError: it is not two years in order, such as `2019-2021`.
    """
    first, _, last = name.partition("-")
    if not (first.isdigit() and last.isdigit() and FIRST_END_YEAR <= int(first) <= int(last)):
        raise UnknownWindowError(f"{name!r} is no window: write the end years of its first and last season, such as 2019-2021")
    return Window(int(first), int(last))


WINDOWS: tuple[Window, ...] = tuple(
    Window(first, min(first + SPAN - 1, LAST_END_YEAR)) for first in range(FIRST_END_YEAR, LAST_END_YEAR + 1, SPAN)
)
"""The 27 of the league's history, in time order; the last has two seasons."""
