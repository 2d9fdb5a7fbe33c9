"""How people name seasons, and what is refused."""

import pytest

from nba_pipeline.league.seasons import UnknownSeasonError, parse_seasons


@pytest.mark.parametrize(
    ("text", "seasons"),
    [
        ("2018-19", ("2018-19",)),
        ("2018-19:2020-21", ("2018-19", "2019-20", "2020-21")),
        ("2020-21, 2018-19:2019-20,2018-19", ("2018-19", "2019-20", "2020-21")),
        ("1999-00", ("1999-00",)),
    ],
)
def test_ranges_and_lists_are_seasons_in_time_order(text: str, seasons: tuple[str, ...]) -> None:
    assert parse_seasons(text) == seasons


@pytest.mark.parametrize("text", ["2018-19:", ":2018-19", ":", "2018-19:2017-18", "2018", "", "2018-19,"])
def test_what_names_no_seasons_is_refused_with_how_to_write_them(text: str) -> None:
    with pytest.raises(UnknownSeasonError, match="write 2022-23, a range 2018-19:2022-23"):
        parse_seasons(text)
