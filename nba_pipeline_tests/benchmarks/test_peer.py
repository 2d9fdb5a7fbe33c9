"""The peer gets the same games, is never let onto the network, and its absence is said."""

import json
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline_tests.benchmarks import growth, peer, warehouse
from nba_pipeline_tests.benchmarks.setup import Setup, choose


@pytest.fixture(scope="module")
def setup(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Setup:
    chosen = choose(tiny_archive, "2021-22", tmp_path_factory.mktemp("peer"), repeats=1)
    warehouse.measure(chosen)
    return chosen


def test_every_game_is_written_with_all_its_rows(setup: Setup, tmp_path: Path) -> None:
    raw = peer.some_games(setup.archive.plays("2021-22"), 3)
    ids = peer.write_responses(raw, tmp_path)
    assert len(ids) == 3
    for game in ids:
        table = json.loads((tmp_path / "pbp" / f"stats_{game}.json").read_text())["resultSets"][0]
        rows = raw.filter(pl.col("GAME_ID") == game)
        assert table["headers"] == raw.columns
        assert [tuple(row) for row in table["rowSet"]] == rows.rows()


def test_games_are_spread_over_the_season(setup: Setup) -> None:
    raw = setup.archive.plays("2021-22")
    ids = raw["GAME_ID"].unique().sort()
    assert peer.some_games(raw, 2)["GAME_ID"].unique().sort().to_list() == [ids[0], ids[len(ids) // 2]]
    assert peer.some_games(raw, 10**6).equals(raw)


def test_where_it_is_not_installed_the_note_says_so(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "_installed", lambda: None)
    (row,) = peer.measure(setup)
    assert "pbpstats is not installed" in row.note and peer.PUBLISHED in row.note
    assert row.median > 0


def test_games_that_it_cannot_read_are_counted_apart() -> None:
    def parse(game: str) -> None:
        if game == "b":
            peer._refuse()

    assert peer.parsed_games(parse, ["a", "b", "c"]) == 2


def test_growth_covers_every_season_with_plays(setup: Setup) -> None:
    rows = {row.what: row for row in growth.measure(setup)}
    assert len(rows["tables of a season"].values) == 3
    assert rows["peak memory after 3 seasons"].median >= rows["peak memory after the first season"].median
    assert rows["tables of 3 seasons"].median == pytest.approx(sum(rows["tables of a season"].values))
