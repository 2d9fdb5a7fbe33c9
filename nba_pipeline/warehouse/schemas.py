"""What each table must look like: types, bounds from the league's vocabulary, keys, and what columns say of each other.

`violations` names the rows that break it. Whether tables agree with one another is `reconcile`'s question.
"""

from collections.abc import Iterator

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from nba_pipeline.league.clock import MAX_PERIODS, PLAYERS_ON_COURT, QUARTER_SECONDS, REGULATION_PERIODS, elapsed_seconds
from nba_pipeline.league.court import X_LIMIT_FEET, Y_MAX_FEET, Y_MIN_FEET
from nba_pipeline.league.events import EventType
from nba_pipeline.warehouse.player_game_stats import COUNTS
from nba_pipeline.warehouse.pregame_schemas import PREGAME_SCHEMAS
from nba_pipeline.warehouse.schema_parts import LINEUP, NAMED_ROWS, column, game_id, lineups_hold, person, rule, season, team

LAST_SECOND = elapsed_seconds(MAX_PERIODS, 0)
MOST_TEAM_POINTS, MOST_TEAM_MINUTES = 200, 400
"""Records are 186 points (1983) and 390 minutes (1951)."""

COURT_SLACK_FEET = 1.0
"""Charted spots are rough: some lie just outside the lines."""

_elapsed = pl.col("elapsed_seconds")
_PERIOD = {"period": column(None, 1, MAX_PERIODS), "clock_seconds": column(None, 0, QUARTER_SECONDS)}
_LINEUPS = {"home_lineup": pa.Column(LINEUP, nullable=True), "away_lineup": pa.Column(LINEUP, nullable=True)}
_BOX_LINE = {
    "min": column(pl.Int32, 0, MOST_TEAM_MINUTES // PLAYERS_ON_COURT, nullable=True),
    **{count: column(pl.Int32, 0, MOST_TEAM_POINTS, nullable=True) for count in COUNTS},
    "plus_minus": column(pl.Float64, -MOST_TEAM_POINTS, MOST_TEAM_POINTS, nullable=True),
}
_RESULT = {side: column(pl.Int32, 1, MOST_TEAM_POINTS, nullable=True) for side in ("home_points", "away_points")}

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "games": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "home_team_id": team(),
            "away_team_id": team(),
            **_RESULT,
            "home_win": pa.Column(pl.Boolean, nullable=True),
            "margin": column(pl.Int32, nullable=True),
            "total": column(pl.Int32, nullable=True),
            "overtimes": column(pl.Int32, 0, MAX_PERIODS - REGULATION_PERIODS, nullable=True),
            "neutral_site": pa.Column(pl.Boolean),
            "has_plays": pa.Column(pl.Boolean),
        },
        checks=[
            rule("a team does not play itself", pl.col("home_team_id") != pl.col("away_team_id")),
            rule("margin is home_points - away_points", pl.col("margin") == pl.col("home_points") - pl.col("away_points")),
            rule("nobody ties", pl.col("margin") != 0),
            rule("total is home_points + away_points", pl.col("total") == pl.col("home_points") + pl.col("away_points")),
            rule("home_win says who has more points", pl.col("home_win") == (pl.col("margin") > 0)),
        ],
        unique=["game_id"],
    ),
    "player_game_stats": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "player_id": person(),
            "player_name": pa.Column(pl.String),
            "team_id": team(),
            **_BOX_LINE,
        },
        unique=["game_id", "team_id", "player_id"],
    ),
    "era_lines": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "game_date": pa.Column(pl.Date),
            "player_id": person(),
            "team_id": team(),
            "opponent_id": team(),
            "is_home": pa.Column(pl.Boolean),
            **_BOX_LINE,
        },
        checks=[rule("nobody plays against his own team", pl.col("team_id") != pl.col("opponent_id"))],
        unique=["game_id", "team_id", "player_id"],
    ),
    "players": pa.DataFrameSchema(
        {
            "player_id": person(),
            "name": pa.Column(pl.String),
            "position": pa.Column(pl.String, pa.Check.str_matches(r"^[GFC](-[GFC])?$", n_failure_cases=NAMED_ROWS), nullable=True),
            "height_inches": column(pl.Int32, 60, 96, nullable=True),
            "weight_pounds": column(pl.Int32, 100, 400, nullable=True),
            "birth_date": pa.Column(pl.Date, nullable=True),
        },
        unique=["player_id"],
    ),
    **PREGAME_SCHEMAS,
    "shots": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "shot_index": column(None, 0),
            "season": season(),
            **_PERIOD,
            "player_id": person(),
            "team_id": team(),
            "x_feet": column(pl.Float64, -X_LIMIT_FEET - COURT_SLACK_FEET, X_LIMIT_FEET + COURT_SLACK_FEET),
            "y_feet": column(pl.Float64, Y_MIN_FEET - COURT_SLACK_FEET, Y_MAX_FEET + COURT_SLACK_FEET),
            "three": pa.Column(pl.Boolean),
            "made": pa.Column(pl.Boolean),
        },
        unique=["game_id", "shot_index"],
    ),
    "plays": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "play_index": column(None, 0),
            "season": season(),
            "event_num": column(None, 0),
            **_PERIOD,
            "elapsed_seconds": column(None, 0, LAST_SECOND),
            "event_type": pa.Column(pl.Int8, pa.Check.isin([int(event) for event in EventType], n_failure_cases=NAMED_ROWS)),
            "event_action_type": column(pl.Int16, 0),
            "team_id": team(nullable=True),
            **{f"player{slot}_id": person(nullable=True) for slot in (1, 2, 3)},
            "home_score": column(None, 0, MOST_TEAM_POINTS),
            "away_score": column(None, 0, MOST_TEAM_POINTS),
            **_LINEUPS,
            "description": pa.Column(pl.String, nullable=True),
        },
        checks=[
            rule("elapsed_seconds follows from period and clock", _elapsed == elapsed_seconds(pl.col("period"), pl.col("clock_seconds"))),
            rule("time does not run backwards", _elapsed >= _elapsed.shift(1).over("game_id", order_by="play_index")),
            *lineups_hold(),
        ],
        unique=["game_id", "play_index"],
    ),
    "stints": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "stint_index": column(None, 0),
            "season": season(),
            "period": column(None, 1, MAX_PERIODS),
            "start_seconds": column(None, 0, LAST_SECOND),
            "end_seconds": column(None, 0, LAST_SECOND),
            "start_play_index": column(None, 0),
            **_LINEUPS,
            **{f"{side}_{what}": column(None, 0, MOST_TEAM_POINTS) for side in ("home", "away") for what in ("possessions", "points")},
        },
        checks=[rule("a stint ends after it starts", pl.col("end_seconds") >= pl.col("start_seconds")), *lineups_hold()],
        unique=["game_id", "stint_index"],
    ),
    "lineup_flags": pa.DataFrameSchema(
        {
            "game_id": game_id(),
            "season": season(),
            "period": column(None, 1, MAX_PERIODS),
            "team_id": team(nullable=True),
            "reason": pa.Column(pl.String),
            "detail": pa.Column(pl.String, nullable=True),
        }
    ),
}
"""Schema of every table, by the table's name. Columns beyond these are welcome."""


def violations(table: str, frame: pl.DataFrame) -> list[str]:
    """Sentences about what is wrong with a table; empty when nothing is.

    Args:
        table: name of the table, a key of `SCHEMAS`.
        frame: its rows.

    Returns:
        One message per broken rule: column, rule, how many rows, and the keys and values of the first five.
    """
    try:
        SCHEMAS[table].validate(frame, lazy=True)
    except SchemaErrors as errors:
        return [f"{table}.{message}" for error in errors.schema_errors for message in _messages(table, frame, error)]
    return []


def _messages(table: str, frame: pl.DataFrame, error: SchemaError) -> Iterator[str]:
    key = SCHEMAS[table].unique or ["game_id"]
    if error.reason_code is SchemaErrorReason.DUPLICATES:
        repeated = frame.select(key).group_by(key, maintain_order=True).len().filter(pl.col("len") > 1).drop("len")
        yield f"{'+'.join(key)}: repeated in {repeated.height} cases: {_named(repeated)}"
        return
    subject = error.schema.name or "row"
    if not isinstance(error.check_output, pl.DataFrame) or error.check_output.height != frame.height:
        yield f"{subject}: {error.args[0]}"
        return
    bad = frame.filter(error.check_output.to_series().not_())
    shown = [*key, subject] if subject in frame.columns and subject not in key else key
    broken = error.check.error if isinstance(error.check, pa.Check) else error.check
    yield f"{subject}: {broken} fails in {bad.height} rows: {_named(bad.select(shown))}"


def _named(rows: pl.DataFrame) -> str:
    return "; ".join(", ".join(f"{column} {value}" for column, value in row.items()) for row in rows.head(NAMED_ROWS).iter_rows(named=True))
