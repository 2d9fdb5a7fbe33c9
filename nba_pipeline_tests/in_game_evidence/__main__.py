"""Measures the forecast within a game on the real tables and writes `docs/in_game.md`. Looks at no season after 2021-22."""

import sys
from pathlib import Path

import click
import polars as pl
from rich.console import Console

from nba_pipeline.evaluation.minute_plots import minute_curves
from nba_pipeline.evaluation.minutes import score_minutes
from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.in_game_evidence.page import means_block, minutes_block, with_evidence
from nba_pipeline_tests.in_game_evidence.walk import walk

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIRST = "2013-14"
CHOSEN_ON = ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20")
SHOWN = "2021-22"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the real tables; the data folder of the settings.")
@click.option("--docs", default=DOCS, type=click.Path(path_type=Path), help="Folder of in_game.md and of images/.")
def main(data: Path | None, docs: Path) -> None:
    """Needs the feature tables of 2013-14 .. 2021-22 (no plays in 2020-21)."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    with console.status("Forecasting every minute"):
        rows = walk(Warehouse(data or Settings(source="archive").source_dir, "archive"), FIRST, [*CHOSEN_ON, SHOWN])
        scores = {label: score_minutes(part) for label, part in _parts(rows).items()}
    page = docs / "in_game.md"
    blocks = [means_block(label, scores[label]) for label in scores]
    blocks.append(minutes_block(f"{SHOWN}, minute by minute", scores[SHOWN]))
    page.write_text(with_evidence(page.read_text(), blocks))
    (docs / "images" / "in-game.png").write_bytes(minute_curves(scores[SHOWN], f"{SHOWN}, every minute"))
    console.print("\n\n".join(blocks[:-1]), markup=False, highlight=False, soft_wrap=True)


def _parts(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    chosen = rows.filter(pl.col("season") != SHOWN)
    return {f"{CHOSEN_ON[0]} .. {CHOSEN_ON[-1]}": chosen, SHOWN: rows.filter(pl.col("season") == SHOWN)}


if __name__ == "__main__":
    main()
