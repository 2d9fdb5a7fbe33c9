"""The as-of rule, in the one place that implements it.

A game sees only games of **earlier dates**. Features get their tables from a `History` and meet the past through three
moves, each of which compares dates with a strict `<`:

* `walk_dates`: go through the dates; facts arrive only after their date is over;
* `join_before`: the latest earlier row of another table;
* `running_sums`: (decayed) sums over all earlier rows of the same key.

All three give bit-identical answers when rows on or after a date are changed or deleted; `features/leaks.py` proves it
for every registered feature.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.warehouse.store import Warehouse

SCHEDULE = ("game_id", "season", "game_date", "home_team_id", "away_team_id", "neutral_site")
"""What is known of a game before it is played."""


class History:
    """Tables that features may look at, read once each.

    Args:
        load: gives a table by name; features only ever ask for names that are in their `inputs`.
    """

    def __init__(self, load: Callable[[str], pl.DataFrame]) -> None:
        self._load = load
        self._tables: dict[str, pl.DataFrame] = {}

    @classmethod
    def from_warehouse(cls, warehouse: Warehouse, through: Season) -> "History":
        """Every season on disk up to `through`."""

        def load(table: str) -> pl.DataFrame:
            return warehouse.read(table, [season for season in warehouse.seasons(table) if season <= through])

        return cls(load)

    @classmethod
    def from_frames(cls, frames: Mapping[str, pl.DataFrame]) -> "History":
        """Tables held in memory, as tests and notebooks have them."""
        return cls(lambda table: frames[table])

    def instead(self, tables: Mapping[str, str]) -> "History":
        """The same history, in which some names mean other tables: `{"rotation": "rotation_reported"}`."""
        return History(lambda name: self.table(tables.get(name, name)))

    def table(self, name: str) -> pl.DataFrame:
        """A table, whole."""
        if name not in self._tables:
            self._tables[name] = self._load(name)
        return self._tables[name]

    def keep(self, name: str, table: pl.DataFrame) -> None:
        """Has `table(name)` answer with this from now on, so that what was built along the way is not built again."""
        self._tables[name] = table

    def schedule(self, seasons: Sequence[Season] | None = None) -> pl.DataFrame:
        """Games in time order, with what is known before tip-off and nothing else."""
        games = self.table("games").select(SCHEDULE).sort("game_date", "game_id")
        return games if seasons is None else games.filter(pl.col("season").is_in(list(seasons)))

    def team_schedule(self, seasons: Sequence[Season] | None = None) -> pl.DataFrame:
        """Two rows a game, home first: game_id, season, game_date, team_id, opponent_id, is_home, neutral_site."""
        games = self.schedule(seasons).with_row_index("_row")
        sides = [
            games.select(
                "_row", "game_id", "season", "game_date", "neutral_site",
                team_id=f"{side}_team_id", opponent_id=f"{other}_team_id", is_home=pl.lit(side == "home"),
            )
            for side, other in (("home", "away"), ("away", "home"))
        ]  # fmt: skip
        return pl.concat(sides).sort("_row", pl.col("is_home").not_()).drop("_row")

    def results(self) -> pl.DataFrame:
        """Games that have been played, in time order, with scores."""
        return self.table("games").filter(pl.col("home_points").is_not_null()).sort("game_date", "game_id")

    def dated(self, name: str) -> pl.DataFrame:
        """A table keyed by game, in time order, with `season` and `game_date` joined to it where it has none."""
        table = self.table(name)
        if "game_date" not in table.columns:
            dates = self.table("games").select("game_id", "season", "game_date")
            table = table.drop("season", strict=False).join(dates, on="game_id", how="inner", maintain_order="left")
        return table.sort("game_date", maintain_order=True)


@dataclass(frozen=True)
class Night:
    """One date of a walk: what is asked about, and what has become known since the step before."""

    day: date
    targets: pl.DataFrame
    news: pl.DataFrame


def walk_dates(targets: pl.DataFrame, facts: pl.DataFrame) -> Iterator[Night]:
    """Goes through the dates of `targets` in order; each step brings the facts of strictly earlier dates not seen yet.

    Args:
        targets: rows with `game_date` to answer for, in any order.
        facts: rows with `game_date` to learn from.
    """
    facts = facts.sort("game_date", maintain_order=True)
    fact_days = facts["game_date"].to_numpy()
    seen = 0
    for (day,), rows in targets.sort("game_date", maintain_order=True).group_by("game_date", maintain_order=True):
        known = int(np.searchsorted(fact_days, np.datetime64(day), side="left"))
        yield Night(day, rows, facts.slice(seen, known - seen))
        seen = max(seen, known)


def join_before(left: pl.DataFrame, right: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Adds to each row of `left` the latest row of `right` with the same `by` and a strictly earlier `game_date`.

    Rows keep the order of `left`; without an earlier row the new columns are null.
    """
    order = left.with_row_index("_order").sort("game_date", maintain_order=True)
    right = right.sort("game_date", maintain_order=True)
    joined = order.join_asof(right, on="game_date", by=list(by), strategy="backward", allow_exact_matches=False, check_sortedness=False)
    return joined.sort("_order").drop("_order")


def running_sums(
    targets: pl.DataFrame,
    facts: pl.DataFrame,
    key: str,
    values: Sequence[str],
    *,
    half_life_days: float | None = None,
) -> np.ndarray:
    """Sums of `values` over all facts with the target's key and a strictly earlier date.

    Args:
        targets: rows with `game_date` and `key`.
        facts: rows with `game_date`, `key` and `values`; nulls count as 0.
        key: column of integers that names the entity (a team, a player).
        values: columns to add up.
        half_life_days: if given, a fact of this many days before the target counts half.

    Returns:
        Array (targets, values), in the order of `targets`.
    """
    codes = {entity: code for code, entity in enumerate(pl.concat([facts[key], targets[key]]).unique(maintain_order=True))}
    per_day = 0.5 ** (1 / half_life_days) if half_life_days else 1.0
    state, stamp = np.zeros((len(codes), len(values))), np.zeros(len(codes))
    answer = np.zeros((targets.height, len(values)))

    def with_codes(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.col(key).replace_strict(codes, return_dtype=pl.Int64).alias("_code"), pl.col("game_date").to_physical().alias("_day")
        )

    targets = with_codes(targets).with_row_index("_row").select("_row", "_code", "_day", "game_date")
    for night in walk_dates(targets, with_codes(facts)):
        for (day,), rows in night.news.group_by("_day", maintain_order=True):
            code = rows["_code"].to_numpy()
            state[code] *= (per_day ** (day - stamp[code]))[:, None]
            stamp[code] = day
            np.add.at(state, code, rows.select(values).fill_null(0).cast(pl.Float64).to_numpy())
        code, row = night.targets["_code"].to_numpy(), night.targets["_row"].to_numpy()
        age = night.targets["_day"].to_numpy() - stamp[code]
        answer[row] = state[code] * (per_day**age)[:, None]
    return answer
