"""Which league is measured: the given archive, else the invented one, and never in silence."""

from pathlib import Path

import pytest

from nba_pipeline_tests.benchmarks.setup import NothingToMeasureError, choose


def test_the_invented_league_says_that_it_is_one(tmp_path: Path):
    setup = choose(None, None, tmp_path, repeats=1)
    assert (setup.source, setup.season) == ("simulated", "2021-22")
    assert "invented" in setup.title
    assert setup.log_seasons[-1] == setup.season


def test_a_given_archive_is_taken_for_real(tiny_archive: Path, tmp_path: Path):
    assert choose(tiny_archive, "2020-21", tmp_path, repeats=1).source == "archive"


def test_a_season_without_plays_is_refused_with_those_that_have_them(tiny_archive: Path, tmp_path: Path):
    with pytest.raises(NothingToMeasureError, match="2019-20, 2020-21, 2021-22"):
        choose(tiny_archive, "1999-00", tmp_path, repeats=1)


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(NothingToMeasureError, match="another archive"):
        choose(tmp_path, None, tmp_path / "scratch", repeats=1)
