"""Measures this machine: a table on the terminal, and `docs/benchmarks.md`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from nba_pipeline.league.seasons import Season
from nba_pipeline.settings import Settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import PLAYS
from nba_pipeline_tests.benchmarks.fresh_process import run_part
from nba_pipeline_tests.benchmarks.machine import facts
from nba_pipeline_tests.benchmarks.report import Report, markdown, terminal_table
from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import NothingToMeasureError, Setup, choose

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PARTS = {"warehouse": 1, "peer": 1, "growth": 1, "features": None, "nets": None}
"""Modules in the order in which they need each other, and the threads of each; None is all."""


@click.command()
@click.option("--archive", type=click.Path(path_type=Path), help="Raw archive; NBA_ARCHIVE_DIR, then data/raw, else the invented league.")
@click.option("--season", help="Season to measure; 2018-19, or the last one with plays.")
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1), help="Repeats of each measurement, at most.")
@click.option("--page", default=PAGE, type=click.Path(path_type=Path), help="Markdown file to write; docs/benchmarks.md.")
def main(archive: Path | None, season: Season | None, repeats: int, page: Path) -> None:
    """Measures this machine, prints a table and writes it to docs/benchmarks.md."""
    console, settings = Console(width=None if sys.stdout.isatty() else 120), Settings(source="archive")
    with TemporaryDirectory(prefix="nba_benchmarks_") as scratch:
        try:
            setup = choose(archive or _archive_of(settings), season, Path(scratch), repeats, settings.device)
        except NothingToMeasureError as error:
            raise click.UsageError(str(error)) from error
        about = facts()
        report = Report(setup.title, about, _measure(setup, console))
    console.print(terminal_table(report), highlight=False)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(markdown(report))
    console.print(f"Written to {page}", highlight=False, soft_wrap=True)


def _measure(setup: Setup, console: Console) -> list[Row]:
    """All rows, peak memory last."""
    rows: list[Row] = []
    for module, threads in PARTS.items():
        with console.status(f"Measuring {module} on {setup.title}"):
            rows += run_part(module, setup, threads)
        console.print(f"{module}: measured", highlight=False)
    return sorted(rows, key=lambda row: row.part == "Peak memory")


def _archive_of(settings: Settings) -> Path | None:
    """The archive of NBA_ARCHIVE_DIR; else `data/raw`, if it holds plays: real data where there is any, whatever NBA_SOURCE says."""
    if settings.archive_dir is not None:
        return settings.archive_dir
    return settings.raw_dir if RawArchive(settings.raw_dir).seasons(PLAYS.name) else None


if __name__ == "__main__":
    main()
