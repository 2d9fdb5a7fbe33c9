"""A table of games as every model class reads it: dates that are dates, one name per column, rows in time order.

Any league will do: date, home side, away side and both scores are enough. Columns of other names stay as they are. What does not
belong here: features (`form_features.py`), and the league's own tables (`warehouse`).
"""

from datetime import timedelta
from pathlib import Path

import polars as pl

NAMES: dict[str, tuple[str, ...]] = {
    "game_date": ("game_date", "date", "Date"),
    "home_team": ("home_team", "home_team_id", "home", "HomeTeam"),
    "away_team": ("away_team", "away_team_id", "away", "visitor", "AwayTeam"),
    "home_points": ("home_points", "home_score", "home_goals", "pts_home"),
    "away_points": ("away_points", "away_score", "away_goals", "pts_away"),
}
"""Our name of a column, and what it is called in other people's files, best first."""

RESULTS = ("home_points", "away_points", "margin", "total", "overtimes", "home_win")
"""Known after a game only: never an input for the same game."""

SUMMER = timedelta(days=60)
"""Where a table has no seasons, a longer break between dates starts a new one."""


class GameTableError(ValueError):
    """A table cannot be read as games; the message names the column or rows, and says what to do."""


def read_games(path: Path, date_format: str | None = None) -> pl.DataFrame:
    """Games from a CSV (also compressed) or Parquet file.

    Args:
        path: the file; its columns may have any of `NAMES`.
        date_format: how dates are written, such as `%d/%m/%Y`; ISO when not given.

    Raises:
        GameTableError: the file cannot be read, or is no table of games.
    """
    try:
        rows = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise GameTableError(f"{path} cannot be read ({error}): give a CSV with a header, or a Parquet file") from error
    return dated_rows(rows, date_format)


def dated_rows(rows: pl.DataFrame, date_format: str | None = None) -> pl.DataFrame:
    """Rows in time order with `game_date`, and `home_win` (Int8) of games that are decided.

    Args:
        rows: a date, and either both scores or `home_win`. A game without a score is one still to come.
        date_format: how dates are written where they are text.

    Raises:
        GameTableError: there are no dates, some are missing or unreadable, a result is missing or drawn, or a game is there twice.
    """
    rows = _with_dates(_renamed(rows), date_format)
    rows = rows.sort("game_date", *(name for name in ("game_id", "home_team", "away_team") if name in rows.columns), maintain_order=True)
    _refuse_twice(rows)
    return _with_winner(rows)


def game_rows(table: pl.DataFrame) -> pl.DataFrame:
    """What a rating needs of dated rows: game_date, season, home_team and away_team (text), margin (null before the game), neutral_site.

    Raises:
        GameTableError: teams or scores are missing.
    """
    missing = [name for name in ("home_team", "away_team", "home_points", "away_points") if name not in table.columns]
    if missing:
        raise GameTableError(f"column {_alternatives(missing[0])} is missing (there are {', '.join(table.columns)}): rename or add it")
    nobody = table.filter(pl.col("home_team").is_null() | pl.col("away_team").is_null())
    if nobody.height:
        raise GameTableError(f"{nobody.height} games name no team, the first on {nobody['game_date'][0]}: correct them or take them out")
    season = pl.col("season").cast(pl.String) if "season" in table.columns else _season()
    neutral = pl.col("neutral_site").cast(pl.Boolean) if "neutral_site" in table.columns else pl.lit(False)
    return table.select(
        "game_date",
        season=season,
        home_team=pl.col("home_team").cast(pl.String),
        away_team=pl.col("away_team").cast(pl.String),
        margin=pl.col("home_points").cast(pl.Float64) - pl.col("away_points").cast(pl.Float64),
        neutral_site=neutral.fill_null(False),
    )


def _renamed(rows: pl.DataFrame) -> pl.DataFrame:
    found = {ours: next((name for name in names if name in rows.columns), None) for ours, names in NAMES.items()}
    if found["game_date"] is None:
        raise GameTableError(
            f"a table without dates is refused: rows in time order are what folds are made of. Column {_alternatives('game_date')} is "
            f"missing (there are {', '.join(rows.columns)})"
        )
    return rows.rename({name: ours for ours, name in found.items() if name is not None and name != ours})


def _alternatives(name: str) -> str:
    return " or ".join(dict.fromkeys(NAMES[name]))


def _with_dates(rows: pl.DataFrame, date_format: str | None) -> pl.DataFrame:
    day = pl.col("game_date")
    if rows.schema["game_date"] == pl.String:
        rows = rows.with_columns(game_date=day.str.strip_chars().str.to_date(date_format or "%Y-%m-%d", strict=False), _written=day)
    elif rows.schema["game_date"] in (pl.Date, pl.Datetime):
        rows = rows.with_columns(game_date=day.cast(pl.Date), _written=day.cast(pl.String))
    else:
        raise GameTableError(f"game_date holds {rows.schema['game_date']}, not dates: write them as 2024-01-31")
    broken = rows.with_row_index("row").filter(day.is_null())
    if broken.height:
        raise GameTableError(
            f"{broken.height} rows have no date that can be read, the first is row {broken['row'][0]} ({broken['_written'][0]!r}): write "
            "dates as 2024-01-31, or say how they are written (date_format, --date-format %d/%m/%Y)"
        )
    return rows.drop("_written")


def _refuse_twice(rows: pl.DataFrame) -> None:
    key = ["game_id"] if "game_id" in rows.columns else ["game_date", "home_team", "away_team", "home_points", "away_points"]
    if set(key) <= set(rows.columns) and (twice := rows.filter(pl.struct(key).is_duplicated())).height:
        raise GameTableError(f"{twice.height} rows are there twice, the first on {twice['game_date'][0]}: keep one of each")


def _with_winner(rows: pl.DataFrame) -> pl.DataFrame:
    if {"home_points", "away_points"} <= set(rows.columns):
        home, away = pl.col("home_points").cast(pl.Float64), pl.col("away_points").cast(pl.Float64)
        drawn = rows.filter(home == away)
        if drawn.height:
            raise GameTableError(
                f"{drawn.height} games are drawn, the first on {drawn['game_date'][0]}: P(home win) does not say who loses then. Take "
                "them out, or give the score after overtime or penalties"
            )
        return rows.with_columns(home_win=(home > away).cast(pl.Int8))
    if "home_win" not in rows.columns:
        raise GameTableError(f"there are neither scores nor `home_win` (there are {', '.join(rows.columns)}): add home_points, away_points")
    return rows.with_columns(pl.col("home_win").cast(pl.Int8))


def _season() -> pl.Expr:
    new = pl.col("game_date").diff().fill_null(timedelta(0)) > SUMMER
    return new.cum_sum().cast(pl.String)
