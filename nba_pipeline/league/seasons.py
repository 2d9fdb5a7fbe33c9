"""Season labels, their order, and how people name a range of them."""

from typing import TypeAlias

Season: TypeAlias = str
"""A season by its label, such as `2022-23`."""

FIRST_START_YEAR, LAST_START_YEAR = 1946, 2029


def season_label(start_year: int) -> Season:
    """The label of the season that starts in `start_year`: 2022 → `2022-23`, 1999 → `1999-00`."""
    return f"{start_year}-{(start_year + 1) % 100:02d}"


def start_year(season: Season) -> int:
    """The year in which a season starts: `2022-23` → 2022."""
    if season not in _KNOWN:
        raise UnknownSeasonError(season)
    return int(season[:4])


class UnknownSeasonError(ValueError):
    """A text that names no season."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is not a season: write 2022-23, a range 2018-19:2022-23 or a list 2018-19,2020-21, "
            f"between {SEASONS[0]} and {SEASONS[-1]}"
        )


SEASONS: tuple[Season, ...] = tuple(season_label(year) for year in range(FIRST_START_YEAR, LAST_START_YEAR + 1))
_KNOWN = frozenset(SEASONS)


def parse_seasons(text: str) -> tuple[Season, ...]:
    """Seasons in time order, without repeats, from `A:B` (both included), a comma-separated list, or a mix.

    Raises:
        UnknownSeasonError: a part is no season, or a range runs backwards or lacks an end.
    """
    chosen: set[Season] = set()
    for part in (part.strip() for part in text.split(",")):
        first, colon, last = part.partition(":")
        if colon and not (first and last):
            raise UnknownSeasonError(part)
        low, high = start_year(first), start_year(last or first)
        if high < low:
            raise UnknownSeasonError(part)
        chosen.update(season_label(year) for year in range(low, high + 1))
    return tuple(sorted(chosen, key=start_year))


def seasons_up_to(season: Season, first: Season = SEASONS[0]) -> tuple[Season, ...]:
    """All seasons from `first` to `season`, both included."""
    return tuple(season_label(year) for year in range(start_year(first), start_year(season) + 1))
