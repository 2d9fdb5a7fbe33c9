from pathlib import Path

import pytest

from nba_pipeline.league.seasons import UnknownSeasonError
from nba_pipeline.sources.layout import BETTING_LINES, DATASETS, PLAYER_INDEX, PLAYS


def test_files_are_named_by_the_year_a_season_starts() -> None:
    assert PLAYS.path(Path("raw"), "1999-00") == Path("raw/nbastats_1999.tar.xz")
    assert PLAYER_INDEX.path(Path("raw"), None) == PLAYER_INDEX.path(Path("raw"), "2021-22") == Path("raw/playerindex.csv.xz")
    with pytest.raises(UnknownSeasonError):
        PLAYS.path(Path("raw"), "2021")


def test_seasons_on_disk_in_time_order(tmp_path: Path) -> None:
    for name in ("betting_lines_2010", "betting_lines_2009", "betting_lines_1999", "betting_lines_old"):
        (tmp_path / f"{name}.csv.xz").touch()
    assert BETTING_LINES.seasons(tmp_path) == ("1999-00", "2009-10", "2010-11")


def test_ids_are_among_the_required_columns() -> None:
    for dataset in DATASETS.values():
        assert set(dataset.ids) <= set(dataset.required)
