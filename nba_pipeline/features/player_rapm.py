"""Regularised adjusted plus-minus: what each player is worth to his team's offence and defence, as known before a date.

Points per 100 possessions of a side = league level + season offset + home edge + Σ offence of the five − Σ defence of the other
five, by ridge over all earlier possessions, the older ones decayed. Positive is good for both. Players are shrunk to the
average, those who have hardly played to a little below it. Rows and algebra are in `player_ratings/`
(`rapm_rows.py`, `decayed_ridge.py`); how the constants were chosen is in docs/rapm.md. Method: Sill (2010), Improved NBA adjusted +/-.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.player_ratings.decayed_ridge import DecayedRidge, RidgeFit
from nba_pipeline.features.player_ratings.rapm_rows import (
    INTERCEPT,
    Columns,
    Rows,
    by_first_appearance,
    game_sides,
    games_without,
    regression_rows,
    stacked,
    stint_sides,
    usable_stints,
)
from nba_pipeline.league.seasons import Season

FREE = 1e-3
"""Penalty of the league level and the home edge, in possessions: enough to keep the system regular."""


@dataclass(frozen=True)
class RapmSettings:
    """The constants of the regression.

    Attributes:
        half_life_days: age at which a possession counts half.
        player_penalty: λ, in possessions: how much play it takes to move a player about half way from his prior.
        season_penalty: the same for a season's offset from the league level.
        newcomer: what a player without a possession is taken for, on offence and on defence, against the average of all.
        newcomer_possessions: after so many possessions that expectation has fallen to 1/e of itself.
        active_days: players without play for longer are left out.
    """

    half_life_days: float = 400.0
    player_penalty: float = 3000.0
    season_penalty: float = 1000.0
    newcomer: float = -2.0
    newcomer_possessions: float = 1500.0
    active_days: int = 730


def build(history: History, seasons: Sequence[Season], settings: RapmSettings = RapmSettings()) -> pl.DataFrame:
    """Snapshots before each game date of the asked seasons, for everyone who played in the two years before it.

    Standard errors are the ridge posterior's. They are renewed on the first game date of each week; a player who first appears
    between two renewals carries the prior's.

    Returns:
        season, game_date, player_id, orapm, drapm, rapm (points per 100 possessions), orapm_se, drapm_se, rapm_se, possessions
        (on offence, decayed). Before any history there are no rows.
    """
    rows, columns = rapm_rows(history)
    dates = history.schedule().select("season", "game_date").unique().sort("game_date", "season")
    walker = _Walk(columns, settings)
    snapshots = [EMPTY]
    for night in walk_dates(dates, rows.days):
        walker.learn(rows, night.news)
        season = night.targets["season"][0]
        if season in seasons:
            snapshots.append(walker.snapshot(season, night.day))
    return pl.concat(snapshots)


def rapm_rows(history: History) -> tuple[Rows, Columns]:
    """The regression's rows from all stints, and from box lines of games without them."""
    stints = usable_stints(history)
    games, lines = games_without(history, stints)
    players = by_first_appearance(stints, lines)
    columns = Columns(tuple(history.schedule()["season"].unique().sort()), players)
    sides = stacked([stint_sides(stints, players), game_sides(games, lines, players)])
    return regression_rows(sides, columns), columns


SCHEMA = pl.Schema(
    {
        "season": pl.String,
        "game_date": pl.Date,
        "player_id": pl.Int64,
        **{name: pl.Float64 for name in ("orapm", "drapm", "rapm", "orapm_se", "drapm_se", "rapm_se", "possessions")},
    }
)
EMPTY = pl.DataFrame(schema=SCHEMA)


class _Walk:
    """State between dates: the normal equations, when each column was last in use, this week's standard errors."""

    def __init__(self, columns: Columns, settings: RapmSettings) -> None:
        self._columns, self._settings = columns, settings
        self._ridge = DecayedRidge(columns.count, settings.half_life_days)
        self._last_used = np.full(columns.count, -np.inf)
        self._errors = np.full((3, len(columns.players)), np.nan)
        self._week: tuple[int, int] | None = None

    def learn(self, rows: Rows, news: pl.DataFrame) -> None:
        """Takes in the rows of the dates that are over, one date at a time."""
        for part in news.partition_by("game_date", maintain_order=True):
            day, wanted = part["game_date"][0].toordinal(), slice(part["row"][0], part["row"][-1] + 1)
            design = rows.design[wanted]
            self._ridge.add(design, rows.y[wanted], rows.weights[wanted], day)
            self._last_used[design.indices] = day

    def snapshot(self, season: Season, day: date) -> pl.DataFrame:
        """Everyone who played lately, as known before `day`."""
        first, everyone = self._columns.first_player, len(self._columns.players)
        seasons = np.flatnonzero(np.isfinite(self._last_used[2:first]))
        recent = self._last_used[first : first + everyone] >= day.toordinal() - self._settings.active_days
        players = np.flatnonzero(recent)
        if not len(players):
            return EMPTY
        exposure = self._ridge.weight_on(INTERCEPT, first + players, day.toordinal())
        penalties, prior = self._shrinkage(len(seasons), exposure)
        fit = self._ridge.fit(self._columns.of(seasons, players), penalties, day.toordinal(), prior)
        self._renew_errors(fit, players, day)
        return self._table(season, day, fit, players, exposure)

    def _shrinkage(self, seasons: int, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Penalties, and where they pull to, for all columns of a fit."""
        settings, blocks = self._settings, [2, seasons, 2 * len(exposure)]
        newcomer = settings.newcomer * np.exp(-exposure / settings.newcomer_possessions)
        penalties = np.repeat([FREE, settings.season_penalty, settings.player_penalty], blocks)
        return penalties, np.concatenate([np.zeros(2 + seasons), newcomer, newcomer])

    def _renew_errors(self, fit: RidgeFit, players: np.ndarray, day: date) -> None:
        week = day.isocalendar()[:2]
        if week == self._week:
            return
        self._week, count = week, len(players)
        covariance = fit.covariance()
        offence = np.arange(len(covariance) - 2 * count, len(covariance) - count)
        own, other, both = (covariance[a, b] for a, b in ((offence, offence), (offence + count,) * 2, (offence + count, offence)))
        self._errors[:] = np.nan
        self._errors[:, players] = np.sqrt(np.stack([own, other, own + other + 2 * both]))

    def _table(self, season: Season, day: date, fit: RidgeFit, players: np.ndarray, exposure: np.ndarray) -> pl.DataFrame:
        offence, defence = np.split(fit.coefficients[-2 * len(players) :], 2)
        prior_error = np.sqrt(fit.noise_variance / self._settings.player_penalty)
        prior = prior_error * np.array([[1.0], [1.0], [np.sqrt(2.0)]])
        errors = np.where(np.isnan(self._errors[:, players]), prior, self._errors[:, players])
        values = [self._columns.players[players], offence, defence, offence + defence, *errors, exposure]
        table = pl.DataFrame(dict(zip(list(SCHEMA)[2:], values, strict=True)))
        return table.select(pl.lit(season).alias("season"), pl.lit(day).alias("game_date"), pl.all()).cast(SCHEMA)


FEATURE = Feature(
    name="player_rapm",
    build=build,
    inputs=("games", "stints", "player_game_stats"),
    key=("game_date", "player_id"),
    about="offensive and defensive plus-minus per 100 possessions by ridge, with standard errors, as of each date",
)
