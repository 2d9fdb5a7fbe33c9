"""The table has every row, on the terminal and in Markdown; timings and limits add up."""

from io import StringIO

import pytest
from rich.console import Console

from nba_pipeline_tests.benchmarks.machine import facts
from nba_pipeline_tests.benchmarks.report import HEADER, Report, cells, markdown, number, terminal_table
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.timing import Timing, timed

ROWS = (
    Row("Tables", "reading the plays", (80.0, 100.0, 90.0), "MB/s", 120.0, "570,000 rows"),
    Row("Features", "elo", (0.25,), "s"),
    Row("Tables", "plays to stints", (1234.5, 1300.0, 1200.0), "games/s"),
)
REPORT = Report("an invented season", {"cores": "2", "date": "2024-01-01"}, ROWS)


def test_the_median_is_held_against_the_limit():
    assert cells(ROWS[0]) == ("reading the plays", "90.0", "MB/s", "120", "75 %", "80.0-100", "3", "570,000 rows")
    assert cells(ROWS[1]) == ("elo", "0.250", "s", "", "", "", "1", "")


def test_markdown_has_every_row_once_under_its_part():
    page = markdown(REPORT)
    for row in ROWS:
        section = page.split(f"## {row.part}\n")[1].split("\n## ")[0]
        assert f"| {' | '.join(cells(row))} |" in section
        assert page.count(f"| {row.what} |") == 1
    assert all(line.count("|") == len(HEADER) + 1 for line in page.splitlines() if line.startswith("|"))
    assert "- cores: 2" in page and "an invented season" in page


def test_terminal_table_shows_every_row():
    console = Console(file=StringIO(), width=80)
    console.print(terminal_table(REPORT))
    shown = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    assert all(text in shown for row in ROWS for text in cells(row)[:5])


@pytest.mark.parametrize(("value", "text"), [(12345.6, "12,346"), (12.34, "12.3"), (1.234, "1.23"), (0.01234, "0.012")])
def test_number(value: float, text: str):
    assert number(value) == text


def test_repeats_end_with_the_count_or_the_budget():
    calls: list[int] = []
    assert len(timed(lambda: calls.append(1), 3)[0].seconds) == len(calls) == 3
    assert len(timed(lambda: calls.append(1), 3, budget_seconds=0.0)[0].seconds) == 1


def test_rates_are_work_over_time():
    assert (Timing((1.0, 2.0)) + Timing((3.0,))).per_second(8.0) == (2.0,)
    assert (Timing((1.5, 4.5)) - 0.5).seconds == (1.0, 4.0)


def test_facts_name_no_folder_and_no_host():
    import platform

    told = " ".join(facts().values())
    assert "/" not in told and (platform.node() or "?") not in told
