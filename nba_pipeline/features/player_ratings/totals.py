"""Expected points of both teams together: league level, offence, defence and pace of the teams, box rates of the players.

Team strengths are ridges on deviations from the league level of the day, with short half-lives, because totals drift. The
level, the strengths and the recent misses are walked forward by date; their weights are refit before each season.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from nba_pipeline.features.asof import History, walk_dates
from nba_pipeline.features.player_ratings.decayed_ridge import DecayedRidge
from nba_pipeline.features.player_ratings.rapm_rows import FREE_THROW_POSSESSIONS
from nba_pipeline.features.player_ratings.season_ridge import GameWeights, weighted_median, weighted_ridge

REGULATION_MINUTES, OVERTIME_MINUTES = 48.0, 5.0


@dataclass(frozen=True)
class TotalRecipe:
    """Constants, see docs/methods.md; the last five chosen on 2015-16 .. 2020-21.

    Attributes:
        half_life_days: of the teams' offence, defence and pace.
        level_half_life_days: of the league's efficiency and pace.
        miss_half_life_days: of the misses that correct the forecast.
        penalty: games of average that each strength starts with.
        prior_games: games of no miss that the correction starts with; the league's level starts with a tenth of them.
        prior_efficiency: points per 100 possessions before any game.
        prior_pace: possessions per 48 minutes before any game.
        ridge_penalty: of the seasonal weights, in games.
    """

    half_life_days: float = 30.0
    level_half_life_days: float = 45.0
    miss_half_life_days: float = 15.0
    penalty: float = 5.0
    prior_games: float = 100.0
    prior_efficiency: float = 106.0
    prior_pace: float = 96.0
    ridge_penalty: float = 50.0


class FadingMean:
    """Mean of what came in, old values fading, pulled towards a prior that does not fade.

    Args:
        prior: (values,) believed before anything.
        weight: how many observations the prior counts.
        half_life_days: age at which an observation counts half.
    """

    def __init__(self, prior: np.ndarray, weight: float, half_life_days: float) -> None:
        self._prior, self._prior_weight, self._half_life = prior, weight, half_life_days
        self._sum, self._weight, self._day = np.zeros_like(prior), 0.0, 0

    def learn(self, values: np.ndarray, day: int) -> None:
        """Takes in (observations, values) of one day."""
        keep = 0.5 ** ((day - self._day) / self._half_life) if self._weight else 0.0
        self._sum, self._weight, self._day = self._sum * keep + values.sum(axis=0), self._weight * keep + len(values), day

    def mean(self, day: int) -> np.ndarray:
        """(values,) as known on the morning of `day`."""
        keep = 0.5 ** ((day - self._day) / self._half_life) if self._weight else 0.0
        return (self._sum * keep + self._prior * self._prior_weight) / (self._weight * keep + self._prior_weight)


class TeamTempo:
    """League level and the teams' offence, defence and pace on one morning.

    Columns of the one ridge: offence (teams), defence (teams, positive is bad for the opponent), pace (teams).

    Args:
        teams: how many; codes are 0 .. teams - 1.
        recipe: the constants.
    """

    def __init__(self, teams: int, recipe: TotalRecipe) -> None:
        self._teams, self._recipe = teams, recipe
        level = np.array([recipe.prior_efficiency, recipe.prior_pace])
        self._level = FadingMean(level, recipe.prior_games / 10, recipe.level_half_life_days)
        self._ridge = DecayedRidge(3 * teams, recipe.half_life_days)

    def learn(self, home: np.ndarray, away: np.ndarray, tempo: np.ndarray, day: int) -> None:
        """Takes in one date's games: tempo (games, 3) is home and away points per 100 possessions, and possessions per 48 minutes."""
        efficiency, pace = self._level.mean(day)
        count, teams = len(home), self._teams
        columns = np.stack([home, teams + away, away, teams + home, 2 * teams + home, 2 * teams + away], axis=1)
        values = np.tile([1.0, -1.0, 1.0, -1.0, 1.0, 1.0], count)
        design = sparse.csr_array((values, columns.ravel(), np.arange(0, 6 * count + 1, 2)), shape=(3 * count, 3 * teams))
        self._ridge.add(design, (tempo - [efficiency, efficiency, pace]).ravel(), np.ones(3 * count), day)
        self._level.learn(np.column_stack([tempo[:, :2].mean(axis=1), tempo[:, 2]]), day)

    def expect(self, home: np.ndarray, away: np.ndarray, day: int) -> np.ndarray:
        """(games, 3): points at the league's level, points more by the teams' efficiency, points more by their pace."""
        efficiency, pace = self._level.mean(day)
        teams = self._teams
        strength = self._ridge.fit(np.arange(3 * teams), np.full(3 * teams, self._recipe.penalty), day).coefficients
        attack = strength[:teams] - strength[teams : 2 * teams]
        speed = strength[2 * teams :]
        level = np.full(len(home), 2 * efficiency * pace / 100)
        return np.column_stack([level, (attack[home] + attack[away]) * pace / 100, (speed[home] + speed[away]) * 2 * efficiency / 100])


def team_tempo(history: History, schedule: pl.DataFrame, recipe: TotalRecipe) -> np.ndarray:
    """`TeamTempo.expect` for every game of the schedule, (games, 3)."""
    teams = {team: code for code, team in enumerate(sorted({*schedule["home_team_id"], *schedule["away_team_id"]}))}
    codes = [pl.col(f"{side}_team_id").replace_strict(teams, return_dtype=pl.Int64).alias(f"_{side}") for side in ("home", "away")]
    games = _played(history).join(schedule.select("game_id"), on="game_id", how="semi", maintain_order="left").with_columns(codes)
    walker, parts = TeamTempo(len(teams), recipe), [np.zeros((0, 3))]
    for night in walk_dates(schedule.with_columns(codes), games):
        for (day,), news in night.news.group_by("game_date", maintain_order=True):
            tempo = news.select("home_tempo", "away_tempo", "pace").to_numpy()
            walker.learn(news["_home"].to_numpy(), news["_away"].to_numpy(), tempo, day.toordinal())
        parts.append(walker.expect(night.targets["_home"].to_numpy(), night.targets["_away"].to_numpy(), night.day.toordinal()))
    return np.concatenate(parts)


def _played(history: History) -> pl.DataFrame:
    """Played games with points per 100 possessions of both sides and possessions per 48 minutes, from the box lines."""
    counts = [pl.col(name).cast(pl.Int64).sum() for name in ("fga", "fta", "oreb", "tov")]  # whole numbers: no order changes the bits
    used = history.table("player_game_stats").group_by("game_id").agg(counts)
    both = pl.col("fga") - pl.col("oreb") + pl.col("tov") + FREE_THROW_POSSESSIONS * pl.col("fta")
    used = used.select("game_id", _both=both).filter(pl.col("_both") > 0)
    games = history.results().join(used, on="game_id", how="inner", maintain_order="left")
    # numpy: polars turns division by a column that happens to be constant into another operation, with other bits
    possessions = games["_both"].to_numpy() / 2
    minutes = REGULATION_MINUTES + OVERTIME_MINUTES * games["overtimes"].fill_null(0).cast(pl.Float64).to_numpy()
    per_hundred = [(100 * games[f"{side}_points"].cast(pl.Float64).to_numpy() / possessions) for side in ("home", "away")]
    return games.with_columns(home_tempo=per_hundred[0], away_tempo=per_hundred[1], pace=REGULATION_MINUTES * possessions / minutes)


def expected_totals(history: History, schedule: pl.DataFrame, box_sums: np.ndarray, margin: np.ndarray, recipe: TotalRecipe) -> np.ndarray:
    """Expected total of every game of the schedule, as a median.

    An uneven game ends otherwise than a close one, which is fouled out and may go to overtime: how uneven it is expected to be is a column.

    Args:
        history: gives games and player_game_stats.
        schedule: games in time order.
        box_sums: (games, sums) box rates of both teams' players over projected minutes.
        margin: (games,) expected home margin in points.
        recipe: the constants.
    """
    tempo = team_tempo(history, schedule, recipe)
    columns = np.column_stack([np.ones(len(tempo)), tempo[:, 1:], box_sums, np.abs(margin)])
    above = np.zeros(len(tempo))
    games = GameWeights(schedule, history, "total")
    for season, target in games.seasons():
        rows, weights = games.training(season)
        if not len(rows):
            above[target] = tempo[target, 1:].sum(axis=1)
            continue
        y = games.results[rows] - tempo[rows, 0]
        fitted = weighted_ridge(columns[rows], y, weights, recipe.ridge_penalty)
        shift = weighted_median(y - (columns[rows] * fitted).sum(axis=1), weights)
        above[target] = (columns[target] * fitted).sum(axis=1) + shift
    return _corrected(history, schedule, tempo[:, 0] + above, recipe)


def _corrected(history: History, schedule: pl.DataFrame, forecast: np.ndarray, recipe: TotalRecipe) -> np.ndarray:
    """Adds what the forecast has lately missed by."""
    rows = schedule.select("game_id", "game_date").with_columns(_forecast=forecast)
    total = pl.col("home_points") + pl.col("away_points")
    facts = rows.join(history.results().select("game_id", _total=total), on="game_id", how="inner", maintain_order="left")
    facts = facts.with_columns(_miss=(pl.col("_total") - pl.col("_forecast")).cast(pl.Float64).clip(-40, 40))
    misses, parts = FadingMean(np.zeros(1), recipe.prior_games, recipe.miss_half_life_days), [np.zeros(0)]
    for night in walk_dates(rows, facts):
        for (day,), games in night.news.group_by("game_date", maintain_order=True):
            misses.learn(games.select("_miss").to_numpy(), day.toordinal())
        parts.append(night.targets["_forecast"].to_numpy() + misses.mean(night.day.toordinal()))
    return np.concatenate(parts)
