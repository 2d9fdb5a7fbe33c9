"""Train, validation and test by date. Shuffled splits do not exist."""

from dataclasses import dataclass

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
