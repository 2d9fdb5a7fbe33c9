"""The mutation proof for Elo, fatigue, team form and the context row, and a planted leak that it must find."""

import polars as pl
import pytest

from nba_pipeline.features import context_features, elo, fatigue, team_form
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline_tests.features.invented_results import invented_frames
from nba_pipeline_tests.features.upstream_tables import player_tables

UPSTREAM = {"context_features": (elo.FEATURE, fatigue.FEATURE, team_form.FEATURE)}


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    tables = invented_frames()
    return tables | player_tables(tables["games"])


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
@pytest.mark.parametrize("module", [elo, fatigue, team_form, context_features], ids=lambda module: module.FEATURE.name)
def test_nothing_moves_when_the_future_changes(frames, module, mutation):
    days = frames["games"]["game_date"].unique().sort()
    for day in (days[0], days[9], days[24], days[-2]):
        assert find_leaks(module.FEATURE, frames, day, mutation, UPSTREAM.get(module.FEATURE.name, ())) == []


def test_tonights_result_in_a_feature_is_found(frames):
    def peeking(history, seasons):
        tonight = history.table("games").select("game_id", "home_win")
        return (
            elo.build(history, seasons)
            .join(tonight, on="game_id")
            .with_columns(p_home_win=pl.col("p_home_win") + 0.01 * pl.col("home_win"))
        )

    leaky = Feature("leaky_elo", peeking, ("games",), ("game_id",), "Elo that has seen tonight")
    day = frames["games"]["game_date"].unique().sort()[30]
    assert "p_home_win" in {leak.column for leak in find_leaks(leaky, frames, day, "delete")}
