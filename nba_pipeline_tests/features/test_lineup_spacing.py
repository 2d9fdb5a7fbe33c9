from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.lineup_spacing import FEATURE, USUAL_HULL_AREA, build, expected_fives

DAYS = [date(2021, 11, 1), date(2021, 11, 3), date(2021, 11, 6), date(2021, 11, 7)]
WIDE, NARROW = 1, 2


def _league(shot_days: list[date] = DAYS) -> dict[str, pl.DataFrame]:
    """Team 1 shoots from everywhere, team 2 from close by; they meet four times."""
    games = pl.DataFrame({"game_id": [f"{n:010d}" for n in range(len(DAYS))], "season": "2021-22", "game_date": DAYS}).with_columns(
        home_team_id=pl.lit(WIDE), away_team_id=pl.lit(NARROW), neutral_site=pl.lit(False), home_points=100, away_points=90
    )
    rows = [
        {"game_id": game, "team_id": team, "player_id": 10 * team + n, "expected_minutes": 40.0 - n}
        for game in games["game_id"]
        for team in (WIDE, NARROW)
        for n in range(6)
    ]
    rng = np.random.default_rng(0)
    shots = [
        {"game_id": game, "season": "2021-22", "shot_index": n, "player_id": 10 * team + n % 6, "x_feet": x * reach, "y_feet": y * reach}
        for game in games.filter(pl.col("game_date").is_in(shot_days))["game_id"]
        for team, reach in ((WIDE, 1.0), (NARROW, 0.3))
        for n, (x, y) in enumerate(zip(rng.uniform(-22, 22, 400), rng.uniform(0, 26, 400), strict=True))
    ]
    schema = {
        "game_id": pl.String,
        "season": pl.String,
        "shot_index": pl.Int64,
        "player_id": pl.Int64,
        "x_feet": pl.Float64,
        "y_feet": pl.Float64,
    }
    return {"games": games, "rotation": pl.DataFrame(rows), "shots": pl.DataFrame(shots, schema=schema)}


def _rows(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return build(History.from_frames(frames), ["2021-22"])


def test_a_wide_five_has_more_floor_than_a_narrow_one():
    last = _rows(_league()).filter(pl.col("game_date") == DAYS[-1])
    wide, narrow = last["hull_area"]
    assert wide > 1.5 * narrow
    assert last["shots_known"].to_list() == pytest.approx([1000, 1000], rel=0.02)


def test_before_any_shot_the_usual_area_stands_in():
    first = _rows(_league()).filter(pl.col("game_date") == DAYS[0])
    assert first.select("hull_area", "shots_known", "fallback").rows() == [(USUAL_HULL_AREA, 0.0, True)] * 2


def test_fallback_is_said_where_shots_stopped_coming():
    rows = _rows(_league(DAYS[:2]))
    assert rows["fallback"].to_list() == [True, True, False, False, False, False, True, True]
    assert rows["hull_area"].is_finite().all()


def test_no_shots_at_all_is_no_error():
    rows = _rows(_league([]))
    assert rows["hull_area"].to_list() == [USUAL_HULL_AREA] * 8
    assert rows["fallback"].all()


def test_the_five_are_those_with_the_most_expected_minutes():
    frames = _league()
    teams = History.from_frames(frames).team_schedule().select("game_id", "team_id")
    fives = expected_fives(frames["rotation"].sample(fraction=1.0, shuffle=True, seed=3), teams)
    assert fives["five"][0].to_list() == [10, 11, 12, 13, 14]


def test_a_team_without_a_projected_five_gets_the_league_pattern():
    frames = _league()
    frames["rotation"] = frames["rotation"].filter(pl.col("team_id") == WIDE)
    narrow = _rows(frames).filter(pl.col("team_id") == NARROW)
    assert narrow["shots_known"].to_list() == [0.0] * 4
    assert narrow["hull_area"].is_finite().all()


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_the_future_does_not_matter(mutation):
    assert find_leaks(FEATURE, _league(), DAYS[2], mutation) == []


def test_a_planted_look_at_tonight_is_found():
    frames = _league()
    cheat = type(FEATURE)("lineup_spacing", lambda history, seasons: _peek(history), FEATURE.inputs, FEATURE.key, "")
    assert find_leaks(cheat, frames, DAYS[2], "scramble")


def _peek(history: History) -> pl.DataFrame:
    tonight = history.dated("shots").group_by("game_id").agg(hull_area=pl.col("x_feet").sum())
    return history.team_schedule().select("game_id", "game_date", "team_id").join(tonight, on="game_id", how="left")
