import numpy as np
import polars as pl
import pytest

from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.prediction.game.facts import GameFacts
from nba_pipeline.prediction.game.live import LiveGame
from nba_pipeline.prediction.game.swings import action, biggest_swings
from nba_pipeline.prediction.game.win_probability import excitement, win_probability


def test_a_row_per_known_event_with_everything_a_forecast_has(curve: pl.DataFrame, replay: LiveGame):
    assert curve.height == replay.arrays.event_counts()[0] + 1
    assert curve["play_index"][0] == 0 and (curve["play_index"].diff().drop_nulls() > 0).all()
    numbers = curve.select("p_home_win", "margin", "margin_low", "margin_high", "total", "total_low", "total_high")
    assert numbers.null_count().sum_horizontal()[0] == 0
    assert curve["p_home_win"].is_between(0, 1).all()
    assert (curve["margin_low"] <= curve["margin"]).all() and (curve["total"] <= curve["total_high"]).all()
    assert curve.select("period", "clock_seconds", "home_score", "away_score").null_count().sum_horizontal()[0] == 0


def test_the_score_is_that_of_the_last_known_play(curve: pl.DataFrame, replay: LiveGame):
    plays = {row["play_index"]: row for row in replay.plays.iter_rows(named=True)}
    for row in curve.tail(-1).iter_rows(named=True):
        last = plays[row["play_index"] - 1]
        assert (row["home_score"], row["away_score"], row["description"]) == (last["home_score"], last["away_score"], last["description"])


def test_the_same_game_gives_the_same_bits(forecaster: Forecaster, replay: LiveGame, curve: pl.DataFrame):
    assert win_probability(forecaster, replay).equals(curve)


def test_swings_add_up_to_the_way_from_tip_off_to_the_end(curve: pl.DataFrame):
    assert curve["swing"].sum() == pytest.approx(curve["p_home_win"][-1] - curve["p_home_win"][0], abs=1e-12)
    assert excitement(curve) >= abs(curve["swing"].sum())
    everything = biggest_swings(curve, {}, count=curve.height)
    starts = curve.filter(pl.col("event_type") == 12)["swing"].sum()
    assert sum(swing.points for swing in everything) / 100 == pytest.approx(curve["swing"].sum() - starts, abs=1e-9)


def test_the_biggest_swings_are_named(curve: pl.DataFrame, facts: GameFacts):
    swings = biggest_swings(curve, facts.names, count=8)
    sizes = [abs(swing.points) for swing in swings]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == pytest.approx(100 * np.abs(curve["swing"]).max())
    for swing in swings:
        row = curve.filter(pl.col("play_index") == swing.play_index).row(0, named=True)
        assert swing.player == (facts.names.get(row["player1_id"], "") if row["player1_id"] else "")
        assert swing.label and swing.p_home_win == row["p_home_win"]
    assert any(swing.player for swing in swings)


@pytest.mark.parametrize(
    ("description", "player", "said"),
    [
        ("MISS Allen 27' 3PT Jump Shot", "Grayson Allen", "misses 27' 3PT Jump Shot"),
        ("G. Antetokounmpo 1' Putback Layup (2 PTS)", "Giannis Antetokounmpo", "1' Putback Layup"),
        ("Curry Free Throw 2 of 3 (5 PTS)", "Stephen Curry", "Free Throw 2 of 3"),
        ("Torharic BLOCK (3 BLK) | MISS Jorvaden 2' Layup", "Al Jorvaden", "misses 2' Layup"),
        ("Durant REBOUND (Off:0 Def:1)", "Kevin Durant", "rebound"),
        ("Nets Rebound", "", "Nets Rebound"),
        ("SUB: Livers FOR Grant", "Jerami Grant", "SUB: Livers FOR Grant"),
        ("Bradley Violation:Defensive Goaltending (S.Foster)", "Tony Bradley", "Defensive Goaltending"),
        ("Jump Ball Powell vs. Robinson: Tip to Burks", "Dwight Powell", "vs. Robinson: Tip to Burks"),
        ("", "", "acts"),
    ],
)
def test_actions_read_as_people_say_them(description: str, player: str, said: str):
    assert action(description, player) == said
