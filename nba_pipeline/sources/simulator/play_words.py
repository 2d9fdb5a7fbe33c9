"""What the play-by-play says about an event: the service's wordings, with the running counts that it puts in brackets."""

from typing import Final

import polars as pl

from nba_pipeline.league.clock import MAX_PERIODS, REGULATION_PERIODS
from nba_pipeline.league.events import FOUL_TECHNICAL, MISS_MARK, THREE_POINT_MARK, EventType, Foul, FreeThrow
from nba_pipeline.sources.simulator.averages import CORNER_THREE, RIM

OWN_TEXT, OTHER_TEXT, NEUTRAL_TEXT = "own_text", "other_text", "neutral_text"
ORDINALS: Final = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
FOUL_WORDS: Final = {Foul.PERSONAL: "P.FOUL", Foul.SHOOTING: "S.FOUL", Foul.LOOSE_BALL: "L.B.FOUL", Foul.OFFENSIVE: "OFF.Foul",
                     Foul.TECHNICAL: "T.FOUL"}  # fmt: skip
TURNOVER_WORDS: Final = {
    1: "Bad Pass", 2: "Lost Ball", 4: "Traveling", 11: "Shot Clock", 37: "Offensive Foul", 39: "Step Out of Bounds",
    40: "Out of Bounds Lost Ball", 45: "Out of Bounds - Bad Pass",
}  # fmt: skip

_KIND, _ACTION, _NAMED = pl.col("kind"), pl.col("action"), pl.col("family1").is_not_null()
_MADE, _MISSED, _THROW = (_KIND.eq(int(kind)) for kind in (EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW))
_REBOUND, _TURNOVER, _FOUL = (_KIND.eq(int(kind)) for kind in (EventType.REBOUND, EventType.TURNOVER, EventType.FOUL))


def with_words(events: pl.DataFrame) -> pl.DataFrame:
    """Adds the three texts.

    Args:
        events: kind, action, period, side, one, two, three, zone, feet, number, of, points, own_rebound, family1 .. family3 and the
            nickname of the side, in game order.
    """
    counted = events.with_columns(**_counts())
    return counted.with_columns(_own().alias(OWN_TEXT), _other().alias(OTHER_TEXT), _neutral().alias(NEUTRAL_TEXT))


def _counts() -> dict[str, pl.Expr]:
    """How often so far: what stands in brackets."""

    def running(what: pl.Expr, *who: str) -> pl.Expr:
        return what.cast(pl.Int64).cum_sum().over("game", *who)

    return {
        "points_so_far": running(pl.col("points"), "one"),
        "assists_so_far": running(_MADE & (pl.col("two") >= 0), "two"),
        "steals_so_far": running(_TURNOVER & (pl.col("two") >= 0), "two"),
        "blocks_so_far": running(_MISSED & (pl.col("three") >= 0), "three"),
        "own_rebounds_so_far": running(_REBOUND & pl.col("own_rebound"), "one"),
        "other_rebounds_so_far": running(_REBOUND & ~pl.col("own_rebound"), "one"),
        "turnovers_so_far": running(_TURNOVER, "one"),
        "team_turnovers_so_far": running(_TURNOVER, "side"),
        "fouls_so_far": running(_FOUL & ~_ACTION.is_in([int(foul) for foul in FOUL_TECHNICAL]), "one"),
        "team_fouls_so_far": running(_FOUL, "period", "side"),
        "timeouts_so_far": running(_KIND == EventType.TIMEOUT, "side"),
    }


def _own() -> pl.Expr:
    """What stands in the column of the side whose event it is."""
    blank = pl.lit("")
    three = pl.when(pl.col("zone") >= CORNER_THREE).then(pl.lit(f"{THREE_POINT_MARK} ")).otherwise(blank)
    shot = pl.format(
        "{} {}' {}{}", "family1", "feet", three, pl.when(pl.col("zone") == RIM).then(pl.lit("Layup")).otherwise(pl.lit("Jump Shot"))
    )
    points = pl.format(" ({} PTS)", "points_so_far")
    assist = pl.when(pl.col("two") >= 0).then(pl.format(" ({} {} AST)", "family2", "assists_so_far")).otherwise(blank)
    technical = _ACTION == FreeThrow.TECHNICAL
    which = pl.when(technical).then(pl.lit("Technical")).otherwise(pl.format("{} of {}", "number", "of"))
    throw = pl.format("{} Free Throw {}", "family1", which)
    club = pl.col("nickname").str.to_uppercase()
    turnover = _ACTION.replace_strict(TURNOVER_WORDS, default="", return_dtype=pl.String)
    lost = pl.format("{} {} Turnover (P{}.T{})", "family1", turnover, "turnovers_so_far", "team_turnovers_so_far")
    foul = _ACTION.replace_strict({int(code): word for code, word in FOUL_WORDS.items()}, default="", return_dtype=pl.String)
    return (
        pl.when(_MADE).then(shot + points + assist)
        .when(_MISSED).then(pl.lit(f"{MISS_MARK} ") + shot)
        .when(_THROW & (pl.col("points") > 0)).then(throw + points)
        .when(_THROW).then(pl.lit(f"{MISS_MARK} ") + throw)
        .when(_REBOUND & _NAMED).then(pl.format("{} REBOUND (Off:{} Def:{})", "family1", "own_rebounds_so_far", "other_rebounds_so_far"))
        .when(_REBOUND).then(club + pl.lit(" Rebound"))
        .when(_TURNOVER & _NAMED).then(lost)
        .when(_TURNOVER).then(pl.format("{} Turnover: {} (T#{})", club, turnover, "team_turnovers_so_far"))
        .when(_FOUL).then(pl.format("{} {} (P{}.T{})", "family1", foul, "fouls_so_far", "team_fouls_so_far"))
        .when(_KIND == EventType.SUBSTITUTION).then(pl.format("SUB: {} FOR {}", "family2", "family1"))
        .when(_KIND == EventType.TIMEOUT).then(pl.format("{} Timeout: Regular (Full {} Short 0)", club, "timeouts_so_far"))
    )  # fmt: skip


def _other() -> pl.Expr:
    """What stands in the other side's column: a steal or a block."""
    return (
        pl.when(_TURNOVER & (pl.col("two") >= 0)).then(pl.format("{} STEAL ({} STL)", "family2", "steals_so_far"))
        .when(_MISSED & (pl.col("three") >= 0)).then(pl.format("{} BLOCK ({} BLK)", "family3", "blocks_so_far"))
    )  # fmt: skip


def _neutral() -> pl.Expr:
    regulation = pl.col("period") <= REGULATION_PERIODS
    place = pl.when(regulation).then(pl.col("period")).otherwise(pl.col("period") - REGULATION_PERIODS)
    ordinal = place.replace_strict(dict(enumerate(ORDINALS, start=1)), return_dtype=pl.String)
    period = pl.format("{} {}", ordinal, pl.when(regulation).then(pl.lit("Period")).otherwise(pl.lit("OT")))
    return (
        pl.when(_KIND == EventType.PERIOD_START).then(pl.format("Start of {} (8:00 PM EST)", period))
        .when(_KIND == EventType.PERIOD_END).then(pl.format("End of {} (8:00 PM EST)", period))
    )  # fmt: skip


assert len(ORDINALS) == MAX_PERIODS
