"""The market's last word as a forecast: what the closing line says about the winner, the margin and the total.

A yardstick, never a feature: it knows tonight's injuries and everyone's models. Prices come from the table `betting_lines`.
"""

import polars as pl


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


def _implied(moneyline: pl.Expr) -> pl.Expr:
    """The probability at which a bet at American odds breaks even: −150 → .6, +150 → .4."""
    return pl.when(moneyline < 0).then(moneyline / (moneyline - 100)).otherwise(100 / (moneyline + 100))
