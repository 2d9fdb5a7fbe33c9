import numpy as np
import polars as pl
import pytest

from nba_pipeline.models.forecasts.serving import SERVED, Serving, served, with_intervals

TRUTH = {"net": 0.0, "ridge": 0.4, "rating": 0.8, "elo": 1.5}
"""How far each forecast's logit is from the truth."""


def league(noise: dict[str, float], games: int = 3000) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    logit = rng.normal(0.2, 1.0, games)
    won = rng.random(games) < 1 / (1 + np.exp(-logit))
    columns = {"instant": ["pregame"] * games, "play_index": np.zeros(games, int), "home_win": won}
    for name in (*SERVED, "home_rate"):
        said = 1 / (1 + np.exp(-(logit + rng.normal(0, noise.get(name, 2.0), games))))
        suffix = "" if name == "net" else f"_{name}"
        columns |= {f"p_home_win{suffix}": said, f"margin{suffix}": 10 * (said - 0.5), f"total{suffix}": np.full(games, 220.0)}
    margin = rng.normal(10 * (columns["p_home_win"] - 0.5), 12)
    return pl.DataFrame(columns | {"final_margin": margin, "final_total": rng.normal(220, 18, games)})


def test_the_best_on_the_validation_games_is_served():
    assert Serving.choose(league(TRUTH)).pregame == "net"
    assert Serving.choose(league(TRUTH | {"net": 1.0, "rating": 0.0})).pregame == "rating"


def test_of_equal_forecasts_the_net_is_served():
    rows = league(TRUTH)
    equal = rows.with_columns(p_home_win_ridge="p_home_win", p_home_win_rating="p_home_win", p_home_win_elo="p_home_win")
    assert Serving.choose(equal).pregame == "net"


def test_what_is_served_takes_the_nets_place_before_tip_off_only():
    rows = pl.concat([league(TRUTH).head(1), league(TRUTH).head(1).with_columns(play_index=pl.lit(7, pl.Int64))])
    found = served(rows, "rating")
    assert found["p_home_win"].to_list() == [rows["p_home_win_rating"][0], rows["p_home_win"][1]]
    assert served(rows, "net").equals(rows)


def test_it_survives_the_metadata_and_gives_intervals():
    serving = Serving.choose(league(TRUTH))
    again = Serving.from_dict(serving.to_dict())
    assert again == serving and again.home_rate[2] == pytest.approx(220)
    rows = with_intervals(league(TRUTH).head(2), again.bands, [1.0, 0.0])
    assert (rows["margin_low"] < rows["margin"])[0] and (rows["total_high"] > rows["total"])[0]
    assert rows["margin_high"][1] - rows["margin_low"][1] < rows["margin_high"][0] - rows["margin_low"][0]
