"""Projected playing time in the invented league."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.features import rotation
from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.rotation import FEATURE, MOST_MINUTES, TEAM_MINUTES, build, scale_to_team
from nba_pipeline_tests.features.invented_rosters import SEASONS, invented_rosters


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    return invented_rosters()


@pytest.fixture(scope="module")
def projected(frames) -> pl.DataFrame:
    return build(History.from_frames(frames), SEASONS)


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(0, 48), min_size=5, max_size=18), min_size=1, max_size=4))
def test_minutes_of_a_team_sum_to_240_and_nobody_plays_too_long(teams):
    rows = pl.DataFrame({"game_id": ["a"] * sum(map(len, teams)), "team_id": [number for number, team in enumerate(teams) for _ in team]})
    scaled = rows.with_columns(minutes=scale_to_team(rows, np.array([value for team in teams for value in team])))
    for (_,), team in scaled.group_by("team_id"):
        assert team["minutes"].sum() == pytest.approx(TEAM_MINUTES)
        assert team["minutes"].max() <= max(MOST_MINUTES, TEAM_MINUTES / team.height) + 1e-9
        assert team["minutes"].min() > 0


def test_scaling_keeps_the_order_of_those_below_the_cap():
    rows = pl.DataFrame({"game_id": ["a"] * 8, "team_id": [1] * 8})
    scaled = scale_to_team(rows, np.array([30.0, 28, 26, 24, 22, 20, 10, 5]))
    assert (np.diff(scaled[scaled < MOST_MINUTES]) < 0).all()


def test_rows_are_whole(frames, projected):
    assert projected.select(FEATURE.key).is_duplicated().sum() == 0
    assert projected.null_count().sum_horizontal().item() == 0
    assert projected["p_play"].is_between(0, 1).all()
    sums = projected.group_by("game_id", "team_id").agg(pl.col("expected_minutes").sum())
    assert np.allclose(sums["expected_minutes"], TEAM_MINUTES)
    first_night = frames["games"].filter(pl.col("game_date") == pl.col("game_date").min())
    assert sums.height == 2 * (frames["games"].height - first_night.height)


def test_the_models_know_more_than_the_averages(frames, projected):
    log = frames["player_game_stats"].select("game_id", "team_id", "player_id", "min")
    rows = projected.filter(pl.col("season") == SEASONS[2]).join(log, on=["game_id", "team_id", "player_id"], how="left")
    played = rows["min"].is_not_null().to_numpy()
    brier = np.mean((rows["p_play"].to_numpy() - played) ** 2)
    assert brier < 0.85 * np.mean((played.mean() - played) ** 2)
    error = np.abs(rows["minutes_if_playing"] - rows["min"]).drop_nulls().mean()
    assert error < 5.0


def test_minutes_are_the_average_of_several_draws(frames, projected, monkeypatch):
    draws, together = [], projected.filter(pl.col("season") == SEASONS[2])["minutes_if_playing"].to_numpy()
    for constants in list(rotation.MINUTES):
        monkeypatch.setattr(rotation, "MINUTES", [constants])
        draws.append(build(History.from_frames(frames), SEASONS[2:])["minutes_if_playing"].to_numpy())
    assert np.abs(draws[0] - draws[1]).max() > 0.01
    below = np.maximum(*draws) < MOST_MINUTES
    assert below.mean() > 0.5
    assert together[below] == pytest.approx(np.mean(draws, axis=0)[below])


def test_one_season_alone_is_the_same_as_all_at_once(frames, projected):
    alone = build(History.from_frames(frames), SEASONS[2:])
    assert alone.equals(projected.filter(pl.col("season") == SEASONS[2]))


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_nothing_moves_when_the_future_changes(frames, mutation):
    days = frames["games"]["game_date"].unique().sort()
    assert find_leaks(FEATURE, frames, days[75], mutation) == []


def test_a_season_whose_games_are_all_to_come_has_no_rows_yet(frames, projected):
    assert build(History.from_frames(frames), ["2029-30"]).schema == projected.schema
