"""Splits are by date, always."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest

from nba_pipeline.models.samples.splits import VALIDATION_SHARE, Split, split_before, split_games, split_last_games


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


def played(games: int, a_day: int = 7) -> pl.DataFrame:
    days = [date(2019, 10, 20) + timedelta(days=i // a_day) for i in range(games)]
    return pl.DataFrame({"game_id": [f"{i:05d}" for i in range(games)], "season": "2019-20", "game_date": days, "has_plays": True})


@pytest.mark.parametrize("games", [625, 1000, 3001])
def test_a_week_is_tested_on_the_last_500_games_and_all_of_their_first_date(games: int):
    table = played(games)
    split = split_last_games(table)
    train, validation, test = (dates_of(table, part) for part in (split.train, split.validation, split.test))
    assert train.max() < validation.min() <= validation.max() < test.min() and test.max() == table["game_date"].max()  # pyright: ignore
    assert 500 <= len(test) < 507 and len(train) + len(validation) + len(test) == games and split.rule == "last_games"
    assert validation.n_unique() / (train.n_unique() + validation.n_unique()) == pytest.approx(VALIDATION_SHARE, abs=0.05)


def test_of_fewer_than_625_games_the_last_fifth_of_the_dates_is_test():
    table = played(624, a_day=6)
    split = split_last_games(table)
    assert [len(part) for part in (split.train, split.validation, split.test)] == [66 * 6, 17 * 6, 21 * 6]


def test_sixty_more_games_of_a_season_move_what_a_week_learns_and_not_what_the_seasons_say():
    before = pl.concat([season(f"20{y}-{y + 1}", date(2000 + y, 10, 20), 400) for y in (18, 19)]).with_columns(has_plays=True)
    now = season("2020-21", date(2020, 10, 20), 160).with_columns(has_plays=True)
    earlier, later = (pl.concat([before, now.head(games)]) for games in (100, 160))
    assert split_games(earlier).train.equals(split_games(later).train)
    weekly = [split_last_games(one) for one in (earlier, later)]
    assert len(weekly[1].train) + len(weekly[1].validation) == len(weekly[0].train) + len(weekly[0].validation) + 60
    assert len(weekly[1].train) > len(weekly[0].train)


@pytest.mark.parametrize("split_of", [split_games, split_last_games])
def test_without_games_every_part_is_empty(split_of: Callable[[pl.DataFrame], Split]):
    split = split_of(played(1).head(0))
    assert not len(split.train) and not len(split.validation) and not len(split.test)
