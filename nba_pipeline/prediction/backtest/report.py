"""What a walk-forward backtest shows: every forecast on the same games, by season, month and instant, and against the market.

What does not belong here: making the forecasts (`walk_forward.py`), scoring (`evaluation`), printing (`text.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl
import polars.selectors as cs

from nba_pipeline.evaluation.betting import simulate_bets
from nba_pipeline.evaluation.calibration import calibration_noise_floor, reliability_table
from nba_pipeline.evaluation.closing_line import priced_games
from nba_pipeline.evaluation.minutes import score_minutes
from nba_pipeline.evaluation.scores import score_forecasts
from nba_pipeline.league.seasons import Season

ALL = "all"
PREGAME = pl.col("instant") == "pregame"
MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")


@dataclass(frozen=True)
class BacktestReport:
    """The tables of a backtest; scores are long tables as `score_forecasts` makes them, with one more column.

    Attributes:
        by_season: before tip-off; column `season`, `all` for the seasons together.
        by_month: before tip-off; column `month`.
        by_instant: every named instant, all seasons with plays.
        by_minute: every minute 0 .. 47 and their mean, as `score_minutes` makes it: net, linear floor and smooth formula.
        reported: before tip-off, `net` is the rating that knows who sits out, next to the one that does not; column `season`.
        market: before tip-off on the games that have a closing line, with the line as one more forecast; column `season`.
        coverage: share of results inside the 80 % intervals, by season and instant.
        betting: flat and Kelly bets at the closing price, by season.
        reliability: bins of P(home win) before tip-off with their noise band.
        calibration_noise: median, p95, p99 of the calibration error of a perfect forecast of these games.
        served: which forecast was served before tip-off, by season.
    """

    by_season: pl.DataFrame
    by_month: pl.DataFrame
    by_instant: pl.DataFrame
    by_minute: pl.DataFrame
    reported: pl.DataFrame
    market: pl.DataFrame
    coverage: pl.DataFrame
    betting: pl.DataFrame
    reliability: pl.DataFrame
    calibration_noise: dict[str, float]
    served: pl.DataFrame


def backtest_report(rows: pl.DataFrame, lines: pl.DataFrame | None = None, reported: pl.DataFrame | None = None) -> BacktestReport:
    """Scores the forecasts of a backtest.

    Args:
        rows: as `walk_forward.forecast_block` makes them, of any number of blocks.
        lines: `betting_lines` of the same seasons, if there are any.
        reported: `player_rating_reported` of the same seasons, if there is one.
    """
    named, minutes = _parts(rows)
    before = named.filter(PREGAME)
    month = pl.col("game_date").dt.strftime("%b")
    priced = _priced(before, lines)
    won = before["home_win"].cast(pl.Float64).to_numpy()
    return BacktestReport(
        by_season=_scored(before, "season", with_all=True),
        by_month=_scored(before.with_columns(month=month), "month", MONTHS),
        by_instant=score_forecasts(named),
        by_minute=score_minutes(minutes) if minutes.height else pl.DataFrame(),
        reported=_scored(_with_reported(before, reported), "season", with_all=True),
        market=_scored(priced, "season", with_all=True),
        coverage=_coverage(named),
        betting=_bets(priced),
        reliability=reliability_table(before["p_home_win"].to_numpy(), won),
        calibration_noise=dict(calibration_noise_floor(before["p_home_win"].to_numpy())._asdict()),
        served=before.group_by("season", "forecast").len("games").sort("season", "forecast"),
    )


def seasons_of(rows: pl.DataFrame) -> list[Season]:
    """The seasons of a table of forecasts, in time order."""
    return rows["season"].unique().sort().to_list()


def _parts(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of named instants, and rows of minutes: each with the forecasts that it has."""
    if "minute" not in rows.columns:
        return rows, pl.DataFrame()
    parts = rows.filter(pl.col("minute").is_null()), rows.filter(pl.col("minute").is_not_null())
    named, minutes = (part.select(column for column in part.columns if part[column].null_count() < part.height) for part in parts)
    return named, minutes


def _scored(rows: pl.DataFrame, group: str, order: Sequence[str] | None = None, *, with_all: bool = False) -> pl.DataFrame:
    """Scores of each value of a column that has games on two dates or more, and of all rows together."""
    present = rows[group].unique().sort().to_list() if rows.height else []
    parts = [(name, rows.filter(pl.col(group) == name)) for name in (order or present) if name in present]
    parts += [(ALL, rows)] if with_all and len(parts) > 1 else []
    scored = [score_forecasts(part).select(pl.lit(name).alias(group), pl.all()) for name, part in parts if part["game_date"].n_unique() > 1]
    return pl.concat(scored) if scored else pl.DataFrame()


def _priced(before: pl.DataFrame, lines: pl.DataFrame | None) -> pl.DataFrame:
    """The games with a complete closing line, with prices and the line's forecast."""
    if lines is None:
        return before.clear()
    prices = lines.select("game_id", "home_moneyline", "away_moneyline")
    return priced_games(before, lines).join(prices, on="game_id", maintain_order="left")


def _with_reported(before: pl.DataFrame, reported: pl.DataFrame | None) -> pl.DataFrame:
    """The rating that knows who sits out in the net's place, beside the one that does not: to be compared, never to be stored."""
    if reported is None:
        return before.clear()
    said = reported.select("game_id", p_home_win="p_home_win", margin="rating_margin", total="total")
    facts = ("game_id", "season", "game_date", "instant", "home_win", "final_margin", "final_total")
    return before.select(*facts, cs.ends_with("_rating")).join(said, on="game_id", maintain_order="left")


def _coverage(rows: pl.DataFrame) -> pl.DataFrame:
    inside = [
        pl.col(f"final_{name}").is_between(f"{name}_low", f"{name}_high").mean().alias(f"{name}_inside") for name in ("margin", "total")
    ]
    return rows.group_by("season", "instant", maintain_order=True).agg(pl.len().alias("games"), *inside)


def _bets(priced: pl.DataFrame) -> pl.DataFrame:
    if not priced.height:
        return pl.DataFrame()
    parts = [*((season, priced.filter(pl.col("season") == season)) for season in seasons_of(priced)), (ALL, priced)]
    return pl.DataFrame([{"season": name, **asdict(simulate_bets(part))} for name, part in parts])
