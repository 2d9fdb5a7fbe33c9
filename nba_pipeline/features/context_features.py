"""The 32 numbers that describe a game before tip-off, in the order the fusion net reads them.

Belongs here: joining other features' tables into one row a game. Does not belong here: new knowledge; every number comes from a
feature that is as-of by itself, and this module reads no table of facts. Scaling is the model's business.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.player_rating import PARTS
from nba_pipeline.features.teams.rapm import RAPM_COLUMNS, team_rapm
from nba_pipeline.league.ids import GameId
from nba_pipeline.league.seasons import Season

_SIDES = ("home", "away")
_FORM = ("off_rating_z", "def_rating_z")
_FOUR_FACTORS = ("efg_pct", "tov_pct", "orb_pct", "ft_rate")
_FATIGUE = ("rest_days", "back_to_back", "travel_miles")
_DIFFERENCES = {
    "rapm_diff": "rapm", "rest_diff": "rest_days", "elo_diff": "elo", "net_rating_diff": "net_rating", "spacing_diff": "hull_area",
}  # fmt: skip

CONTEXT_FEATURES: tuple[str, ...] = (
    *(f"{side}_{name}" for group in (_FORM, _FOUR_FACTORS, _FATIGUE, RAPM_COLUMNS, ("hull_area",)) for side in _SIDES for name in group),
    *_DIFFERENCES,
    "rating_margin",
)
"""Names in order. `*_z`: standard deviations above that morning's league (a high `def_rating_z` allows many points). `*_rapm`: Σ rating
of the projected players × expected minutes/48, points per 100 possessions. `*_diff`: home minus away."""

RATING_PARTS: tuple[str, ...] = tuple(f"rating_{part}" for part in PARTS)
COMPANIONS: tuple[str, ...] = ("home_edge", "elo_margin", "p_home_win_elo", "p_home_win_rating", "rating_total", *RATING_PARTS)
"""Forecasts, and what the rating's margin is made of, that travel with the row; they are not inputs of the net."""


class ContextError(ValueError):
    """A game's row cannot be made or found; the message names the game and the column, and says what to do."""


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row a game.

    Args:
        history: gives the schedule (`games`) and the tables of `FEATURE.inputs`. Players without a RAPM yet, and teams without a
            projected rotation, count as league average (0); everything else must be there.
        seasons: seasons whose rows are wanted.

    Returns:
        game_id, season, game_date, then `CONTEXT_FEATURES` and `COMPANIONS` as Float64, never null or NaN.

    Raises:
        ContextError: a number is missing.
    """
    wide, teams = _with_game_tables(history, history.schedule(seasons)), _team_rows(history, seasons)
    for side in _SIDES:
        wide = wide.join(_of_side(teams, side), on="game_id", how="left", maintain_order="left")
    home_minus_away = [(pl.col(f"home_{name}") - pl.col(f"away_{name}")).alias(difference) for difference, name in _DIFFERENCES.items()]
    rows = wide.with_columns(home_minus_away).select(
        "game_id", "season", "game_date", pl.col(*CONTEXT_FEATURES, *COMPANIONS).cast(pl.Float64)
    )
    return require_numbers(rows)


def _with_game_tables(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """The schedule with what is known once per game: Elo and the player-sum rating."""
    elo = history.table("elo").select("game_id", "home_elo", "away_elo", "home_edge", "elo_margin", p_home_win_elo="p_home_win")
    parts = {f"rating_{part}": part for part in PARTS}
    named = {"p_home_win_rating": "p_home_win", "rating_total": "total"}
    rating = history.table("player_rating").select("game_id", "rating_margin", **named, **parts)
    return schedule.join(elo, on="game_id", how="left", maintain_order="left").join(rating, on="game_id", how="left", maintain_order="left")


def _team_rows(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Two rows a game with what is known of each side: form, fatigue, RAPM sums, spacing."""
    rows = history.team_schedule(seasons).select("game_id", "game_date", "team_id", "is_home")
    for table, columns in (
        ("team_form", (*_FORM, *_FOUR_FACTORS, "net_rating")),
        ("fatigue", _FATIGUE),
        ("lineup_spacing", ("hull_area",)),
    ):
        found = history.table(table).select("game_id", "team_id", *columns)
        rows = rows.join(found, on=["game_id", "team_id"], how="left", maintain_order="left")
    return team_rapm(rows, history.table("rotation"), history.table("player_rapm")).drop("game_date", "team_id")


def _of_side(teams: pl.DataFrame, side: str) -> pl.DataFrame:
    """One side's rows, with its name before each column."""
    rows = teams.filter(pl.col("is_home") == (side == "home")).drop("is_home")
    return rows.rename({column: f"{side}_{column}" for column in rows.columns if column != "game_id"})


def require_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, if every number of every game is there.

    Raises:
        ContextError: naming the first game and column where one is not.
    """
    for column in (*CONTEXT_FEATURES, *COMPANIONS):
        broken = rows.filter(pl.col(column).is_finite().fill_null(False).not_())
        if broken.height:
            raise ContextError(
                f"{column} of game {broken['game_id'][0]} ({broken['game_date'][0]}, and {broken.height - 1} more) is missing: materialise "
                f"{', '.join(FEATURE.inputs[1:])} for {broken['season'][0]} again, then context_features"
            )
    return rows


class ContextFeatureBuilder:
    """The context rows of some seasons, and each game's vector.

    Example:
        >>> builder = ContextFeatureBuilder()
        >>> len(builder.names), builder.names[0], builder.names[-1]
        (32, 'home_off_rating_z', 'rating_margin')

        With a warehouse: `builder.build(History.from_warehouse(Warehouse(Path("data")), "2022-23"), ["2022-23"])`, then
        `builder.vector("0022200001")`.
    """

    names = CONTEXT_FEATURES

    def __init__(self) -> None:
        self._rows: pl.DataFrame | None = None

    def build(self, history: History, seasons: Sequence[Season]) -> pl.DataFrame:
        """Builds and remembers the rows of `seasons`; see `build` of this module."""
        self._rows = build(history, seasons)
        return self._rows

    def vector(self, game_id: GameId) -> np.ndarray:
        """The game's numbers, (32,) float32, in the order of `names`.

        Raises:
            ContextError: the game is not among the rows that were built.
        """
        rows = None if self._rows is None else self._rows.filter(pl.col("game_id") == game_id)
        if rows is None or rows.is_empty():
            raise ContextError(f"game {game_id} has no context row here: call build(history, seasons) with the season of that game first")
        return rows.select(CONTEXT_FEATURES).to_numpy()[0].astype(np.float32)


FEATURE = Feature(
    name="context_features",
    build=build,
    inputs=("games", "elo", "fatigue", "team_form", "player_rapm", "rotation", "lineup_spacing", "player_rating"),
    key=("game_id",),
    about="the 32 numbers before tip-off, one row a game",
)
