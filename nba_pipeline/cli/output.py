"""How answers are written: tables for people, JSON for machines, errors in one line with the remedy."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from nba_pipeline.settings import Settings, get_settings

PAGE_WIDTH = 120
"""Columns where the output is a file or a pipe."""

console = Console(width=None if sys.stdout.isatty() else PAGE_WIDTH)
json_option = click.option("--json", "as_json", is_flag=True, help="Plain JSON on standard output.")


class RefusedError(click.ClickException):
    """Nothing to run on, or a question that has no answer."""

    exit_code = 2


@contextmanager
def plain_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Shows errors that carry a remedy as one line, without a traceback."""
    try:
        yield
    except kinds as error:
        raise RefusedError(str(error)) from error


def read_settings() -> Settings:
    """The settings; a wrong variable is named."""
    try:
        return get_settings()
    except ValidationError as error:
        wrong = "; ".join(f"NBA_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        raise RefusedError(wrong) from error


def print_json(answer: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(answer, indent=2, default=str))


def print_table(title: str, rows: Sequence[Mapping[str, Any]], empty: str = "none") -> None:
    """Rows as a table; numbers stand right."""
    if not rows:
        console.print(f"[bold]{title}[/]: {empty}", highlight=False)
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="right" if any(_is_number(row[name]) for row in rows) else "left")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    console.print(table)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
