"""Train, validation and test by date. Shuffled splits do not exist."""

from dataclasses import dataclass
from datetime import date

import polars as pl

VALIDATION_SHARE = 0.2


@dataclass(frozen=True)
class Split:
    """Game ids of each part; every training date is before every validation date, and those before every test date."""

    train: pl.Series
    validation: pl.Series
    test: pl.Series
    validation_label: str
    test_label: str


def split_before(games: pl.DataFrame, first: date, last: date) -> Split:
    """A walk-forward step: the games of `first` .. `last` are test, the last fifth of the dates with plays before them begins validation.

    Args:
        games: rows with game_id, season, game_date and has_plays: a validation without plays could choose nothing within the game.
        first: the first date to be forecast.
        last: the last date to be forecast.
    """
    history = games.filter(pl.col("game_date") < first)
    earlier = (history.filter("has_plays") if history["has_plays"].any() else history)["game_date"].unique().sort()
    validated = earlier[min(int(len(earlier) * (1 - VALIDATION_SHARE)), len(earlier) - 1)] if len(earlier) else first
    day = pl.col("game_date")
    parts = [day < validated, (day >= validated) & (day < first), (day >= first) & (day <= last)]
    train, validation, test = (games.filter(part)["game_id"] for part in parts)
    return Split(train, validation, test, f"{validated} .. before {first}", f"{first} .. {last}")


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
        dates = games["game_date"].unique().sort()
        first = dates[min(int(len(dates) * (1 - VALIDATION_SHARE)), len(dates) - 1)]
        parts = [pl.col("game_date") < first, pl.col("game_date") >= first, pl.lit(False)]
        labels = (f"from {first}", "none")
    train, validation, test = (games.filter(part)["game_id"] for part in parts)
    return Split(train, validation, test, *labels)
