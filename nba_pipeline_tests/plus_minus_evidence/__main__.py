"""Measures plus-minus on the real tables and writes the evidence into `docs/rapm.md`. Looks at no season after 2021-22."""

import sys
from itertools import pairwise
from pathlib import Path

import click
from rich.console import Console

from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.plus_minus_evidence.page import (
    agreement_block,
    errors_block,
    ranking_block,
    retrodiction_block,
    with_evidence,
)
from nba_pipeline_tests.plus_minus_evidence.ranking import ranked
from nba_pipeline_tests.plus_minus_evidence.retrodiction import retrodict
from nba_pipeline_tests.plus_minus_evidence.stability import agreement, errors_by_possessions, halves, season_alone
from nba_pipeline_tests.plus_minus_evidence.tables import Snapshot, Tables, of_season, read_tables, snapshot_after

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rapm.md"
SEASONS = ("2012-13", "2013-14", "2014-15", "2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22")
TRANSITIONS = tuple(pairwise(SEASONS[:7]))
"""Seasons with plays, the first of each pair already seen, from 2012-13 to 2018-19."""

LISTED = ("2018-19", "2021-22")
SEASON_POSSESSIONS, HALF_POSSESSIONS, LISTED_POSSESSIONS = 1500.0, 1000.0, 3000.0
CLASSES = (0.0, 1000.0, 2000.0, 4000.0, 6000.0)
COUNT = 20


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the real tables; the data folder of the settings.")
@click.option("--page", default=PAGE, type=click.Path(path_type=Path), help="Markdown file to write into; docs/rapm.md.")
def main(data: Path | None, page: Path) -> None:
    """Needs games, stints and box lines of 2012-13 .. 2021-22 (no plays in 2020-21)."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    tables = read_tables(Warehouse(data or Settings(source="archive").source_dir, "archive"), SEASONS)
    with console.status("Measuring plus-minus"):
        blocks = evidence(tables)
    page.write_text(with_evidence(page.read_text(), blocks))
    console.print("\n\n".join(blocks), markup=False, highlight=False, soft_wrap=True)


def evidence(tables: Tables) -> list[str]:
    """All blocks of the page."""
    ends = {season: after(tables, season) for season in LISTED}
    rankings = [
        ranking_block(season, ranked(end, of_season(tables["player_game_stats"], season), LISTED_POSSESSIONS), LISTED_POSSESSIONS, COUNT)
        for season, end in ends.items()
    ]
    return [
        retrodiction_block([retrodict(tables, season, before) for before, season in TRANSITIONS]),
        *_agreements(tables),
        errors_block(LISTED[-1], errors_by_possessions(ends[LISTED[-1]], CLASSES)),
        *rankings,
    ]


def after(tables: Tables, season: str) -> Snapshot:
    """The day after a season, from it and all earlier ones."""
    return snapshot_after(tables, tables["games"].filter(tables["games"]["season"] <= season).sort("game_date", "game_id"))


def _agreements(tables: Tables) -> list[str]:
    alone = {season: season_alone(tables, season) for season in SEASONS[:7]}
    years = [agreement(f"{a}, {b}", alone[a], alone[b], SEASON_POSSESSIONS) for a, b in TRANSITIONS]
    parts = [agreement(season, *halves(tables, season), HALF_POSSESSIONS) for season in SEASONS[:7]]
    return [
        agreement_block(
            "From year to year", f"Each season alone; people with {SEASON_POSSESSIONS:,.0f} decayed possessions in both.", years
        ),
        agreement_block(
            "Odd and even games", f"Half a season each; people with {HALF_POSSESSIONS:,.0f} decayed possessions in both.", parts
        ),
    ]


if __name__ == "__main__":
    main()
