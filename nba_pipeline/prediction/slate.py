"""The games of a date before tip-off: one row of forecasts a game, with what moved each.

What does not belong here: the forecast (`forecaster.py`), its explanation (`models/forecasts/attribution.py`), how it is printed
(`cli/predict.py`).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.evaluation.scores import NET
from nba_pipeline.features.absences import REPORTED
from nba_pipeline.features.context_features import CONTEXT_FEATURES, RATING_PARTS
from nba_pipeline.league.seasons import Season, season_label
from nba_pipeline.league.teams import TEAM_BY_ID
from nba_pipeline.models.forecasts.attribution import margin_moves
from nba_pipeline.models.samples.load_games import PROJECTED, load_games, table_of
from nba_pipeline.models.samples.training_data import read_priors
from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.warehouse.store import Warehouse, Written

MOVERS = 5
RATING = CONTEXT_FEATURES.index("rating_margin")
SHOWN_POINTS = 0.05
"""Smaller effects are in the table, but not worth a line on a page."""

TABLE = "game_predictions"
BASELINES = ("rating", "ridge", "elo", "home_rate")


class SlateError(RuntimeError):
    """A date's games are known, but not what is known of them before tip-off."""


def season_of_date(warehouse: Warehouse, day: date) -> Season | None:
    """The season on disk that has games on a date; None where no season has."""
    for season in (season_label(day.year), season_label(day.year - 1)):
        if warehouse.path("games", season).exists() and day in warehouse.read("games", [season], ["game_date"])["game_date"]:
            return season
    return None


def slate(forecaster: Forecaster, warehouse: Warehouse, day: date, lineups: str = PROJECTED) -> pl.DataFrame | None:
    """Forecasts of every game of a date, as of tip-off.

    Args:
        forecaster: a version.
        warehouse: tables with the date's features.
        day: Eastern date of the games.
        lineups: `projected`: nothing of tonight is known; `reported`: it is known which rotation players sit out.

    Returns:
        season, game_date, home_team, away_team (abbreviations), `learned`: whether the version was trained or validated on games up to this
        date or later (null where it does not say), then the columns of `Forecaster.forecast`, and `moved_by`: the `MOVERS` numbers that
        moved the net's margin most, each with its value and points of margin. None where no game is known.

    Raises:
        SlateError: features of the date are missing, or lineups are `reported` and of a game nothing was reported.
    """
    season = season_of_date(warehouse, day)
    if season is None:
        return None
    schedule = warehouse.read("games", [season], ["game_id", "season", "game_date", "home_team_id", "away_team_id"])
    tonight = schedule.filter(pl.col("game_date") == day).sort("game_id")
    arrays = load_games(warehouse, [season], pl.col("game_date") == day, lineups)
    if len(arrays) < tonight.height:
        table, lacking = table_of("context_features", lineups), tonight.height - len(arrays)
        raise SlateError(f"{lacking} of {tonight.height} games of {day} have no features: materialise {table} of {season}")
    named = tonight.select("game_id", "season", "game_date", *(_abbreviation(side).alias(f"{side}_team") for side in ("home", "away")))
    if lineups == REPORTED:
        _refuse_untold(named, warehouse.read("absences", [season]))
    game = np.arange(len(arrays))
    rows = forecaster.forecast(arrays, game, np.zeros(len(game), np.int64), read_priors(warehouse, [season], lineups), lineups)
    moves = margin_moves(forecaster.net, arrays, game)
    parts = warehouse.read(table_of("context_features", lineups), [season], ["game_id", *RATING_PARTS])
    parts = arrays.games.select("game_id").join(parts, on="game_id", how="left", maintain_order="left").select(RATING_PARTS).to_numpy()
    movers = _movers(arrays.context, parts, moves, forecaster.net.fusion.scaler.mean.numpy())
    until = forecaster.learned_until
    named = named.with_columns(learned=pl.lit(None if until is None else day <= until, pl.Boolean))
    return named.join(rows.with_columns(moved_by=movers), on="game_id", maintain_order="left")


def _refuse_untold(games: pl.DataFrame, absences: pl.DataFrame) -> None:
    """Where nothing is known of who sits out, a forecast with reported lineups would be the projected one under another name."""
    untold = games.join(absences.filter(~pl.col("told")), on="game_id", how="semi")
    if untold.height:
        names = ", ".join(f"{away} @ {home}" for away, home in untold.select("away_team", "home_team").iter_rows())
        day = untold["game_date"][0]
        raise SlateError(
            f"nothing was reported before tip-off of {names} on {day}: add the date's reports to availability_Y.csv.xz (data/README.md "
            f"says until when they count) and materialise availability, absences and what follows, or predict with --lineups {PROJECTED}"
        )


def record(warehouse: Warehouse, rows: pl.DataFrame, day: date, lineups: str = PROJECTED) -> Written:
    """Writes a slate beside those that other versions recorded of the date; rows of the same version are replaced.

    Raises:
        StoreError: the file cannot be written.
    """
    table = table_of(TABLE, lineups)
    if warehouse.path(table, day).exists():
        others = warehouse.read(table, [day]).join(rows, on="model_version", how="anti", maintain_order="left")
        rows = pl.concat([others, rows], how="diagonal_relaxed")
    return warehouse.write(table, rows, day)


def headline(rows: pl.DataFrame) -> list[dict[str, str]]:
    """A slate as people read it: one row a game, rounded; what moved the net by less than .05 points is left out."""
    return [
        {
            "game": f"{row['away_team']} @ {row['home_team']}",
            "P(home win)": f"{row['p_home_win']:.3f}",
            "margin [80 %]": f"{row['margin']:+.1f} [{row['margin_low']:+.0f}, {row['margin_high']:+.0f}]",
            "total [80 %]": f"{row['total']:.1f} [{row['total_low']:.0f}, {row['total_high']:.0f}]",
            **{name: f"{row[f'p_home_win_{name}']:.3f}" for name in BASELINES},
            "moved by" if row["forecast"] == NET else "moved the net by": ", ".join(
                f"{move['input']} {move['margin_points']:+.1f}" for move in row["moved_by"] if abs(move["margin_points"]) >= SHOWN_POINTS
            ),
        }
        for row in rows.iter_rows(named=True)
    ]


def _movers(context: np.ndarray, parts: np.ndarray, moves: np.ndarray, usual: np.ndarray) -> pl.Series:
    """The largest effects of each game, largest first; that of the rating's margin is told apart by what the margin is made of."""
    names, values = (*CONTEXT_FEATURES, *RATING_PARTS), np.concatenate([context, parts], axis=1)
    effects = np.concatenate([moves, _shares(parts, usual[RATING]) * moves[:, [RATING]]], axis=1)
    effects[:, RATING] = 0.0
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :MOVERS]
    rows = [
        [{"input": names[i], "value": float(values[g, i]), "margin_points": float(effects[g, i])} for i in chosen]
        for g, chosen in enumerate(order)
    ]
    return pl.Series(rows, dtype=pl.List(pl.Struct({"input": pl.String, "value": pl.Float64, "margin_points": pl.Float64})))


def _shares(parts: np.ndarray, usual: float) -> np.ndarray:
    """What share of the rating's distance from its usual value each part has, (games, parts); a usual margin is all home edge."""
    distance = parts.copy()
    distance[:, RATING_PARTS.index("rating_from_home_edge")] -= usual
    whole = distance.sum(axis=1, keepdims=True)
    return distance / np.where(np.abs(whole) > 1e-6, whole, np.inf)


def _abbreviation(side: str) -> pl.Expr:
    names = {team_id: team.abbreviation for team_id, team in TEAM_BY_ID.items()}
    return pl.col(f"{side}_team_id").replace_strict(names, return_dtype=pl.String)
