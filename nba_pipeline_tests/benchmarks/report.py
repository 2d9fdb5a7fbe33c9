"""The benchmark table, on the terminal and as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.table import Table

from nba_pipeline_tests.benchmarks.row import Row

HEADER = ("What", "Median", "Unit", "Limit", "Of the limit", "Range", "Repeats", "Note")
SHOWN = HEADER[:5]
NUMBERS = frozenset({"Median", "Limit", "Of the limit", "Range", "Repeats"})
READING = (
    "Written by `make bench`. Medians of wall-clock times; a measurement is not repeated once it has taken ten seconds. "
    "The limit of reading is decompression alone; the limit of training and prediction is the rate of a large matrix product on the same "
    "machine in the same run, divided by the multiply-adds of a sample (two operations each), which leaves out everything that is no "
    "matrix product. Every part runs in a process of its own."
)


@dataclass(frozen=True)
class Report:
    """A run of the benchmarks.

    Attributes:
        title: what was measured.
        facts: what the figures depend on, by name.
        rows: the table.
    """

    title: str
    facts: Mapping[str, str]
    rows: Sequence[Row]

    @property
    def parts(self) -> dict[str, list[Row]]:
        """Rows by part, parts in the order in which they first appear."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.part, []).append(row)
        return grouped


def terminal_table(report: Report) -> Table:
    """The table for a terminal; ranges, repeats and notes are left to the Markdown."""
    table = Table(title=f"Benchmarks: {report.title}", title_justify="left", box=SIMPLE)
    for name in SHOWN:
        table.add_column(name, justify="right" if name in NUMBERS else "left", no_wrap=True)
    for part, rows in report.parts.items():
        table.add_section()
        table.add_row(f"[bold]{part}[/]")
        for row in rows:
            table.add_row(*cells(row)[: len(SHOWN)])
    return table


def markdown(report: Report) -> str:
    """The page `docs/benchmarks.md`."""
    blocks = [
        "# Benchmarks",
        f"Measured on {report.title}.",
        READING,
        "\n".join(f"- {name}: {text}" for name, text in report.facts.items()),
    ]
    rule = "|".join("--:" if name in NUMBERS else ":--" for name in HEADER)
    for part, rows in report.parts.items():
        lines = [f"| {' | '.join(line)} |" for line in (HEADER, *map(cells, rows))]
        blocks.append("\n".join([f"## {part}", "", lines[0], f"|{rule}|", *lines[1:]]))
    return "\n\n".join(blocks) + "\n"


def cells(row: Row) -> tuple[str, ...]:
    """One line of the table, as text; empty where there is nothing to say."""
    share, spread = row.of_limit, f"{number(min(row.values))}-{number(max(row.values))}" if len(row.values) > 1 else ""
    limit, reached = number(row.limit) if row.limit else "", f"{100 * share:.0f} %" if share is not None else ""
    return row.what, number(row.median), row.unit, limit, reached, spread, str(len(row.values)), row.note


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"
