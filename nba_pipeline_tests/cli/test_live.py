"""`nba live` as it is typed, on a tiny league with a version that is not trained."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture
def nba(nba):
    return lambda *words: nba("live", *words)


@pytest.fixture(scope="module")
def game_id(tiny_features: Warehouse) -> str:
    return tiny_features.read("games", ["2021-22"]).filter("has_plays")["game_id"][20]


def answer(result: Result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_replay_with_pictures(nba, game_id: str, tmp_path: Path):
    png, html = tmp_path / "game.png", tmp_path / "game.html"
    result = nba(game_id, "--png", png, "--html", html)
    assert result.exit_code == 0 and "Biggest swings" in result.output
    assert png.read_bytes()[:4] == b"\x89PNG" and "<svg" in html.read_text()


def test_at_an_instant_it_says_what_the_curve_said(nba, game_id: str):
    whole, then = answer(nba(game_id, "--json")), answer(nba(game_id, "--at", "Q3-04:30", "--json"))
    assert "curve" not in then and not then["is_over"] and whole["is_over"]
    row = [row for row in whole["curve"] if (row["period"], -row["clock_seconds"]) <= (3, -270)][-1]
    assert then["now"]["play_index"] == row["play_index"]
    assert then["now"]["p_home_win"] == pytest.approx(row["p_home_win"], abs=1e-6)
    said = nba(game_id, "--at", "Q3-04:30")
    assert said.exit_code == 0 and "Q3-04:30" in said.output and then["clock"].startswith(("as of Q3-04:30, last play Q3-", "Q3-04:30"))


def test_following_a_file_to_the_end(nba, game_id: str, tiny_archive: Path, tmp_path: Path):
    plays = tmp_path / "tonight.csv"
    RawArchive(tiny_archive).plays("2021-22").filter(pl.col("GAME_ID") == game_id).write_csv(plays)
    result = nba(game_id, "--plays", plays, "--follow", "0.01", "--json", "--html", tmp_path / "tonight.html")
    assert answer(result)["is_over"] and (tmp_path / "tonight.html").exists()
    plays.write_text("\n".join(plays.read_text().splitlines()[:120]) + "\n")
    assert not answer(nba(game_id, "--plays", plays, "--json"))["is_over"]
    assert "as of Q4-01:00, last play Q" in nba(game_id, "--plays", plays, "--at", "Q4-01:00").output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["0000000000"], 2, "is not in the warehouse"),
        (["GAME", "--at", "Q7-01:00"], 2, "no instant of a game"),
        (["GAME", "--at", "OT4-01:00"], 2, "it ended in period"),
        (["GAME", "--version", "v9.9.9"], 2, "no version"),
        (["GAME", "--follow", "5"], 2, "--follow needs --plays"),
        (["GAME", "--plays", "nowhere.csv"], 1, "cannot be read"),
    ],
)
def test_refusals_name_the_remedy(nba, game_id: str, words: list[str], code: int, said: str):
    result = nba(*[game_id if word == "GAME" else word for word in words])
    assert result.exit_code == code and said in result.output
