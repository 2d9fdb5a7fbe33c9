"""Events as rows of the play-by-play, version 2: the service's columns and codes. The texts are `play_words`' work."""

from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.events import EventType
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.box import is_own_rebound
from nba_pipeline.sources.simulator.floor import AWAY, HOME
from nba_pipeline.sources.simulator.names import full_names, names
from nba_pipeline.sources.simulator.people import Ints
from nba_pipeline.sources.simulator.play_words import NEUTRAL_TEXT, OTHER_TEXT, OWN_TEXT, with_words
from nba_pipeline.sources.simulator.record import NOBODY
from nba_pipeline.sources.simulator.season import WORDS, SimulatedSeason

SLOTS: Final = {1: "one", 2: "two", 3: "three"}
PERSON: Final = ("PERSON{}TYPE", "PLAYER{}_ID", "PLAYER{}_NAME", "PLAYER{}_TEAM_ID", "PLAYER{}_TEAM_CITY", "PLAYER{}_TEAM_NICKNAME",
                 "PLAYER{}_TEAM_ABBREVIATION")  # fmt: skip
NO_PERSON, HOME_TEAM, HOME_PLAYER = 0, 2, 4
"""PERSONnTYPE: what a slot names; one more for those of the away side."""

COLUMNS: Final = (
    "GAME_ID", "EVENTNUM", "EVENTMSGTYPE", "EVENTMSGACTIONTYPE", "PERIOD", "WCTIMESTRING", "PCTIMESTRING", "HOMEDESCRIPTION",
    "NEUTRALDESCRIPTION", "VISITORDESCRIPTION", "SCORE", "SCOREMARGIN", *(name.format(slot) for slot in SLOTS for name in PERSON),
    "VIDEO_AVAILABLE_FLAG",
)  # fmt: skip
COUNTED: Final = ("game", "period", "clock", "kind", "action", "side", "one", "two", "three", "zone", "number", "of", "points")


def play_rows(season: SimulatedSeason, feet: Ints) -> pl.DataFrame:
    """One row per event, with the columns of `nbastats_{Y}`.

    Args:
        season: what happened.
        feet: (events,) distance of shots, anything for other events.
    """
    events = with_words(_events(season, feet))
    clock = pl.format("{}:{}", pl.col("clock") // 60, (pl.col("clock") % 60).cast(pl.String).str.zfill(2))
    scored, margin = pl.when(pl.col("points") > 0), pl.col("home_score") - pl.col("away_score")
    return events.with_columns(
        EVENTMSGTYPE="kind",
        EVENTMSGACTIONTYPE="action",
        PERIOD="period",
        WCTIMESTRING=pl.lit("8:00 PM"),
        PCTIMESTRING=clock,
        HOMEDESCRIPTION=_text_of(HOME),
        NEUTRALDESCRIPTION=NEUTRAL_TEXT,
        VISITORDESCRIPTION=_text_of(AWAY),
        SCORE=scored.then(pl.format("{} - {}", "away_score", "home_score")),
        SCOREMARGIN=scored.then(pl.when(margin == 0).then(pl.lit("TIE")).otherwise(margin.cast(pl.String))),
        VIDEO_AVAILABLE_FLAG=pl.lit(0),
    ).select(COLUMNS)


def event_numbers(season: SimulatedSeason) -> Ints:
    """(events,) EVENTNUM: grows by one to three within a game, as the service's numbers do."""
    total = np.cumsum(season.stream(WORDS).integers(1, 4, len(season.events)))
    before = np.r_[0, total[:-1]]
    first = np.r_[0, np.flatnonzero(np.diff(season.events.game)) + 1]
    return total - before[first][season.events.game]


def _events(season: SimulatedSeason, feet: Ints) -> pl.DataFrame:
    """Events with the people and clubs they name."""
    events = season.events
    clubs = season.tonight.team[events.game, np.clip(events.side, 0, 1)]
    return pl.DataFrame(
        {
            **{name: getattr(events, name) for name in COUNTED},
            "GAME_ID": pl.Series(season.game_ids)[events.game],
            "EVENTNUM": event_numbers(season),
            "feet": feet,
            "home_score": events.score[:, HOME],
            "away_score": events.score[:, AWAY],
            "own_rebound": is_own_rebound(events),
            "nickname": pl.Series([team.nickname for team in TEAMS])[clubs],
            **{name: column for slot in SLOTS for name, column in _person(season, slot).items()},
        }
    )


def _person(season: SimulatedSeason, slot: int) -> dict[str, pl.Series]:
    """The seven columns of one slot, and the family name for the texts."""
    people, row, side = season.league.people, getattr(season.events, SLOTS[slot]), _side(season, slot)
    named, club = row != NOBODY, season.tonight.team[season.events.game, np.clip(side, 0, 1)]
    as_team = ~named & (side >= 0) & (slot == 1)
    team_id = np.array([team.team_id for team in TEAMS])[club]
    columns = (
        pl.Series(np.select([named, as_team], [HOME_PLAYER + side, HOME_TEAM + side], NO_PERSON)),
        pl.Series(np.select([named, as_team], [people.player_id[row], team_id], 0)),
        _where(named, pl.Series(full_names(people.number))[row.clip(0)]),
        _where(named, pl.Series(team_id).cast(pl.String) + ".0"),
        *(_where(named, pl.Series(words)[club]) for words in zip(*((t.city, t.nickname, t.abbreviation) for t in TEAMS), strict=True)),
    )
    family = _where(named, pl.Series(names(people.number)[1])[row.clip(0)])
    return {f"family{slot}": family, **{name.format(slot): column for name, column in zip(PERSON, columns, strict=True)}}


def _side(season: SimulatedSeason, slot: int) -> Ints:
    """(events,) whose player a slot names: the acting side's, but for those whom the event happens to, and jumpers."""
    events = season.events
    across = {1: (), 2: (EventType.TURNOVER, EventType.FOUL), 3: (EventType.MISSED_SHOT,)}[slot]
    side = np.where(np.isin(events.kind, across), 1 - events.side, events.side)
    jumper = {1: HOME, 2: AWAY}.get(slot)
    return side if jumper is None else np.where(events.kind == EventType.JUMP_BALL, jumper, side)


def _where(condition: np.ndarray, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(condition)).then(values)).to_series()


def _text_of(side: int) -> pl.Expr:
    """The text in a side's column; a jump ball stands in the home column."""
    jump = pl.when(pl.col("kind") == EventType.JUMP_BALL)
    tip = pl.format("Jump Ball {} vs. {}: Tip to {}", "family1", "family2", "family3") if side == HOME else pl.lit(None, pl.String)
    return jump.then(tip).when(pl.col("side") == side).then(OWN_TEXT).when(pl.col("side") == 1 - side).then(OTHER_TEXT)
