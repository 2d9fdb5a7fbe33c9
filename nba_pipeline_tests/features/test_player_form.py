"""What the points models look at, against a plain loop over earlier games."""

import re

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import upstream
from nba_pipeline.features.player_form import FEATURE, FEATURE_SETS, KNOWN, LINE, build, known_days
from nba_pipeline.features.scoring.lines import HALF_LIVES
from nba_pipeline_tests.tiny_league.tables import Frames

SEASONS = ("2020-21", "2021-22")


@pytest.fixture(scope="module")
def frames(tiny_tables: Frames) -> Frames:
    history = History.from_frames(tiny_tables)
    for feature in upstream(FEATURE):
        history.keep(feature.name, feature.build(history, SEASONS))
    return tiny_tables | {feature.name: history.table(feature.name) for feature in upstream(FEATURE)}


@pytest.fixture(scope="module")
def form(frames: Frames) -> pl.DataFrame:
    return build(History.from_frames(frames), SEASONS)


@pytest.fixture(scope="module")
def sample(form: pl.DataFrame) -> list[dict]:
    return form.filter(pl.col("prior_games") >= 3).sample(25, seed=3).to_dicts()


def earlier(frames: Frames, row: dict) -> pl.DataFrame:
    log = frames["player_game_stats"].sort("game_date", "game_id")
    return log.filter((pl.col("player_id") == row["player_id"]) & (pl.col("game_date") < row["game_date"]))


@pytest.mark.parametrize("name", FEATURE_SETS)
def test_a_set_has_as_many_columns_as_its_name_says(name: str, form: pl.DataFrame):
    columns = FEATURE_SETS[name]
    stated = re.fullmatch(r"v\d+_(\d+)features", name)
    assert stated and int(stated[1]) == len(columns) == len(set(columns)) and set(columns) <= set(form.columns)
    assert all(form.schema[column] == pl.Float64 for column in columns)


def test_the_first_set_knows_no_line():
    assert LINE not in FEATURE_SETS["v1_36features"]


def test_rows_are_the_candidates_of_the_rotation(frames: Frames, form: pl.DataFrame):
    assert form.select(FEATURE.key).equals(frames["rotation"].filter(pl.col("season").is_in(SEASONS)).select(FEATURE.key))
    gaps = {name: count for name, count in form.null_count().row(0, named=True).items() if count}
    assert set(gaps) <= {"points_season", "age", LINE, "team_offence", "opponent_defence", "pace", *KNOWN}


def test_averages_are_of_strictly_earlier_games(frames: Frames, sample: list[dict]):
    for row in sample:
        log = earlier(frames, row)
        points, minutes = log["pts"].to_numpy().astype(float), log["min"].fill_null(0).to_numpy().astype(float)
        assert row["prior_games"] == log.height
        for games in HALF_LIVES:
            weight = 0.5 ** (np.arange(log.height)[::-1] / games)
            assert row[f"points_ewm_{games}"] == pytest.approx((weight * points).sum() / weight.sum())
        weight = 0.5 ** (np.arange(log.height)[::-1] / 15)
        assert row["points_per_minute_15"] == pytest.approx((weight * points).sum() / (weight * minutes).sum())
        assert row["points_median_10"] == np.median(points[-10:])
        assert row["days_since_last"] == min((row["game_date"] - log["game_date"].max()).days, 300)
        this_season = log.filter(pl.col("season") == row["season"])["pts"]
        assert row["games_season"] == this_season.len()
        assert row["points_season"] == (pytest.approx(this_season.mean()) if this_season.len() else None)


def test_an_opponent_is_measured_against_the_league(frames: Frames, sample: list[dict]):
    place = dict(frames["players"].select("player_id", pl.col("position").str.head(1)).iter_rows())
    code = {"G": 0, "F": 1, "C": 2}
    sides = pl.concat(
        frames["games"].select("game_id", team_id=f"{one}_team_id", opponent_id=f"{other}_team_id")
        for one, other in (("home", "away"), ("away", "home"))
    )
    log = frames["player_game_stats"].join(sides, on=["game_id", "team_id"])
    log = log.with_columns(position=pl.Series([code.get(place.get(player) or "", 1) for player in log["player_id"]]))
    for row in sample[:8]:
        known = log.filter((pl.col("game_date") < row["game_date"]) & (pl.col("position") == row["position"]))
        weight = np.array([0.5 ** ((row["game_date"] - day).days / 60) for day in known["game_date"]])
        points, minutes = weight * known["pts"].to_numpy(), weight * known["min"].fill_null(0).to_numpy()
        theirs = (known["opponent_id"] == row["opponent_id"]).to_numpy()
        level = points.sum() / minutes.sum()
        expected = (points[theirs].sum() + 500 * level) / (minutes[theirs].sum() + 500) / level
        assert row["opponent_allowed"] == pytest.approx(expected)


def test_who_is_out_is_missing_to_his_mates_and_not_to_himself(form: pl.DataFrame):
    team = form.filter((pl.col("game_id") == form["game_id"][-1]) & (pl.col("team_id") == form["team_id"][-1]))
    out = ((1 - team["p_play"]) * team["minutes_if_playing"]).to_numpy()
    assert np.allclose(team["mates_out_minutes"].to_numpy(), out.sum() - out)


def test_known_through_is_the_night_before(frames: Frames, form: pl.DataFrame):
    days = frames["player_game_stats"]["game_date"].unique().sort().to_list()
    for row in form.select("game_date", "known_through").unique().sample(10, seed=1).iter_rows(named=True):
        assert row["known_through"] == max(day for day in days if day < row["game_date"])


def test_a_box_line_more_or_otherwise_is_another_checksum(frames: Frames):
    box = frames["player_game_stats"].sort("game_date", "game_id", "player_id")
    last, whole = box["game_date"].max(), known_days(box)
    first = pl.int_range(pl.len()) == 0
    one, two = box.head(2)["player_id"]
    for other in (
        box[1:],
        box.with_columns(ast=pl.when(first).then(pl.col("ast") + 1).otherwise("ast")),
        box.with_columns(reb=pl.when(first).then("ast").otherwise("reb"), ast=pl.when(first).then("reb").otherwise("ast")),
        box.with_columns(player_id=pl.when(pl.col("player_id") == one).then(two).otherwise("player_id")),
    ):
        known = known_days(other)
        assert known["known_boxes"][0] != whole["known_boxes"][0] and known["known_boxes"][-1] != whole["known_boxes"][-1]
    assert known_days(box.filter(pl.col("game_date") < last)).equals(whole[:-1])
    assert known_days(box.reverse()).equals(whole)


def test_the_line_is_the_books_median(frames: Frames, form: pl.DataFrame):
    lines = frames["player_prop_lines"].group_by("game_id", "player_id").agg(expected=pl.col("line").median())
    rows = form.join(lines, on=["game_id", "player_id"], how="left")
    assert rows[LINE].eq_missing(rows["expected"]).all() and rows[LINE].null_count() < rows.height


def test_seasons_alone_and_together_are_the_same(frames: Frames, form: pl.DataFrame):
    assert build(History.from_frames(frames), SEASONS[1:]).equals(form.filter(pl.col("season") == SEASONS[1]))
