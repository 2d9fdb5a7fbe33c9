"""Raw play-by-play rows → typed rows in clock order, with the score after each.

Who is on court is worked out in `lineups`; this module only reads what a row says about itself.
"""

import polars as pl
import polars.selectors as cs

from nba_pipeline.league.clock import elapsed_seconds
from nba_pipeline.league.events import MADE_FREE_THROW_MARK, THREE_POINT_MARK, EventType
from nba_pipeline.league.ids import FIRST_TEAM_ID, LAST_TEAM_ID

HOME, AWAY = 0, 1
"""Values of the `side` columns."""

SLOTS = (1, 2, 3)
"""A row names up to three people."""

EVENT_NUMBERS = 100_000
"""More than a game has events."""

_NEUTRAL_EVENTS = (EventType.PERIOD_START, EventType.PERIOD_END, EventType.REPLAY)


class PlaysError(ValueError):
    """Raw plays that cannot be turned into a table; the message names the rows and what to do."""


def play_rows(raw: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """Typed rows of whole games, one per distinct raw row.

    Args:
        raw: rows of `nbastats_{Y}`, any number of games, with the service's column names.
        games: the `games` table; every game of `raw` must be in it.

    Returns:
        Rows sorted by game, period and clock; rows of the same second keep the order of the file (EVENTNUM can run backwards).
        Beside columns of `plays` it has `side1` .. `side3` (0 home, 1 away, null: slot names no player of the two teams).

    Raises:
        PlaysError: a row has no readable period, clock or event type, or its game is not in `games`.
    """
    known = games.select("game_id", "season", "home_team_id", "away_team_id").sort("game_id").with_row_index("game_code")
    rows = raw.select(_typed()).join(known, on="game_id", how="left", maintain_order="left")
    unreadable = pl.any_horizontal(pl.col("event_num", "period", "clock_seconds", "event_type").is_null())
    _refuse(rows, unreadable, "no readable event number, type, period or clock")
    _refuse(rows, pl.col("season").is_null(), "a game that is not in the game log")
    rows = _without_repeats(rows).sort("game_code", "period", "clock_seconds", descending=[False, False, True], maintain_order=True)
    rows = rows.with_columns(
        elapsed_seconds(pl.col("period"), pl.col("clock_seconds")).cast(pl.Int32).alias("elapsed_seconds"),
        *(_side(slot).alias(f"side{slot}") for slot in SLOTS),
        team_id=_acting_team(),
    )
    players = {f"player{slot}_id": pl.when(pl.col(f"side{slot}").is_not_null()).then(f"player{slot}_id") for slot in SLOTS}
    rows = rows.with_columns(**players)
    return rows.with_columns(_score_after(team).alias(f"{team}_score") for team in ("home", "away")).drop(cs.starts_with("_"))


def _without_repeats(rows: pl.DataFrame) -> pl.DataFrame:
    """Drops rows that say the same as an earlier one; rows that share an EVENTNUM but differ are different plays."""
    event = pl.col("game_code").cast(pl.Int64) * EVENT_NUMBERS + pl.col("event_num")
    suspects = rows.with_row_index("_row").filter(event.is_duplicated())
    if suspects.is_empty():
        return rows
    repeats = suspects.filter(~pl.struct(rows.columns).is_first_distinct())["_row"]
    return rows.filter(~pl.int_range(pl.len()).is_in(repeats.implode()))


def _integer(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False).cast(pl.Int64)


def _typed() -> list[pl.Expr]:
    clock = pl.col("PCTIMESTRING").str
    minutes, seconds = (part.cast(pl.Int32, strict=False) for part in (clock.head(-3), clock.tail(2)))
    texts = [pl.col(name) for name in ("HOMEDESCRIPTION", "VISITORDESCRIPTION", "NEUTRALDESCRIPTION")]
    return [
        pl.col("GAME_ID").alias("game_id"),
        _integer("EVENTNUM").cast(pl.Int32).alias("event_num"),
        _integer("PERIOD").cast(pl.Int32).alias("period"),
        (minutes * 60 + seconds).alias("clock_seconds"),
        _integer("EVENTMSGTYPE").cast(pl.Int8).alias("event_type"),
        _integer("EVENTMSGACTIONTYPE").cast(pl.Int16).alias("event_action_type"),
        *(_integer(f"PLAYER{slot}_ID").alias(f"player{slot}_id") for slot in SLOTS),
        *(_integer(f"PLAYER{slot}_TEAM_ID").alias(f"_team{slot}") for slot in SLOTS),
        pl.concat_str(texts, separator=" | ", ignore_nulls=True).alias("description"),
        pl.col("HOMEDESCRIPTION").is_not_null().alias("_home_text"),
        pl.col("VISITORDESCRIPTION").is_not_null().alias("_away_text"),
    ]


def _refuse(rows: pl.DataFrame, wrong: pl.Expr, what: str) -> None:
    bad = rows.filter(wrong)
    if bad.height:
        named = ", ".join(f"{game} event {event}" for game, event in bad.select("game_id", "event_num").head(5).iter_rows())
        remedy = "Fetch the season's nbastats and game log files again, or delete these rows"
        raise PlaysError(f"{bad.height} raw plays have {what}: {named}. {remedy}")


def _is_team(player: pl.Expr) -> pl.Expr:
    return player.is_between(FIRST_TEAM_ID, LAST_TEAM_ID)


def _side(slot: int) -> pl.Expr:
    team, player = pl.col(f"_team{slot}"), pl.col(f"player{slot}_id")
    is_player = (player > 0) & ~_is_team(player)
    home, away = is_player & (team == pl.col("home_team_id")), is_player & (team == pl.col("away_team_id"))
    return pl.when(home).then(pl.lit(HOME, pl.Int8)).when(away).then(pl.lit(AWAY, pl.Int8))


def _acting_team() -> pl.Expr:
    """The first person's team, or the team itself when the row names one; else the side whose column tells the event."""
    named = pl.coalesce(pl.col("_team1"), pl.when(_is_team(pl.col("player1_id"))).then("player1_id"))
    told = (
        pl.when(pl.col("event_type").is_in(_NEUTRAL_EVENTS) | (pl.col("_home_text") == pl.col("_away_text")))
        .then(None).when("_home_text").then("home_team_id").otherwise("away_team_id")
    )  # fmt: skip
    return pl.when((named == pl.col("home_team_id")) | (named == pl.col("away_team_id"))).then(named).otherwise(told)


def is_made_free_throw() -> pl.Expr:
    """A free throw whose description ends in the shooter's points.

    Missed ones start with `MISS`; a few a season say neither, and were not made (until 2016-17, some ten a season).
    """
    return (pl.col("event_type") == EventType.FREE_THROW) & pl.col("description").str.contains(MADE_FREE_THROW_MARK, literal=True)


def points() -> pl.Expr:
    """Points of a play to its acting team, from the event and its description.

    The service's SCORE column is not used: it steps back where a late correction was filed out of order, and two games of 2021-22
    end with a score in it that was not theirs. The sum of the events is the final score of every game of eleven seasons.
    """
    shot = pl.when(pl.col("description").str.contains(THREE_POINT_MARK, literal=True)).then(3).otherwise(2)
    return pl.when(pl.col("event_type") == EventType.MADE_SHOT).then(shot).otherwise(is_made_free_throw().cast(pl.Int32))


def _score_after(team: str) -> pl.Expr:
    scored = pl.when(pl.col("team_id") == pl.col(f"{team}_team_id")).then(points()).otherwise(0)
    return scored.cum_sum().over("game_code").cast(pl.Int32)
