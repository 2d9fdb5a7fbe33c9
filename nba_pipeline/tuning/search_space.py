"""What may be searched: ranges of integers and floats, with steps or on a log scale, and lists of choices.

Written as `{"k_factor": Range(16, 32, step=4), "mean_reversion": [Decimal("0.25"), Decimal("0.5")]}`, or as plain data
(`{"low": 16, "high": 32, "step": 4}`), as registry and command line hold it. What does not belong here: searching.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

Number: TypeAlias = int | float | Decimal
Choice: TypeAlias = int | float | str | bool | None


class SearchSpaceError(ValueError):
    """A search space cannot be read or searched; the message names the parameter and the remedy."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included. Whole numbers if all its numbers are.

    Attributes:
        low, high: ends.
        step: distance of neighbours; any number between the ends when not given.
        log: small and large numbers are equally likely to be tried.
    """

    low: Number
    high: Number
    step: Number | None = None
    log: bool = False

    def __post_init__(self) -> None:
        numbers = [self.low, self.high, *([self.step] if self.step is not None else [])]
        if any(isinstance(one, bool) or not isinstance(one, int | float | Decimal) for one in numbers):
            raise SearchSpaceError(f"{self}: ends and step must be numbers")
        if (
            not self.low < self.high
            or (self.step is not None and self.step <= 0)
            or (self.log and (self.low <= 0 or self.step is not None))
        ):
            raise SearchSpaceError(f"{self}: low must be less than high, a step above 0, and a log scale starts above 0 and has no step")

    @property
    def whole(self) -> bool:
        """Whether its values are integers."""
        return all(_is_whole(one) for one in (self.low, self.high, self.step) if one is not None)

    @property
    def values(self) -> tuple[int | float, ...]:
        """Its values in order, counted in decimals so that .1 + .2 is .3; empty where there is a number between any two."""
        if self.log or (self.step is None and not self.whole):
            return ()
        low, step = _decimal(self.low), _decimal(1 if self.step is None else self.step)
        return tuple(self._value(low + row * step) for row in range(int((_decimal(self.high) - low) // step) + 1))

    def _value(self, number: Decimal) -> int | float:
        return int(number) if self.whole else float(number)


Space: TypeAlias = dict[str, Range | tuple[Choice, ...]]


def read_space(written: Mapping[str, Any]) -> Space:
    """The space that is meant.

    Args:
        written: per parameter a `Range`, its plain form, a list of choices, or one value that stays as it is.

    Raises:
        SearchSpaceError: a parameter is none of these.
    """
    return {name: _read(name, one) for name, one in written.items()}


def plain_space(space: Space) -> dict[str, Any]:
    """The space as JSON can hold it; the opposite of `read_space`."""
    return {name: _plain(one) for name, one in space.items()}


def grid_values(space: Space) -> dict[str, list[Choice]]:
    """Every value of every parameter.

    Raises:
        SearchSpaceError: a parameter has no neighbours to step over.
    """
    values = {name: list(one.values if isinstance(one, Range) else one) for name, one in space.items()}
    endless = [name for name, found in values.items() if not found]
    if endless:
        raise SearchSpaceError(f"a grid over {endless[0]} needs a step or a list of values: {space[endless[0]]} has neither")
    return values


def lies_in(space: Space, params: Mapping[str, Choice]) -> bool:
    """Whether a search over the space could have tried exactly these parameters."""
    return set(params) == set(space) and all(_lies_in(one, params[name]) for name, one in space.items())


def _lies_in(one: Range | tuple[Choice, ...], value: Choice) -> bool:
    if not isinstance(one, Range):
        return value in one
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return value in one.values if one.values else one.low <= value <= one.high


def _read(name: str, one: Any) -> Range | tuple[Choice, ...]:
    if isinstance(one, Range):
        return one
    if isinstance(one, Mapping):
        unknown = set(one) - {"low", "high", "step", "log"}
        if unknown or not {"low", "high"} <= set(one):
            raise SearchSpaceError(f"{name}: a range is written low, high and, if wanted, step and log, not {dict(one)}")
        return Range(**one)
    if isinstance(one, tuple):
        raise SearchSpaceError(f"{name}: is {one} two choices or a range? Write a list for choices, Range(low, high) for a range")
    choices = list(one) if isinstance(one, Sequence) and not isinstance(one, str) else [one]
    if not choices or not all(value is None or isinstance(value, int | float | str | Decimal) for value in choices):
        raise SearchSpaceError(f"{name}: choices are numbers, words, true, false or none, not {one!r}")
    return tuple(_choice(value) for value in choices)


def _choice(value: Choice | Decimal) -> Choice:
    if not isinstance(value, Decimal):
        return value
    return int(value) if _is_whole(value) else float(value)


def _plain(one: Range | tuple[Choice, ...]) -> Any:
    if not isinstance(one, Range):
        return list(one)
    ends = {"low": _choice(one.low), "high": _choice(one.high)}
    return ends | ({"step": _choice(one.step)} if one.step is not None else {}) | ({"log": True} if one.log else {})


def _is_whole(number: Number) -> bool:
    """16 and Decimal("16") are whole, 16.0 and Decimal("16.0") are not: who writes a point means fractions."""
    return isinstance(number, int) or (isinstance(number, Decimal) and int(number.as_tuple().exponent) >= 0)


def _decimal(number: Number) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number))
