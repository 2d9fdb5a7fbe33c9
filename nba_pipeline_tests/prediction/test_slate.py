"""A date's games as of tip-off, on the tiny league."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import torch

from nba_pipeline.features.context_features import CONTEXT_FEATURES, RATING_PARTS
from nba_pipeline.models.forecasts.serving import SERVED
from nba_pipeline.prediction.forecaster import Forecaster, NotServableError
from nba_pipeline.prediction.slate import MOVERS, SlateError, headline, record, season_of_date, slate
from nba_pipeline.warehouse.store import Warehouse

SEASON = "2021-22"
CONTRACT = (
    "game_id", "play_index", "as_of_seconds", "model_version", "source", "lineups", "p_home_win", "margin", "margin_low", "margin_high",
    "total", "total_low", "total_high",
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(tiny_features: Warehouse) -> date:
    """The date with most games in the second half of the season."""
    days = tiny_features.read("games", [SEASON]).sort("game_date").tail(30)
    return days.group_by("game_date").len().sort("len", "game_date")["game_date"][-1]


@pytest.fixture(scope="module")
def rows(forecaster: Forecaster, tiny_features: Warehouse, busy: date) -> pl.DataFrame:
    found = slate(forecaster, tiny_features, busy)
    assert found is not None
    return found


def test_every_game_of_the_date_has_the_agreed_columns(rows: pl.DataFrame, tiny_features: Warehouse, busy: date):
    games = tiny_features.read("games", [SEASON]).filter(pl.col("game_date") == busy)
    assert rows["game_id"].to_list() == sorted(games["game_id"])
    assert set(CONTRACT) <= set(rows.columns) and not rows.select(CONTRACT).null_count().sum_horizontal()[0]
    assert rows["play_index"].unique().to_list() == [0] and rows["lineups"].unique().to_list() == ["projected"]
    assert {"p_home_win_elo", "p_home_win_rating", "p_home_win_ridge", "p_home_win_home_rate"} <= set(rows.columns)
    for name in ("margin", "total"):
        assert ((rows[f"{name}_low"] < rows[name]) & (rows[name] < rows[f"{name}_high"])).all()


@pytest.mark.parametrize("served", SERVED)
def test_whichever_forecast_is_served_is_whole(
    forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date, served: str
):
    found = slate(replace(forecaster, serving=replace(forecaster.serving, pregame=served)), tiny_features, busy)
    assert found is not None and found.columns == rows.columns and found["forecast"].unique().to_list() == [served]
    assert not found.select(CONTRACT).null_count().sum_horizontal()[0]
    if served != "net":
        assert found["p_home_win"].equals(found[f"p_home_win_{served}"], check_names=False)
    if served == "elo":
        assert found["total"].equals(found["total_home_rate"], check_names=False), "Elo knows no total: the mean of the training games"


def test_the_result_of_the_game_moves_nothing(forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date):
    """Other scores, plays and boxes of the date itself, in the tables that a slate reads: the same forecast, bit for bit."""

    class Changed(Warehouse):
        def read(self, table, parts=None, columns=None):
            frame = super().read(table, parts, columns)
            if table == "games" and "home_points" in frame.columns:
                tonight = pl.col("game_date") == busy
                frame = frame.with_columns(pl.when(tonight).then(-pl.col(name)).otherwise(name).alias(name) for name in ("margin", "total"))
            return frame.clear() if table == "sequences" else frame

    assert slate(forecaster, Changed(tiny_features.root, tiny_features.source), busy).equals(rows)


def test_games_still_to_be_played_are_forecast_too(forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date):
    class Scheduled(Warehouse):
        def read(self, table, parts=None, columns=None):
            frame = super().read(table, parts, columns)
            results = {"home_win", "margin", "total", "home_points", "away_points"} & set(frame.columns)
            if table != "games" or not results:
                return frame
            return frame.with_columns(pl.when(pl.col("game_date") < busy).then(pl.col(name)).alias(name) for name in results)

    assert slate(forecaster, Scheduled(tiny_features.root, tiny_features.source), busy).equals(rows)


def test_reported_lineups_are_another_table_and_another_forecast(
    forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date
):
    reported = slate(forecaster, tiny_features, busy, "reported")
    assert reported is not None and reported["lineups"].unique().to_list() == ["reported"]
    assert reported.columns == rows.columns and reported["game_id"].equals(rows["game_id"])
    said = tiny_features.read("player_rating_reported", [SEASON]).select("game_id", "p_home_win")
    assert reported.join(said, on="game_id", maintain_order="left")["p_home_win_right"].to_list() == reported["p_home_win_rating"].to_list()
    assert not reported["margin"].equals(rows["margin"])


def test_a_date_of_which_nothing_was_reported_is_no_forecast_with_reported_lineups(
    forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date
):
    class Unheard(Warehouse):
        def read(self, table, parts=None, columns=None):
            frame = super().read(table, parts, columns)
            return frame.with_columns(told=pl.col("told") & (pl.col("game_date") != busy)) if table == "absences" else frame

    unheard = Unheard(tiny_features.root, tiny_features.source)
    with pytest.raises(SlateError, match=rf"of {rows['away_team'][0]} @ {rows['home_team'][0]}.* on {busy}.*--lineups projected"):
        slate(forecaster, unheard, busy, "reported")
    assert slate(forecaster, unheard, busy).equals(rows)


def test_a_date_without_games_is_an_answer(forecaster: Forecaster, tiny_features: Warehouse, busy: date):
    free = next(day for day in (busy + timedelta(days=i) for i in range(1, 400)) if season_of_date(tiny_features, day) is None)
    assert slate(forecaster, tiny_features, free) is None


def test_a_date_without_features_names_the_remedy(forecaster: Forecaster, tiny_features: Warehouse, busy: date):
    class Lacking(Warehouse):
        def read(self, table, parts=None, columns=None):
            frame = super().read(table, parts, columns)
            return frame.head(frame.height // 2) if table == "context_features" else frame

    with pytest.raises(SlateError, match=r"materialise context_features of 2021-22"):
        slate(forecaster, Lacking(tiny_features.root, tiny_features.source), busy)


def test_what_moved_a_forecast_adds_up_to_what_makes_it_unusual(
    forecaster: Forecaster, rows: pl.DataFrame, tiny_features: Warehouse, busy: date, monkeypatch: pytest.MonkeyPatch
):
    """Where the towers say nothing the net is linear: all effects together are the margin's distance from that of the usual game."""
    linear = deepcopy(forecaster.net)
    torch.nn.init.zeros_(linear.fusion.margin.weight)
    torch.nn.init.zeros_(linear.fusion.margin.bias)
    monkeypatch.setattr("nba_pipeline.prediction.slate.MOVERS", len(CONTEXT_FEATURES) + len(RATING_PARTS))
    skip = forecaster.net.fusion.skip
    assert skip is not None
    usual = float(skip.margin_weights[-1])
    found = slate(replace(forecaster, net=linear), tiny_features, busy)
    assert found is not None
    for margin, moves in zip(found["margin_ridge"], found["moved_by"].to_list(), strict=True):
        assert sum(move["margin_points"] for move in moves) == pytest.approx(margin - usual, abs=0.001)
    shown = rows["moved_by"].to_list()
    assert all(len(moves) == MOVERS for moves in shown)
    assert all(abs(one["margin_points"]) >= abs(other["margin_points"]) for moves in shown for one, other in pairwise(moves))
    assert any(move["input"] == "rating_from_players" for moves in shown for move in moves)


def test_a_date_up_to_which_the_version_has_learned_is_marked(forecaster: Forecaster, tiny_features: Warehouse, busy: date):
    for until, learned in ((busy, True), (busy - timedelta(days=1), False), (None, None)):
        found = slate(replace(forecaster, learned_until=until), tiny_features, busy)
        assert found is not None and found["learned"].unique().to_list() == [learned]


def test_rows_of_another_version_stay(rows: pl.DataFrame, busy: date, tmp_path: Path):
    warehouse, later = Warehouse(tmp_path), rows.with_columns(pl.col("margin") + 1)
    other = rows.with_columns(model_version=pl.lit("v9.0.0"))
    for recorded in (rows, other, later):
        record(warehouse, recorded, busy)
    found = warehouse.read("game_predictions", [busy])
    assert found.filter(model_version="v9.0.0").equals(other)
    assert found.filter(pl.col("model_version") != "v9.0.0").equals(later)


def test_what_moved_the_net_is_called_so_where_another_is_served(rows: pl.DataFrame):
    assert "moved by" in headline(rows)[0]
    other = headline(rows.with_columns(forecast=pl.lit("rating")))[0]
    assert "moved the net by" in other and "moved by" not in other


def test_the_page_has_a_line_per_game(rows: pl.DataFrame):
    lines = headline(rows)
    assert len(lines) == rows.height and all("@" in line["game"] and line["P(home win)"].startswith("0.") for line in lines)


def test_a_version_without_what_use_needs_is_refused(forecaster: Forecaster, versions, tmp_path):
    from nba_pipeline.models.registry import ModelRegistry

    bare = ModelRegistry(tmp_path)
    bare.save_model(models=forecaster.net.networks(), metrics={"accuracy": 0.6}, source="simulated")
    with pytest.raises(NotServableError, match="train a new one"):
        Forecaster.load(bare)
