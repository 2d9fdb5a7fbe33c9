"""The market's last word as a forecast: what the closing line says about the winner, the margin and the total.

A yardstick, never a feature: it knows tonight's injuries and everyone's models. Prices come from the table `betting_lines`.
"""

import polars as pl

from nba_pipeline.evaluation.scores import as_report, score_forecasts

MARKET = "market"
"""The instant of a report under which the games with a closing line stand; they are forecast before tip-off."""

PREGAME = "pregame"


def closing_line_forecasts(betting_lines: pl.DataFrame) -> pl.DataFrame:
    """One forecast per game with a line.

    Args:
        betting_lines: the warehouse table: spreads (negative when home is favoured), totals, American moneylines.

    Returns:
        game_id, p_home_win_closing_line (the bookmaker's share removed in proportion), margin_closing_line and total_closing_line in
        points; null where a price is missing.
    """
    home, away = _implied(pl.col("home_moneyline")), _implied(pl.col("away_moneyline"))
    return betting_lines.select(
        "game_id",
        p_home_win_closing_line=home / (home + away),
        margin_closing_line=-pl.col("home_spread"),
        total_closing_line=pl.col("total_line"),
    )


def priced_games(predictions: pl.DataFrame, betting_lines: pl.DataFrame) -> pl.DataFrame:
    """The forecasts before tip-off of games that have a whole closing line, with the line as one more forecast.

    Args:
        predictions: as `scores.score_forecasts` takes them.
        betting_lines: the warehouse table.
    """
    return predictions.filter(pl.col("instant") == PREGAME).join(closing_line_forecasts(betting_lines).drop_nulls(), on="game_id")


def market_report(priced: pl.DataFrame) -> dict[str, float]:
    """Scores of the priced games as `criteria.verdict` reads them: `market/log_loss_minus_closing_line_high` and the like.

    Args:
        priced: as `priced_games` gives them; games of fewer than two dates have no interval and give nothing.
    """
    if priced["game_date"].n_unique() < 2:
        return {}
    report = as_report(score_forecasts(priced), priced)
    return {f"{MARKET}/{name.removeprefix(f'{PREGAME}/')}": value for name, value in report.items()}


def _implied(moneyline: pl.Expr) -> pl.Expr:
    """The probability at which a bet at American odds breaks even: −150 → .6, +150 → .4."""
    return pl.when(moneyline < 0).then(moneyline / (moneyline - 100)).otherwise(100 / (moneyline + 100))
