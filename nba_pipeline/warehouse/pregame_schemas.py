"""Schemas of what was published before tip-off: closing lines, lines on players, availability reports. The others are in `schemas`."""

import pandera.polars as pa
import polars as pl

from nba_pipeline.warehouse.availability import EVENING, STATUSES, eastern
from nba_pipeline.warehouse.betting_lines import LEAST_MONEYLINE
from nba_pipeline.warehouse.schema_parts import NAMED_ROWS, column, game_id, person, rule, season, team

MOST_SPREAD, LEAST_TOTAL_LINE, MOST_TOTAL_LINE, MOST_PLAYER_LINE = 40, 100, 300, 120

PREGAME_SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "betting_lines": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "home_spread": column(pl.Float64, -MOST_SPREAD, MOST_SPREAD, nullable=True),
            "total_line": column(pl.Float64, LEAST_TOTAL_LINE, MOST_TOTAL_LINE, nullable=True),
            "home_moneyline": column(pl.Float64, nullable=True),
            "away_moneyline": column(pl.Float64, nullable=True),
        },
        checks=[
            rule(f"{side} is {LEAST_MONEYLINE} and more, or -{LEAST_MONEYLINE} and less", pl.col(side).abs() >= LEAST_MONEYLINE)
            for side in ("home_moneyline", "away_moneyline")
        ],
        unique=["game_id"],
    ),
    "player_prop_lines": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "player_id": person(nullable=True),
            "player_name": pa.Column(pl.String),
            "book": pa.Column(pl.String),
            "market": pa.Column(pl.String),
            "line": column(pl.Float64, 0, MOST_PLAYER_LINE),
            "over_price": column(pl.Float64),
            "under_price": column(pl.Float64),
        },
        unique=["game_id", "player_name", "book", "market"],
    ),
    "availability": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "team_id": team(),
            "player_id": person(),
            "player_name": pa.Column(pl.String, nullable=True),
            "status": pa.Column(pl.String, pa.Check.isin(STATUSES, n_failure_cases=NAMED_ROWS)),
            "as_of": pa.Column(pl.Datetime("us", "UTC")),
        },
        checks=[
            rule(
                f"a report is not of later than {EVENING}:00 Eastern on the day of its game",
                eastern("as_of") <= pl.col("game_date").cast(pl.Datetime("us")) + pl.duration(hours=EVENING),
            )
        ],
        unique=["game_id", "team_id", "player_id"],
    ),
}
"""Schema by the table's name."""
