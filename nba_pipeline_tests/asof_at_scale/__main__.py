"""Draws instants over every season of the archive, changes all that follows, rebuilds every feature and prints what moved."""

import sys
import time
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
from rich.console import Console

from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.features.leaks import build_world
from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.asof_at_scale.proof import leaks_at, rebuild
from nba_pipeline_tests.asof_at_scale.stretches import Stretch, draw_instants, read_frames, world
from nba_pipeline_tests.asof_at_scale.summary import Summary

HISTORY, LENGTH, A_STRETCH = 10, 24, 8
"""Dates of the season before, dates of the season, and instants drawn from them."""

EVERYTHING, WHOLE_LENGTH, A_WHOLE = 400, 60, 2
"""The same for the few that see the whole season before."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the real tables; the data folder of the settings.")
@click.option("--instants", default=200, show_default=True, type=click.IntRange(min=1), help="How many are drawn.")
@click.option("--whole", default=8, show_default=True, help="How many of them see the whole season before and the season up to then.")
@click.option("--seed", default=1, show_default=True, help="Of the draw and of the scrambling.")
def main(data: Path | None, instants: int, whole: int, seed: int) -> None:
    """Exits with 1 if any feature knew the future. About 4 seconds an instant, 40 for one with a whole season."""
    console, rng = Console(width=None if sys.stdout.isatty() else 120), np.random.default_rng(seed)
    warehouse = Warehouse(data or Settings(source="archive").source_dir, "archive")
    summary, began = Summary(tuple(feature.name for feature in FEATURES)), time.perf_counter()
    for number, (stretch, count) in enumerate(plan(warehouse, instants, whole, rng)):
        frames = world(read_frames(warehouse, stretch.seasons), stretch)
        built = build_world(frames, FEATURES)
        for instant in draw_instants(frames, stretch, count, np.random.default_rng([seed, number])):
            summary.add(stretch, instant, leaks_at(built, rebuild(frames, built, instant, seed), instant))
        console.print(f"{stretch.season}: {summary.progress()}, {time.perf_counter() - began:.0f} s", highlight=False)
    console.print(summary.text(), highlight=False, markup=False)
    sys.exit(bool(summary.leaks))


def plan(warehouse: Warehouse, instants: int, whole: int, rng: np.random.Generator) -> list[tuple[Stretch, int]]:
    """Stretches over the seasons in turn, and how many instants each gives; those with whole seasons last."""
    pairs = [("", warehouse.seasons("games")[0]), *pairwise(warehouse.seasons("games"))]
    short, chosen = max(instants - whole, 0), []
    counts = [min(A_STRETCH, short - begun) for begun in range(0, short, A_STRETCH)]
    for number, count in enumerate(counts):
        before, season = pairs[number % len(pairs)]
        chosen.append((Stretch(before, season, HISTORY, int(rng.integers(_dates(warehouse, season) - LENGTH)), LENGTH), count))
    for begun in range(0, min(whole, instants), A_WHOLE):
        before, season = pairs[int(rng.integers(1, len(pairs)))]
        chosen.append((Stretch(before, season, EVERYTHING, 0, WHOLE_LENGTH), min(A_WHOLE, whole - begun)))
    return chosen


def _dates(warehouse: Warehouse, season: str) -> int:
    return warehouse.read("games", [season], ["game_date"])["game_date"].n_unique()


if __name__ == "__main__":
    main()
