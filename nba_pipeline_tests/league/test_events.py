import polars as pl
import pytest

from nba_pipeline.league import events
from nba_pipeline.league.events import EventType, Foul, FreeThrow
from nba_pipeline.sources.archive import RawArchive


def test_kinds_of_free_throws_and_fouls_are_apart() -> None:
    kinds = (events.FREE_THROW_LIVE_LAST, events.FREE_THROW_TECHNICAL, events.FREE_THROW_FLAGRANT, events.FREE_THROW_CLEAR_PATH)
    assert len(frozenset().union(*kinds)) == sum(len(kind) for kind in kinds)
    assert not events.FOUL_TECHNICAL & {Foul.PERSONAL, Foul.OFFENSIVE, Foul.CHARGE, Foul.FLAGRANT_1, Foul.FLAGRANT_2}


@pytest.fixture(scope="module")
def plays(archive_dir) -> pl.DataFrame:
    text = pl.concat_str("HOMEDESCRIPTION", "VISITORDESCRIPTION", "NEUTRALDESCRIPTION", ignore_nulls=True)
    raw = RawArchive(archive_dir).plays("2013-14")
    return raw.select(kind="EVENTMSGTYPE", action="EVENTMSGACTIONTYPE", text=text)


def test_vocabulary_covers_a_real_season(plays: pl.DataFrame) -> None:
    assert set(plays["kind"]) == {int(event) for event in EventType}
    for kind, words in ((EventType.FREE_THROW, FreeThrow), (EventType.FOUL, Foul), (EventType.VIOLATION, events.Violation)):
        assert set(plays.filter(pl.col("kind") == kind)["action"]) <= {int(word) for word in words} | {0}


def test_names_of_real_free_throws_say_what_the_codes_say(plays: pl.DataFrame) -> None:
    shots = plays.filter(pl.col("kind") == EventType.FREE_THROW)
    for word, codes in (
        ("Technical", events.FREE_THROW_TECHNICAL),
        ("Flagrant", events.FREE_THROW_FLAGRANT),
        ("Clear Path", events.FREE_THROW_CLEAR_PATH),
    ):
        assert set(shots.filter(pl.col("text").str.contains(word))["action"]) <= {int(code) for code in codes}
    last = shots.filter(pl.col("action").is_in([int(code) for code in events.FREE_THROW_LIVE_LAST]))
    assert last["text"].str.contains("1 of 1|2 of 2|3 of 3").all()


def test_made_mark_and_miss_mark_never_meet(plays: pl.DataFrame) -> None:
    shots = plays.filter(pl.col("kind") == EventType.FREE_THROW)
    made, missed = (shots["text"].str.contains(mark, literal=True) for mark in (events.MADE_FREE_THROW_MARK, events.MISS_MARK))
    assert not (made & missed).any()
    assert (~made & ~missed).sum() == 17
