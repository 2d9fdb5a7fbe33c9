from datetime import date

import polars as pl
import pytest

from nba_pipeline.evaluation.closing_line import closing_line_forecasts, market_report, priced_games

LINE = {"home_spread": -3.0, "total_line": 220.0, "home_moneyline": -150.0, "away_moneyline": 130.0}


def test_prices_become_probabilities_without_the_bookmakers_share() -> None:
    lines = pl.DataFrame(
        {
            "game_id": ["a", "b", "c"],
            "home_spread": [-3.5, 4.0, None],
            "total_line": [220.5, 210.0, 230.0],
            "home_moneyline": [-150.0, 150.0, None],
            "away_moneyline": [130.0, -150.0, -110.0],
        }
    )
    forecast = closing_line_forecasts(lines)
    assert forecast["p_home_win_closing_line"].to_list() == [pytest.approx(0.6 / (0.6 + 100 / 230)), pytest.approx(0.4), None]
    assert forecast["margin_closing_line"].to_list() == [3.5, -4.0, None]
    assert forecast["total_closing_line"].to_list() == [220.5, 210.0, 230.0]


def predictions() -> pl.DataFrame:
    """Four games before tip-off and after a quarter, two a night."""
    games = [{"game_id": str(at), "game_date": date(2021, 1, 1 + at // 2), "home_win": at % 3 > 0} for at in range(4)]
    numbers = {"final_margin": 4.0, "final_total": 210.0, "p_home_win": 0.6, "margin": 2.0, "total": 215.0}
    return pl.DataFrame([{**game, **numbers, "instant": instant} for game in games for instant in ("pregame", "q1")])


def test_only_games_with_a_whole_line_are_priced_and_only_before_tip_off() -> None:
    lines = pl.DataFrame([{"game_id": "0", **LINE}, {"game_id": "1", **LINE, "home_moneyline": None}, {"game_id": "9", **LINE}])
    priced = priced_games(predictions(), lines)
    assert priced["game_id"].to_list() == ["0"] and priced["instant"].to_list() == ["pregame"]


def test_the_market_stands_in_the_report_as_an_instant_of_its_own() -> None:
    lines = pl.DataFrame([{"game_id": str(at), **LINE} for at in range(4)])
    report = market_report(priced_games(predictions(), lines))
    assert report["market/games"] == 4 and report["market/log_loss_closing_line"] > 0
    assert report["market/log_loss_minus_closing_line_low"] <= report["market/log_loss_minus_closing_line_high"]
    assert all(name.startswith("market/") for name in report)


def test_lines_of_one_night_give_no_interval_and_no_report() -> None:
    lines = pl.DataFrame([{"game_id": str(at), **LINE} for at in range(2)])
    assert market_report(priced_games(predictions(), lines)) == {}
