"""The part of `docs/rapm.md` that `python -m nba_pipeline_tests.plus_minus_evidence` writes."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline_tests.plus_minus_evidence.retrodiction import Retrodiction
from nba_pipeline_tests.plus_minus_evidence.stability import Agreement
from nba_pipeline_tests.truth.page import table

MARK = "<!-- from here on written by python -m nba_pipeline_tests.plus_minus_evidence -->"


def with_evidence(page: str, blocks: Sequence[str]) -> str:
    """The page with everything after the mark replaced; the mark is added where it is missing."""
    return "\n\n".join([page.split(MARK)[0].rstrip(), MARK, *blocks]) + "\n"


def retrodiction_block(found: Sequence[Retrodiction]) -> str:
    """One row per season, and their mean."""
    text = (
        "## The next season's teams\n\n"
        "Snapshot as of the season's first date, times the minutes that were then played, five a side; people without a snapshot count as\n"
        "newcomers (−4). Forecasts are centred; ratings are points per 100 possessions from stints. Root mean square errors."
    )
    rows = [(one.season, str(one.teams), *_errors(one)) for one in found]
    mean = [float(np.mean([getattr(one, name) for one in found])) for name in ("rmse", "last_year", "zero", "slope", "unseen")]
    rows.append(("**mean**", str(sum(one.teams for one in found)), f"**{mean[0]:.2f}**", *(f"{value:.2f}" for value in mean[1:])))
    head = ("season", "teams", "plus-minus", "last year's rating", "all equal", "slope of outcome on forecast", "minutes without snapshot")
    return f"{text}\n\n{table(head, rows)}"


def _errors(one: Retrodiction) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" for value in (one.rmse, one.last_year, one.zero, one.slope, one.unseen))


def agreement_block(title: str, text: str, found: Sequence[Agreement]) -> str:
    """Correlations, one row per pair of sets of games, and their mean weighted by players."""
    rows = [(one.label, str(one.players), *(f"{r:.2f}" for r in (one.offence, one.defence, one.overall))) for one in found]
    weights = [one.players for one in found]
    mean = [f"{np.average([getattr(one, part) for one in found], weights=weights):.2f}" for part in ("offence", "defence", "overall")]
    rows.append(("**mean**", str(sum(weights)), *mean))
    return f"## {title}\n\n{text}\n\n{table(('games', 'players', 'r offence', 'r defence', 'r in all'), rows)}"


def errors_block(label: str, errors: pl.DataFrame) -> str:
    """Standard errors by possessions."""
    rows = [(f"{row[0]:,.0f} and more", str(row[1]), *(f"{value:.2f}" for value in row[2:])) for row in errors.iter_rows()]
    head = ("decayed possessions", "players", "se offence", "se defence", "se in all", "sd of the estimates")
    return f"## Standard errors\n\nAt the end of {label}; each class is up to the next.\n\n{table(head, rows)}"


def ranking_block(label: str, players: pl.DataFrame, possessions: float, count: int) -> str:
    """The first and the last side by side."""
    best, worst = players.head(count).iter_rows(), players.tail(count).reverse().iter_rows()
    rows = [(*_person(one), *_person(other)) for one, other in zip(best, worst, strict=True)]
    text = (
        f"Of {players.height} people with at least {possessions:,.0f} decayed possessions; offence + defence = all, ± one standard error."
    )
    head = ("", "first", "offence", "defence", "in all", "", "last", "offence", "defence", "in all")
    return f"## First and last at the end of {label}\n\n{text}\n\n{table(head, rows)}"


def _person(row: tuple) -> tuple[str, ...]:
    rank, name, offence, defence, overall, error, _ = row
    return str(rank), name, _signed(offence), _signed(defence), f"{_signed(overall)} ± {error:.1f}"


def _signed(value: float) -> str:
    """One decimal with its sign; what rounds to nothing is +0.0."""
    return f"{round(value, 1) + 0.0:+.1f}".replace("-", "−")
