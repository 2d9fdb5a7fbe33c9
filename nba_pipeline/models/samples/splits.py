"""Train, validation and test by date. Shuffled splits do not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from nba_pipeline.evaluation.promotion import MINIMUM_GAMES

VALIDATION_SHARE = 0.2
SplitRule = Literal["seasons", "last_games"]


@dataclass(frozen=True)
class Split:
    """Game ids of each part; every training date is before every validation date, and those before every test date.

    Attributes:
        train, validation, test: game ids.
        validation_label, test_label: which games they are; together they tell a split from any other of the same games.
        rule: what the test games were chosen by.
    """

    train: pl.Series
    validation: pl.Series
    test: pl.Series
    validation_label: str
    test_label: str
    rule: str


def split_before(games: pl.DataFrame, first: date, last: date) -> Split:
    """A walk-forward step: the games of `first` .. `last` are test, the last fifth of the dates with plays before them begins validation.

    Args:
        games: rows with game_id, season, game_date and has_plays: a validation without plays could choose nothing within the game.
        first: the first date to be forecast.
        last: the last date to be forecast.
    """
    day = pl.col("game_date")
    history = games.filter(day < first)
    validated = _last_fifth(history.filter("has_plays") if history["has_plays"].any() else history)
    parts = history.filter(day < validated), history.filter(day >= validated), games.filter(day.is_between(first, last))
    train, validation, test = (part["game_id"] for part in parts)
    return Split(train, validation, test, f"{validated} .. before {first}", f"{first} .. {last}", "dates")


def split_last_games(games: pl.DataFrame) -> Split:
    """The last 500 games, with all of their first date, are test, and the last fifth of the dates before them is validation.

    So what is learned moves on with every week of a season. Of fewer than 625 games the last fifth of the dates is test: 500 would leave
    less than a fifth to learn from, and such a version stays `insufficient` either way.

    Args:
        games: rows with game_id, season, game_date and has_plays.
    """
    days = games["game_date"].sort().to_list()
    enough = len(days) * (1 - VALIDATION_SHARE) >= MINIMUM_GAMES
    first = days[-MINIMUM_GAMES] if enough else _last_fifth(games)
    return replace(split_before(games, first, max(days, default=first)), rule="last_games")


def split_games(games: pl.DataFrame) -> Split:
    """Splits completed games.

    With three seasons or more the last is test and the one before validation. With fewer, the last fifth of the dates is
    validation and there is no test.

    Args:
        games: rows with game_id, season and game_date.
    """
    seasons = games["season"].unique().sort().to_list()
    if len(seasons) >= 3:
        parts = [pl.col("season").is_in(seasons[:-2]), pl.col("season") == seasons[-2], pl.col("season") == seasons[-1]]
        labels = (seasons[-2], seasons[-1])
    else:
        first = _last_fifth(games)
        parts = [pl.col("game_date") < first, pl.col("game_date") >= first, pl.lit(False)]
        labels = (f"from {first}", "none")
    train, validation, test = (games.filter(part)["game_id"] for part in parts)
    return Split(train, validation, test, *labels, "seasons")


SplitOf = Callable[[pl.DataFrame], Split]
SPLITS: Mapping[SplitRule, SplitOf] = {"seasons": split_games, "last_games": split_last_games}
"""What a training may ask for by name."""


def _last_fifth(games: pl.DataFrame) -> date:
    """The first of the last fifth of the dates; without games, a date that is never reached."""
    days = games["game_date"].unique().sort().to_list()
    return days[min(int(len(days) * (1 - VALIDATION_SHARE)), len(days) - 1)] if days else date.max
