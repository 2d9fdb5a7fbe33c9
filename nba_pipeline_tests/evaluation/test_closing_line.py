import polars as pl
import pytest

from nba_pipeline.evaluation.closing_line import closing_line_forecasts


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
