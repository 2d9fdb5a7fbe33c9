"""The as-of proof of `era_form` over all of history: `python -m nba_pipeline_tests.asof_at_scale.eras --data DIR`.

At random dates of random seasons every box line of that date and later is dealt out anew, then deleted; what is known of the players of
that date must be the same, bit for bit. The lines go back a few seasons, the same ones each time.
"""

import random
from datetime import date
from pathlib import Path

import click
import polars as pl
from rich.progress import track

from nba_pipeline.features.era_form import ASKED, FEATURES, rows_of
from nba_pipeline.features.leaks import mutate
from nba_pipeline.warehouse.store import Warehouse

SEASONS_BACK = 4


def moved(lines: pl.DataFrame, day: date, seed: int) -> dict[str, int]:
    """Columns of the rows of a day that change when its box lines and all later ones do, with how many rows do; empty if none."""
    asked = lines.filter(pl.col("game_date") == day).select(ASKED)
    games = lines.select("game_id", "season", "game_date").unique("game_id", keep="first", maintain_order=True)
    before, found = rows_of(asked, lines), dict[str, int]()
    for mutation in ("scramble", "delete"):
        changed = mutate({"games": games, "era_lines": lines}, day, mutation, seed)["era_lines"]
        after = rows_of(asked, changed.sort("game_date", "game_id", "team_id", "player_id"))
        for column in before.columns:
            rows = int((before[column].eq_missing(after[column]).not_()).sum())
            if rows:
                found[column] = found.get(column, 0) + rows
    return found


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Data folder with era_lines.")
@click.option("--instants", default=200, show_default=True)
@click.option("--seed", default=11, show_default=True)
def main(data: Path, instants: int, seed: int) -> None:
    """Prints each column that knew the future, and exits with 1 if there is one."""
    warehouse, draw = Warehouse(data), random.Random(seed)
    seasons, leaks, rows = warehouse.seasons("era_lines"), dict[str, int](), 0
    chosen = sorted(draw.choice(range(1, len(seasons))) for _ in range(instants))
    for at in track(chosen, "instants"):
        lines = warehouse.read("era_lines", seasons[max(0, at - SEASONS_BACK) : at + 1])
        days = lines.filter(pl.col("season") == seasons[at])["game_date"].unique().sort()
        day = draw.choice(days.to_list())
        rows += lines.filter(pl.col("game_date") == day).height
        for column, count in moved(lines, day, draw.randrange(1 << 30)).items():
            leaks[column] = leaks.get(column, 0) + count
            print(f"{day}: {column} moved in {count} rows")
    print(f"{instants} dates of {len(set(chosen))} seasons, {rows} rows, {len(FEATURES)} features: {len(leaks)} columns moved")
    raise SystemExit(bool(leaks))


if __name__ == "__main__":
    main()
