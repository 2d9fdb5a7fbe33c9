"""Splits are by date, always."""

from datetime import date, timedelta

import polars as pl

from nba_pipeline.models.samples.splits import split_before, split_games


def season(label: str, first: date, games: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "game_id": [f"{label}-{i}" for i in range(games)],
            "season": label,
            "game_date": [first + timedelta(days=i // 3) for i in range(games)],
        }
    )


def dates_of(games: pl.DataFrame, ids: pl.Series) -> pl.Series:
    return games.filter(pl.col("game_id").is_in(ids.implode()))["game_date"]


def test_with_three_seasons_the_last_is_test_and_the_one_before_validation():
    games = pl.concat([season(f"20{y}-{y + 1}", date(2000 + y, 10, 20), 30) for y in (18, 19, 20, 21)])
    split = split_games(games)
    assert (split.validation_label, split.test_label) == ("2020-21", "2021-22")
    assert (len(split.train), len(split.validation), len(split.test)) == (60, 30, 30)


def test_with_fewer_the_last_fifth_of_the_dates_is_validation_and_nothing_is_test():
    games = season("2021-22", date(2021, 10, 20), 150)
    split = split_games(games)
    assert len(split.test) == 0 and len(split.validation) == 30
    assert dates_of(games, split.train).max() < dates_of(games, split.validation).min()  # pyright: ignore[reportOperatorIssue]


def test_no_date_is_in_two_parts():
    games = pl.concat([season(f"20{y}-{y + 1}", date(2000 + y, 10, 20), 31) for y in (18, 19, 20)])
    parts = split_games(games)
    days = [set(dates_of(games, part)) for part in (parts.train, parts.validation, parts.test)]
    assert not days[0] & days[1] and not days[1] & days[2]


def test_a_walk_forward_step_knows_only_what_was_before_it():
    games = pl.concat([season(f"20{y}-{y + 1}", date(2000 + y, 10, 20), 90) for y in (18, 19, 20)]).with_columns(has_plays=True)
    first, last = date(2020, 10, 25), date(2020, 10, 31)
    split = split_before(games, first, last)
    train, validation, test = (dates_of(games, part) for part in (split.train, split.validation, split.test))
    assert train.max() < validation.min() and validation.max() < first and (test.min(), test.max()) == (first, last)
    assert len(split.train) + len(split.validation) == games.filter(pl.col("game_date") < first).height
    assert 0.15 < validation.n_unique() / (train.n_unique() + validation.n_unique()) < 0.25


def test_validation_reaches_back_to_games_with_plays():
    years = (18, 19, 20, 21)
    games = pl.concat([season(f"20{y}-{y + 1}", date(2000 + y, 10, 20), 90).with_columns(has_plays=pl.lit(y != 20)) for y in years])
    split = split_before(games, date(2021, 10, 20), date(2021, 11, 30))
    validated = games.filter(pl.col("game_id").is_in(split.validation.implode()))
    assert validated["has_plays"].any() and "2020-21" in validated["season"] and len(split.train)
