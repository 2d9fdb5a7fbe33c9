"""How far plus-minus of some games agrees with plus-minus of other games of the same people."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline_tests.plus_minus_evidence.tables import Snapshot, Tables, of_season, snapshot_after

PARTS = ("orapm", "drapm", "rapm")


@dataclass(frozen=True)
class Agreement:
    """Correlations of two sets of estimates over the people with enough possessions in both.

    Attributes:
        label: the games that were compared.
        players: how many.
        offence: r of `orapm`.
        defence: r of `drapm`.
        overall: r of `rapm`.
    """

    label: str
    players: int
    offence: float
    defence: float
    overall: float


def agreement(label: str, one: Snapshot, other: Snapshot, possessions: float) -> Agreement:
    """Compares people with at least `possessions` (on offence, decayed) in both snapshots."""
    enough = pl.col("possessions") >= possessions
    both = one.players.filter(enough).join(other.players.filter(enough), on="player_id", suffix="_other")
    offence, defence, overall = (float(np.corrcoef(both[part], both[f"{part}_other"])[0, 1]) for part in PARTS)
    return Agreement(label, both.height, offence, defence, overall)


def season_alone(tables: Tables, season: Season) -> Snapshot:
    """After a season, from its games alone."""
    return snapshot_after(tables, of_season(tables["games"], season))


def halves(tables: Tables, season: Season) -> tuple[Snapshot, Snapshot]:
    """After the even and after the odd games of a season, each half alone; games counted in order of date and id."""
    games = of_season(tables["games"], season).sort("game_date", "game_id").with_row_index("_number")
    even, odd = (games.filter(pl.col("_number") % 2 == rest).drop("_number") for rest in (0, 1))
    return snapshot_after(tables, even), snapshot_after(tables, odd)


def errors_by_possessions(snapshot: Snapshot, edges: tuple[float, ...]) -> pl.DataFrame:
    """Mean standard errors and the spread of the estimates, by possessions.

    Returns:
        least (possessions), players, orapm_se, drapm_se, rapm_se, sd of rapm.
    """
    classes = pl.max_horizontal(pl.when(pl.col("possessions") >= edge).then(pl.lit(edge)) for edge in edges)
    grouped = snapshot.players.with_columns(least=classes).filter(pl.col("least").is_not_null()).group_by("least")
    means = [pl.col(f"{part}_se").mean() for part in PARTS]
    return grouped.agg(pl.len().alias("players"), *means, pl.col("rapm").std().alias("sd")).sort("least")
