"""Who is known to sit out: from a file of reports, or from who appeared, and from nothing else."""

from datetime import date, timedelta

import polars as pl
import pytest

from nba_pipeline.features import rotation
from nba_pipeline.features.absences import PERSON, ROTATION_MINUTES, build, from_box, from_reports
from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import Mutation, mutate
from nba_pipeline_tests.features.invented_rosters import NO_REPORTS, SEASONS, invented_rosters

Frames = dict[str, pl.DataFrame]
MONDAY, TUESDAY = date(2024, 11, 4), date(2024, 11, 5)


@pytest.fixture(scope="module")
def frames() -> Frames:
    tables = invented_rosters()
    return tables | {"rotation": rotation.build(History.from_frames(tables), SEASONS)}


def players(*keys: tuple[str, date, int]) -> pl.DataFrame:
    rows = [{"game_id": game, "season": "2024-25", "game_date": day, "team_id": 1, "player_id": player} for game, day, player in keys]
    return pl.DataFrame(rows)


def reports(*rows: tuple[str, date, int, str]) -> pl.DataFrame:
    columns = ("game_id", "game_date", "player_id", "status")
    return pl.DataFrame([dict(zip(columns, row, strict=True)) for row in rows]).with_columns(season=pl.lit("2024-25"), team_id=pl.lit(1))


def chances(rows: pl.DataFrame) -> dict[int, float | None]:
    return dict(rows.select("player_id", "reported_p_play").iter_rows())


def test_whoever_is_not_on_a_dates_report_plays_and_without_a_report_nothing_is_known() -> None:
    asked = players(("a", MONDAY, 1), ("a", MONDAY, 2), ("a", MONDAY, 3), ("b", TUESDAY, 4))
    rows = from_reports(asked, reports(("a", MONDAY, 1, "Out"), ("a", MONDAY, 2, "Questionable")))
    assert chances(rows) == {1: 0.0, 2: 0.5, 3: 1.0, 4: None}
    assert rows["origin"].unique().to_list() == ["injury report"]


def test_in_a_backtest_whoever_does_not_appear_sits_out_and_a_game_to_come_says_nothing() -> None:
    box = pl.DataFrame({"game_id": ["a", "b"], "team_id": [1, 2], "player_id": [1, 9]})
    rows = from_box(players(("a", MONDAY, 1), ("a", MONDAY, 2), ("b", TUESDAY, 3)), box)
    assert chances(rows) == {1: 1.0, 2: 0.0, 3: None}
    assert rows["origin"].unique().to_list() == ["box"]


def test_only_rotation_players_are_asked_about(frames: Frames) -> None:
    rows = build(History.from_frames(frames), SEASONS).join(frames["rotation"], on=PERSON)
    assert rows["expected_minutes"].min() >= ROTATION_MINUTES
    assert rows.height == frames["rotation"].filter(pl.col("expected_minutes") >= ROTATION_MINUTES).height
    assert 0.02 < (rows["reported_p_play"] == 0).mean() < 0.4


def test_a_season_has_one_origin_and_a_file_is_never_filled_up_from_the_box(frames: Frames) -> None:
    game = frames["games"].filter(pl.col("season") == SEASONS[2]).sort("game_date").row(40, named=True)
    known = {name: game[name] for name in ("game_id", "season", "game_date")}
    report = pl.DataFrame([known | {"team_id": game["home_team_id"], "player_id": 1, "status": "Out"}], schema=NO_REPORTS.schema)
    rows = build(History.from_frames(frames | {"availability": report}), SEASONS)
    assert dict(rows.select("season", "origin").unique().iter_rows()) == dict(zip(SEASONS, ("box", "box", "injury report"), strict=True))
    tonight = pl.col("game_date") == game["game_date"]
    others = rows.filter((pl.col("season") == SEASONS[2]) & ~tonight)
    assert others.height and others["reported_p_play"].is_null().all() and not others["told"].any()
    assert rows.filter((pl.col("season") != SEASONS[2]) | tonight)["told"].all()


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_with_a_file_of_reports_nothing_of_tonights_box_matters(frames: Frames, mutation: Mutation) -> None:
    day = frames["games"].filter(pl.col("season") == SEASONS[2])["game_date"].unique().sort()[15]
    sides = frames["games"].filter(pl.col("game_date") == day).select("game_id", "season", "game_date", team_id="home_team_id")
    report = sides.with_columns(player_id=9 * pl.col("team_id"), status=pl.lit("Out")).cast(dict(NO_REPORTS.schema))
    before, after = (
        build(History.from_frames(world | {"availability": report, "rotation": frames["rotation"]}), SEASONS[2:]).filter(
            pl.col("game_date") == day
        )
        for world in (frames, mutate(frames, day, mutation))
    )
    assert before["reported_p_play"].min() == 0 and before.equals(after)


def test_without_a_file_only_who_appears_matters(frames: Frames) -> None:
    days = frames["games"]["game_date"].unique().sort()
    box = frames["player_game_stats"]
    told = build(History.from_frames(frames), SEASONS)
    facts = [column for column in box.columns if column not in (*PERSON, "season", "game_date")]
    nonsense = box.with_columns(pl.lit(None, dtype=box.schema[column]).alias(column) for column in facts)
    assert told.equals(build(History.from_frames(frames | {"player_game_stats": nonsense}), SEASONS))
    absent = box.join(told.filter(pl.col("game_date") == days[-1]).head(1), on=PERSON, how="anti")
    moved = build(History.from_frames(frames | {"player_game_stats": absent}), SEASONS)
    changed = told.filter(pl.Series(told["reported_p_play"].eq_missing(moved["reported_p_play"]).not_()))
    assert changed.height <= 1 and days[-1] - days[0] > timedelta(days=1)
