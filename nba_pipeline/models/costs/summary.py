"""Tables of the ledger's entries that people look at: by asset, and how the sum has grown.

What does not belong here: drawing (`evaluation/plots.py`), what may still be spent (`budget.py`).
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from nba_pipeline.models.costs.budget import BUDGET_DAYS, recently_spent

EASTERN = "America/New_York"
OTHERS = "others"


def by_asset(entries: pl.DataFrame) -> pl.DataFrame:
    """What each asset has cost, the dearest first.

    Args:
        entries: as `Ledger.entries` returns them.

    Returns:
        `asset`, `runs` (failed ones too), `failed`, `seconds`, `cost`, `last` (start of the latest, UTC).
    """
    return (
        entries.group_by("asset")
        .agg(
            runs=pl.len(),
            failed=(pl.col("outcome") == "failed").sum(),
            seconds=pl.col("seconds").sum(),
            cost=pl.col("cost").sum(),
            last=pl.col("started_at").max(),
        )
        .sort("cost", "asset", descending=[True, False])
    )


def totals(entries: pl.DataFrame, now: datetime) -> dict[str, float]:
    """Over all assets: `trainings`, `seconds`, `cost`, and `cost_30_days`, what counts against the budget.

    Args:
        entries: as `Ledger.entries` returns them.
        now: with a time zone.
    """
    seconds, cost = (float(entries[name].sum()) for name in ("seconds", "cost"))
    return {"trainings": entries.height, "seconds": seconds, "cost": cost, f"cost_{BUDGET_DAYS}_days": recently_spent(entries, now)}


def cumulative_cost(entries: pl.DataFrame, most: int = 7) -> pl.DataFrame:
    """How the cost of each asset has grown, day by day.

    Args:
        entries: as `Ledger.entries` returns them.
        most: assets of their own, the dearest; what is left is `others`.

    Returns:
        `day` (Eastern), `asset`, `cost` since the first day, sorted by asset (the dearest first) and day: every day on which anything was
        trained, for each asset from its own first on.
    """
    dearest = by_asset(entries)["asset"].head(most).to_list()
    daily = entries.group_by(
        day=pl.col("started_at").dt.convert_time_zone(EASTERN).dt.date(),
        asset=pl.when(pl.col("asset").is_in(dearest)).then("asset").otherwise(pl.lit(OTHERS)),
    ).agg(pl.col("cost").sum())
    first = daily.group_by("asset").agg(first=pl.col("day").min())
    grid = daily.select("day").unique().join(first, how="cross").filter(pl.col("day") >= pl.col("first"))
    rank = pl.col("asset").replace_strict({name: row for row, name in enumerate([*dearest, OTHERS])}, return_dtype=pl.Int64)
    return (
        grid.join(daily, on=["day", "asset"], how="left")
        .sort(rank, "day")
        .select("day", "asset", cost=pl.col("cost").fill_null(0.0).cum_sum().over("asset"))
    )


def eastern_text(moment: datetime) -> str:
    """A moment as people read it: `2024-01-31 07:00`, in Eastern time."""
    return f"{moment.astimezone(ZoneInfo(EASTERN)):%Y-%m-%d %H:%M}"
