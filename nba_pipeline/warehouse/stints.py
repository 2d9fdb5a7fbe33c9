"""The `stints` table: stretches of play with the same ten on court, with what each side did in them.

What happens in one second of the clock is credited to the ten who were on court when that second began, with exceptions for free throws
that follow the official plus-minus and change with its conventions (`credit`). Taking the order of the rows as it is would give the
official plus-minus in 40 % of player-games; so it is 99.7 % and more, but for 2012-13 (99.4 %) and 2017-18 (99.0 %).
"""

import polars as pl

from nba_pipeline.league.events import THREE_POINT_MARK, EventType
from nba_pipeline.warehouse.credit import Convention, credited_row
from nba_pipeline.warehouse.possessions import possession_ends, with_context

SIDES = ("home", "away")
COUNTS = ("possessions", "points", "fg3a", "fg3m", "fta", "ftm")
COUNT_COLUMNS = tuple(f"{side}_{count}" for count in COUNTS for side in SIDES)
COLUMNS = (
    "game_id", "stint_index", "season", "period", "start_seconds", "end_seconds", "start_play_index", "home_lineup", "away_lineup",
    *COUNT_COLUMNS,
)  # fmt: skip
"""Columns of `stints`, in order."""


def build_stints(plays: pl.DataFrame, games: pl.DataFrame, convention: Convention | None = None) -> pl.DataFrame:
    """Cuts plays where the ten on court change.

    Args:
        plays: the `plays` table.
        games: the `games` table, for the two teams of each game and its date.
        convention: whom plays are credited to in all games; that of each game's date when None, as the table has it.

    Returns:
        One row per stint, `stint_index` 0, 1, … in each game. Seconds since tip-off; counts of each side are Int32.
        `start_play_index` is the first play with this ten. Points, attempts and seconds of a game add up to all of it. Stints of no
        length are left out unless something is credited to them.
    """
    teams = games.select("game_id", "game_date", "home_team_id", "away_team_id")
    framed = plays.sort("game_id", "play_index").join(teams, on="game_id", how="left", maintain_order="left")
    framed = with_context(framed).pipe(possession_ends).with_columns(_stint().alias("stint"), *(_points(side) for side in SIDES))
    credited = framed["stint"].gather(credited_row(framed, convention))
    counted = framed.select(credited, *_counts()).filter(pl.any_horizontal(pl.col(COUNT_COLUMNS) > 0))
    counts = counted.group_by("stint").sum()
    starts = framed.filter(pl.col("stint") != pl.col("stint").shift(fill_value=0)).select(
        "stint", "game_id", "season", "period", "period_row", "home_lineup", "away_lineup", "elapsed_seconds", start_play_index="play_index"
    )
    period_ends = framed.group_by("period_row").agg(period_end=pl.last("elapsed_seconds"))
    stints = starts.join(counts, on="stint", how="left").join(period_ends, on="period_row", how="left").sort("stint")
    return _timed(stints).pipe(_without_empty).select(COLUMNS)


def _stint() -> pl.Expr:
    """Number, from 1, of the run of equal period and lineups a play is in."""
    changed = [pl.col(name).ne_missing(pl.col(name).shift()) for name in ("period_row", "home_lineup", "away_lineup")]
    return pl.any_horizontal(changed).fill_null(True).cum_sum()


def _points(side: str) -> pl.Expr:
    """Points a side scores with a play, from its score after each play."""
    score = pl.col(f"{side}_score")
    before = pl.when(pl.col("game_id") == pl.col("game_id").shift()).then(score.shift()).otherwise(0)
    return (score - before).alias(f"_{side}_points")


def _counts() -> list[pl.Expr]:
    kind, is_three = pl.col("event_type"), pl.col("description").str.contains(THREE_POINT_MARK, literal=True)
    made, missed, free = kind == EventType.MADE_SHOT, kind == EventType.MISSED_SHOT, kind == EventType.FREE_THROW
    of_both = {"fg3a": (made | missed) & is_three, "fg3m": made & is_three, "fta": free, "ftm": free & pl.col("is_made_free_throw")}
    counts = []
    for side in SIDES:
        team = pl.col(f"{side}_team_id")
        ours = {name: (pl.col("team_id") == team) & what for name, what in of_both.items()}
        ours |= {"possessions": pl.col("possession_of") == team, "points": pl.col(f"_{side}_points")}
        counts += [what.fill_null(False).cast(pl.Int32).alias(f"{side}_{name}") for name, what in ours.items()]
    return counts


def _timed(stints: pl.DataFrame) -> pl.DataFrame:
    """Makes a period's stints follow each other without gaps, the first from its first play and the last to its end."""
    same_period = pl.col("period_row") == pl.col("period_row").shift(-1)
    end = pl.when(same_period).then(pl.col("elapsed_seconds").shift(-1)).otherwise("period_end")
    return stints.with_columns(start_seconds="elapsed_seconds", end_seconds=end).with_columns(pl.col(COUNT_COLUMNS).fill_null(0))


def _without_empty(stints: pl.DataFrame) -> pl.DataFrame:
    """Drops stints of no length to which nothing is credited, and numbers the rest."""
    kept = stints.filter((pl.col("end_seconds") > pl.col("start_seconds")) | pl.any_horizontal(pl.col(COUNT_COLUMNS) > 0))
    return kept.with_columns(stint_index=pl.int_range(pl.len(), dtype=pl.Int32).over("game_id"))
