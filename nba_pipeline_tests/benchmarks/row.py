"""One line of the benchmark table: a quantity, measured several times."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """A measured quantity.

    Attributes:
        part: the block of the table it stands in.
        what: the quantity.
        values: one per repeat, in `unit`.
        unit: of the values and the limit.
        limit: what the machine could do at best, in `unit`; only for rates, where more is better.
        note: what a reader must know to repeat it.
    """

    part: str
    what: str
    values: tuple[float, ...]
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The value to quote."""
        return median(self.values)

    @property
    def of_limit(self) -> float | None:
        """Share of the limit that the median reaches."""
        return self.median / self.limit if self.limit else None
