from datetime import date
from pathlib import Path

import polars as pl

from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.players import build_players


def index(**columns: str | None) -> pl.DataFrame:
    person = {
        "PERSON_ID": 7, "PLAYER_LAST_NAME": "Schayes", "PLAYER_FIRST_NAME": "Dan", "POSITION": "C", "HEIGHT": "6-11", "WEIGHT": "260",
        "BIRTHDATE": "1959-05-10", "FROM_YEAR": "1981", "TO_YEAR": "1998",
    }  # fmt: skip
    return pl.DataFrame([person | columns], schema=dict.fromkeys(person, pl.String) | {"PERSON_ID": pl.Int64})


def test_a_bio() -> None:
    assert build_players(index()).row(0, named=True) == {
        "player_id": 7, "name": "Dan Schayes", "position": "C", "height_inches": 83, "weight_pounds": 260, "birth_date": date(1959, 5, 10),
    }  # fmt: skip


def test_career_span_is_hindsight() -> None:
    assert not {"from_year", "to_year"} & {column.lower() for column in build_players(index()).columns}


def test_a_player_without_a_bio_stays_with_nulls() -> None:
    row = build_players(index(HEIGHT=None, WEIGHT=None, BIRTHDATE=None, PLAYER_FIRST_NAME=None)).row(0, named=True)
    assert row["name"] == "Schayes"
    assert row["height_inches"] is row["weight_pounds"] is row["birth_date"] is None


def test_everybody_who_really_played_since_2012_is_known(archive_dir: Path) -> None:
    archive = RawArchive(archive_dir)
    players = build_players(archive.player_index())
    assert players.height == players["player_id"].n_unique() == 5103
    assert players["height_inches"].drop_nulls().is_between(63, 91).all()
    assert set(archive.player_log("2012-13")["PLAYER_ID"]) | set(archive.player_log("2021-22")["PLAYER_ID"]) <= set(players["player_id"])
