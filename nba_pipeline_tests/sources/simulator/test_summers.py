"""The league from season to season."""

import numpy as np
import pytest

from nba_pipeline.sources.simulator.names import FAMILIES, names
from nba_pipeline.sources.simulator.summers import UnsimulatedSeasonError, everybody, league_of, rosters


@pytest.mark.parametrize("season", ["2012-13", "2020-21", "2029-30"])
def test_every_team_has_three_of_each_size(season: str) -> None:
    league = league_of(season, 1)
    for team in (league.team, league.team_after):
        sizes = league.people.size[rosters(team)]
        assert sorted(sizes[0]) == sorted(sizes[-1]) == [size for size in range(5) for _ in range(3)]
        assert np.bincount(team).tolist() == [15] * 30


def test_most_stay_some_move_and_newcomers_fill_the_places_of_those_who_left() -> None:
    before, after = league_of("2020-21", 1), league_of("2021-22", 1)
    stayed = np.isin(after.people.number, before.people.number)
    assert 0.75 < stayed.mean() < 0.95
    assert (after.people.first_year[~stayed] == 2021).all()
    old_team = dict(zip(before.people.number.tolist(), before.team_after.tolist(), strict=True))
    moved = [
        old_team[number] != team for number, team in zip(after.people.number[stayed].tolist(), after.team[stayed].tolist(), strict=True)
    ]
    assert 0.04 < np.mean(moved) < 0.15
    assert (after.team != after.team_after).sum() == 16


def test_average_is_zero_and_stars_are_rare() -> None:
    value = league_of("2021-22", 1).people.value
    assert 5 < value.max() < 14
    assert (value > 5).sum() < 25


def test_the_young_improve_and_the_old_decline() -> None:
    changes: dict[bool, list[float]] = {True: [], False: []}
    for year in range(2015, 2025):
        before, after = league_of(f"{year}-{year % 100 + 1}", 1), league_of(f"{year + 1}-{year % 100 + 2}", 1)
        now = dict(zip(after.people.number.tolist(), after.people.value.tolist(), strict=True))
        for number, value, born in zip(before.people.number.tolist(), before.people.value, before.people.birth_year, strict=True):
            if number in now and abs(age := year - born - 27) >= 4:
                changes[bool(age < 0)].append(now[number] - value)
    assert np.mean(changes[True]) > np.mean(changes[False]) + 1


def test_the_same_seed_gives_the_same_league_and_another_does_not() -> None:
    league_of.cache_clear()
    first = league_of("2014-15", 5)
    league_of.cache_clear()
    again = league_of("2014-15", 5)
    assert (first.people.offence == again.people.offence).all()
    assert (first.people.offence[:9] != league_of("2014-15", 6).people.offence[:9]).all()


def test_everybody_is_named_once() -> None:
    people = everybody(1)
    assert (people.number == np.arange(len(people))).all()
    given, family = names(people.number)
    assert len(set(zip(given, family, strict=True))) == len(people)
    assert len(people) < FAMILIES
    assert len(set(family)) == len(people)


def test_a_season_before_the_league_was_founded_is_refused() -> None:
    with pytest.raises(UnsimulatedSeasonError, match="2012-13 to 2029-30"):
        league_of("1999-00", 1)
