from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.lineup_hulls import FEATURE, LINEUP_PRIOR_SHOTS, MOST_USED, build, five_areas
from nba_pipeline.features.lineup_spacing import USUAL_HULL_AREA
from nba_pipeline.features.spacing.shot_charts import ShotCharts
from nba_pipeline.features.spacing.shot_hull import CELLS, cells, hull_area
from nba_pipeline_tests.tiny_league.tables import Frames

FIVE = [1, 2, 3, 4, 5]
DAY = date(2021, 11, 1)


def _chart(places: list[tuple[float, float]]) -> np.ndarray:
    return np.bincount(cells(*np.array(places, dtype=float).T), minlength=CELLS).astype(float)


WIDE, CLOSE = _chart([(-22, 0), (22, 0), (20, 22), (-20, 22)]), _chart([(-3, 0), (3, 0), (3, 5), (-3, 5)])


def _close_charts() -> ShotCharts:
    """Everybody shoots from close by."""
    charts = ShotCharts(FIVE)
    cell = np.flatnonzero(CLOSE)
    shots = pl.DataFrame({"game_date": DAY, "player_id": np.repeat(FIVE, len(cell)), "cell": np.tile(cell, 5), "minutes": None})
    lines = pl.DataFrame({"game_date": DAY, "player_id": FIVE, "cell": None, "minutes": 30.0})
    charts.learn(pl.concat([shots, lines], how="vertical_relaxed").with_columns(pl.col("minutes").cast(pl.Float64)))
    return charts


def _area(own: np.ndarray) -> float:
    return float(five_areas(pl.Series([FIVE]), own[None], _close_charts(), DAY)[0])


def test_without_shots_together_the_players_decide():
    assert _area(np.zeros(CELLS)) == pytest.approx(hull_area(CLOSE[None])[0])


def test_shots_together_count_against_the_prior():
    half = WIDE / WIDE.sum() + CLOSE / CLOSE.sum()
    assert _area(WIDE / WIDE.sum() * LINEUP_PRIOR_SHOTS) == pytest.approx(hull_area(half[None])[0])
    assert _area(WIDE * 1e9) == pytest.approx(hull_area(WIDE[None])[0])


def test_the_more_wide_shots_together_the_more_floor():
    areas = [_area(WIDE * count) for count in (0, 5, 50, 500)]
    assert areas == sorted(areas) and areas[0] < areas[-1]


def test_before_any_shot_the_usual_area_stands_in():
    assert five_areas(pl.Series([FIVE]), np.zeros((1, CELLS)), ShotCharts([]), DAY).tolist() == [USUAL_HULL_AREA]


@pytest.fixture(scope="module")
def rows(tiny_features) -> pl.DataFrame:
    return tiny_features.read("lineup_hulls")


def test_every_team_game_has_its_expected_five_and_the_most_used_ones(rows: pl.DataFrame, tiny_features):
    per_team = rows.group_by("game_id", "team_id", maintain_order=True).agg("rank", "seconds_together")
    projected = tiny_features.read("rotation").group_by("game_id", "team_id").len().filter(pl.col("len") >= 5)
    assert per_team.height == projected.height > 300
    assert (per_team["rank"].list.max() <= MOST_USED).all() and (per_team["rank"].list.min() == 0).all()
    used = rows.filter(pl.col("rank") > 0)
    assert (used["seconds_together"] > 0).all()
    falls = used.with_columns(more=pl.col("seconds_together").shift().over("game_id", "team_id")).drop_nulls()
    assert (falls["more"] >= falls["seconds_together"]).all()
    assert (rows["five"].list.n_unique() == 5).all() and rows["hull_area"].is_finite().all()


def test_a_season_without_shots_says_so(rows: pl.DataFrame, tiny_features):
    """The last season has no shot charts: its fives are known by what was before."""
    without = tiny_features.seasons("games")[-1]
    assert without not in tiny_features.seasons("shots")
    first, *later = rows.filter(season=without)["game_date"].unique().sort()
    assert not rows.filter(season=without, game_date=first)["fallback"].any()
    assert rows.filter(season=without).filter(pl.col("game_date").is_in(later))["fallback"].all()
    assert rows.filter(season=without)["hull_area"].n_unique() > 100


def test_the_expected_five_is_that_of_the_rotation(rows: pl.DataFrame, tiny_features):
    rotation = tiny_features.read("rotation").sort("expected_minutes", "player_id", descending=[True, False])
    fives = rotation.group_by("game_id", "team_id", maintain_order=True).agg(expected=pl.col("player_id").head(5).sort())
    both = rows.filter(rank=0).join(fives, on=["game_id", "team_id"])
    assert both.height == rows.filter(rank=0).height
    assert both.filter(pl.col("five") != pl.col("expected")).is_empty()


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_a_planted_look_at_tonights_shots_is_found(mutation, tiny_tables: Frames):
    """The same table, had it learned the shots of the night it is for."""
    games = tiny_tables["games"].filter(pl.col("season") == "2020-21")
    tables = {name: table.join(games, on="game_id", how="semi") for name, table in tiny_tables.items() if "game_id" in table.columns}
    cheat = type(FEATURE)("lineup_hulls", lambda history, seasons: _peek(history), ("games", "shots"), ("game_id", "team_id"), "")
    day = games["game_date"].unique().sort()[10]
    assert {leak.column for leak in find_leaks(cheat, tables, day, mutation)} == {"hull_area"}


def _peek(history: History) -> pl.DataFrame:
    shots = history.dated("shots").group_by("game_id", "team_id").agg(hull_area=pl.col("x_feet").abs().mean())
    schedule = history.team_schedule().select("game_id", "game_date", "team_id")
    return schedule.join(shots, on=["game_id", "team_id"], how="left", maintain_order="left")


def test_an_empty_table_is_still_a_table(tiny_tables: Frames):
    frames = {name: tiny_tables[name].clear() for name in ("games", "shots", "stints", "player_game_stats")}
    frames["rotation"] = pl.DataFrame(
        schema={"game_id": pl.String, "team_id": pl.Int64, "player_id": pl.Int64, "expected_minutes": pl.Float64}
    )
    assert build(History.from_frames(frames), ["2021-22"]).is_empty()
