from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.lineup_spacing import FEATURE, USUAL_HULL_AREA, build, expected_rotations
from nba_pipeline.features.spacing.shot_charts import PLAYER_PRIOR_SHOTS

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
        {"game_id": game, "shot_index": n, "team_id": team, "player_id": 10 * team + n % 6, "x_feet": x * reach, "y_feet": y * reach}
        for game in games.filter(pl.col("game_date").is_in(shot_days))["game_id"]
        for team, reach in ((WIDE, 1.0), (NARROW, 0.3))
        for n, (x, y) in enumerate(zip(rng.uniform(-22, 22, 400), rng.uniform(0, 26, 400), strict=True))
    ]
    ids = {"game_id": pl.String, "shot_index": pl.Int64, "team_id": pl.Int64, "player_id": pl.Int64}
    placed = pl.DataFrame(shots, schema=ids | {"x_feet": pl.Float64, "y_feet": pl.Float64})
    placed = placed.with_columns(season=pl.lit("2021-22"), period=pl.lit(1), clock_seconds=pl.lit(600))
    rotation = pl.DataFrame(rows)
    box = rotation.select("game_id", "team_id", "player_id", min=pl.lit(40))
    return {"games": games, "rotation": rotation, "shots": placed, "player_game_stats": box}


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


def test_the_rotation_is_in_order_of_expected_minutes():
    frames = _league()
    teams = History.from_frames(frames).team_schedule().select("game_id", "team_id")
    ordered = expected_rotations(frames["rotation"].sample(fraction=1.0, shuffle=True, seed=3), teams)
    assert ordered["players"][0].to_list() == [10, 11, 12, 13, 14, 15]
    assert ordered["minutes"][0].to_list() == [40, 39, 38, 37, 36, 35]


def test_expected_minutes_of_the_bench_count():
    """Team 2's sixth man shoots from everywhere: the more he plays, the more floor; the first five know nothing of it."""
    frames = _league()
    sixth, wide = pl.col("player_id") == 25, frames["shots"].filter(team_id=WIDE, player_id=15).with_columns(team_id=NARROW, player_id=25)
    frames["shots"] = pl.concat([frames["shots"].filter(~sixth), wide.cast(frames["shots"].schema)])
    areas = []
    for minutes in (1.0, 10.0, 30.0):
        frames["rotation"] = frames["rotation"].with_columns(
            pl.when(sixth).then(minutes).otherwise("expected_minutes").alias("expected_minutes")
        )
        areas.append(_rows(frames).filter(game_date=DAYS[-1], team_id=NARROW).select("hull_area", "rotation_hull_area").row(0))
    five, rotation = zip(*areas, strict=True)
    assert five[0] == five[1] == five[2]
    assert rotation[0] < rotation[1] < rotation[2]


def test_who_shoots_more_in_a_minute_counts_for_more():
    frames = _league()
    alone = frames["rotation"].filter(pl.col("player_id").is_in([15, 25])).with_columns(team_id=NARROW, expected_minutes=pl.lit(20.0))
    frames["rotation"] = alone
    even = _rows(frames)["rotation_hull_area"][-1]
    frames["player_game_stats"] = frames["player_game_stats"].with_columns(min=pl.when(pl.col("player_id") == 15).then(10).otherwise(40))
    assert _rows(frames)["rotation_hull_area"][-1] > even


def test_a_newcomer_shoots_as_the_league_does():
    frames = _league()
    newcomer = frames["rotation"].filter(player_id=10).with_columns(player_id=99)
    frames["rotation"] = newcomer
    league = _rows(frames | {"rotation": newcomer.clear()})
    assert _rows(frames)["rotation_hull_area"].to_list() == pytest.approx(league["rotation_hull_area"].to_list())
    assert PLAYER_PRIOR_SHOTS > 0


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
