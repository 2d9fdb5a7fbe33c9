"""The context row: its 32 names in order, its sums by hand, and its refusal to invent a number."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import context_features, elo, fatigue, team_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.context_features import COMPANIONS, CONTEXT_FEATURES, ContextError, ContextFeatureBuilder
from nba_pipeline.features.teams.rapm import team_rapm
from nba_pipeline_tests.features.invented_results import invented_frames
from nba_pipeline_tests.features.upstream_tables import player_tables

SEASON = "2021-22"


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """All inputs of the context: three features built, the player features invented."""
    frames = invented_frames()
    frames |= {module.FEATURE.name: module.build(History.from_frames(frames), ("2020-21", SEASON)) for module in (elo, fatigue, team_form)}
    return frames | player_tables(frames["games"])


@pytest.fixture(scope="module")
def rows(tables) -> pl.DataFrame:
    return context_features.build(History.from_frames(tables), (SEASON,))


def test_the_names_and_their_order_are_the_contract():
    assert CONTEXT_FEATURES == (
        "home_off_rating_z", "home_def_rating_z", "away_off_rating_z", "away_def_rating_z",
        "home_efg_pct", "home_tov_pct", "home_orb_pct", "home_ft_rate", "away_efg_pct", "away_tov_pct", "away_orb_pct", "away_ft_rate",
        "home_rest_days", "home_back_to_back", "home_travel_miles", "away_rest_days", "away_back_to_back", "away_travel_miles",
        "home_orapm", "home_drapm", "home_rapm", "away_orapm", "away_drapm", "away_rapm",
        "home_hull_area", "away_hull_area",
        "rapm_diff", "rest_diff", "elo_diff", "net_rating_diff", "spacing_diff", "rating_margin",
    )  # fmt: skip
    assert len(CONTEXT_FEATURES) == 32


def test_one_row_a_game_with_every_number(rows, tables):
    games = tables["games"].filter(pl.col("season") == SEASON)
    assert rows["game_id"].to_list() == games.sort("game_date", "game_id")["game_id"].to_list()
    assert rows.columns == ["game_id", "season", "game_date", *CONTEXT_FEATURES, *COMPANIONS]
    assert rows.select(CONTEXT_FEATURES).to_numpy().dtype == np.float64
    assert all(rows[column].is_finite().all() for column in (*CONTEXT_FEATURES, *COMPANIONS))


def test_each_side_gets_its_own_numbers_and_differences_are_home_minus_away(rows, tables):
    game = rows.row(40, named=True)
    form = tables["team_form"].filter(pl.col("game_id") == game["game_id"])
    assert form["orb_pct"].to_list() == [game["home_orb_pct"], game["away_orb_pct"]]
    assert game["net_rating_diff"] == form["net_rating"][0] - form["net_rating"][1]
    assert game["rest_diff"] == game["home_rest_days"] - game["away_rest_days"]
    assert game["spacing_diff"] == game["home_hull_area"] - game["away_hull_area"]
    assert game["rapm_diff"] == pytest.approx(game["home_rapm"] - game["away_rapm"])
    rated = tables["elo"].filter(pl.col("game_id") == game["game_id"]).row(0, named=True)
    assert game["elo_diff"] == rated["home_elo"] - rated["away_elo"]
    assert (game["elo_margin"], game["p_home_win_elo"]) == (rated["elo_margin"], rated["p_home_win"])


def test_rapm_is_weighted_by_expected_minutes():
    day = pl.date(2021, 11, 1)
    games = pl.DataFrame({"game_id": ["g", "g"], "team_id": [2, 1]}).with_columns(game_date=day)
    rotation = pl.DataFrame(
        {"game_id": ["g"] * 4, "team_id": [1, 1, 2, 2], "player_id": [10, 11, 20, 21], "expected_minutes": [24.0, 36.0, 48.0, 12.0]}
    )
    snapshots = pl.DataFrame(
        {"player_id": [10, 11, 20], "orapm": [2.0, -4.0, 1.0], "drapm": [0.0, 1.0, -3.0], "rapm": [2.0, -3.0, -2.0]}
    ).with_columns(game_date=day)
    found = team_rapm(games, rotation, snapshots)
    assert found["orapm"].to_list() == [1.0, 2.0 * 0.5 - 4.0 * 0.75]
    assert found["drapm"].to_list() == [-3.0, 0.75]
    assert found["rapm"].to_list() == [-2.0, 1.0 - 2.25]


def test_a_snapshot_of_another_date_is_not_used():
    games = pl.DataFrame({"game_id": ["g"], "team_id": [1]}).with_columns(game_date=pl.date(2021, 11, 1))
    rotation = pl.DataFrame({"game_id": ["g"], "team_id": [1], "player_id": [10], "expected_minutes": [48.0]})
    later = pl.DataFrame({"player_id": [10], "orapm": [5.0], "drapm": [5.0], "rapm": [10.0]}).with_columns(game_date=pl.date(2021, 11, 2))
    assert team_rapm(games, rotation, later)["rapm"].to_list() == [0.0]


def test_without_any_rapm_every_side_is_average(tables):
    empty = tables | {"player_rapm": tables["player_rapm"].clear()}
    rows = context_features.build(History.from_frames(empty), (SEASON,))
    assert rows.select("home_rapm", "away_orapm", "rapm_diff").to_numpy().any() == np.False_


@pytest.mark.parametrize(("table", "column", "named"), [("lineup_spacing", "hull_area", "hull_area"), ("team_form", "efg_pct", "efg_pct")])
def test_a_missing_number_is_refused_by_name(tables, table, column, named):
    game = tables["games"].filter(pl.col("season") == SEASON)["game_id"][5]
    for hole in (None, float("nan")):
        broken = tables[table].with_columns(pl.when(pl.col("game_id") != game).then(column).otherwise(hole).alias(column))
        with pytest.raises(ContextError, match=rf"home_{named} of game {game}"):
            context_features.build(History.from_frames(tables | {table: broken}), (SEASON,))


def test_a_season_that_was_not_built_upstream_is_refused(tables):
    short = tables | {"elo": tables["elo"].filter(pl.col("season") != SEASON)}
    with pytest.raises(ContextError, match=r"elo_diff of game .* materialise"):
        context_features.build(History.from_frames(short), (SEASON,))


def test_the_builder_gives_a_games_vector(tables, rows):
    builder = ContextFeatureBuilder()
    assert builder.build(History.from_frames(tables), (SEASON,)).equals(rows)
    vector = builder.vector(rows["game_id"][7])
    assert vector.shape == (32,)
    assert vector.dtype == np.float32
    assert vector[builder.names.index("elo_diff")] == np.float32(rows["elo_diff"][7])


def test_the_builder_says_what_to_do_first(tables):
    builder = ContextFeatureBuilder()
    with pytest.raises(ContextError, match="call build"):
        builder.vector("0021800001")
    builder.build(History.from_frames(tables), (SEASON,))
    with pytest.raises(ContextError, match="0021800001"):
        builder.vector("0021800001")
