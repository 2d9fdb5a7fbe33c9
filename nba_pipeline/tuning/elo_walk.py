"""The rating differences before each game, date by date: Elo as one loop over plain numbers, for a search that runs it thousands of times.

The update is that of `features.elo.EloLeague` with a fixed home edge; a test holds them together. What does not belong here: the map
from difference to probability.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

MEAN_RATING = 1500.0
MARGIN_EXPONENT = 0.8


@dataclass(frozen=True)
class EloSettings:
    """Constants of a walk.

    Attributes:
        k_factor: size of one update.
        home_advantage: what playing at home is worth, rating points.
        mean_reversion: share of the distance from the mean that a summer takes away.
        use_margin: whether a clear win counts more than a narrow one.
    """

    k_factor: float
    home_advantage: float
    mean_reversion: float
    use_margin: bool = True


@dataclass
class EloState:
    """Ratings on one morning, and the season they belong to. Teams not seen yet have the mean."""

    ratings: dict[str, float]
    season: str | None = None

    def copy(self) -> "EloState":
        """One that can be changed by itself."""
        return EloState(dict(self.ratings), self.season)


def walk(state: EloState, games: pl.DataFrame, settings: EloSettings) -> tuple[list[float], list[float]]:
    """Ratings of home and away team before each game; `state` ends up after the last.

    All games of a date are answered before any of them is learned; one without a margin teaches nothing.

    Args:
        state: ratings before the first game.
        games: rows of `game_table.game_rows`, in time order.
        settings: the constants.
    """
    ratings, reversion = state.ratings, settings.mean_reversion
    home_before: list[float] = []
    away_before: list[float] = []
    today, learned = None, list[tuple[str, str, float]]()
    for day, season, home, away, gain in _gains(games, settings):
        if day != today:
            _learn(ratings, learned)
            if season != state.season:
                _summer(ratings, reversion if state.season is not None else 0.0)
                state.season = season
            today, learned = day, []
        at_home, on_the_road = ratings.get(home, MEAN_RATING), ratings.get(away, MEAN_RATING)
        home_before.append(at_home)
        away_before.append(on_the_road)
        if gain is not None:
            learned.append((home, away, _gain(at_home - on_the_road, *gain)))
    _learn(ratings, learned)
    return home_before, away_before


def edges(games: pl.DataFrame, settings: EloSettings) -> pl.Series:
    """The home edge of each game in rating points, 0 on a neutral floor."""
    return games.select(pl.when("neutral_site").then(0.0).otherwise(settings.home_advantage).alias("edge"))["edge"]


def _gains(games: pl.DataFrame, settings: EloSettings) -> Iterator[tuple[int, str, str, str, tuple[float, float, float, bool] | None]]:
    """Each game with what its update needs: edge, margin and its weight; None before it is played."""
    margins = games["margin"]
    weights = settings.k_factor * ((margins.abs() + 3.0) ** MARGIN_EXPONENT if settings.use_margin else margins * 0.0 + 1.0)
    rows = zip(games["game_date"].to_physical(), games["season"], games["home_team"], games["away_team"], strict=True)
    results = zip(edges(games, settings), margins, weights, strict=True)
    for (day, season, home, away), (edge, margin, weight) in zip(rows, results, strict=True):
        yield day, season, home, away, None if margin is None else (edge, margin, weight, settings.use_margin)


def _gain(difference: float, edge: float, margin: float, weight: float, use_margin: bool) -> float:
    ahead = difference + edge
    surprise = (1.0 if margin > 0 else 0.5 if margin == 0 else 0.0) - 1 / (1 + 10 ** (-ahead / 400))
    if use_margin:
        weight /= max(7.5 + 0.006 * (-ahead if margin < 0 else ahead), 1.0)
    return weight * surprise


def _learn(ratings: dict[str, float], learned: list[tuple[str, str, float]]) -> None:
    for home, away, gain in learned:
        ratings[home] = ratings.get(home, MEAN_RATING) + gain
        ratings[away] = ratings.get(away, MEAN_RATING) - gain


def _summer(ratings: dict[str, float], reversion: float) -> None:
    for team, rating in ratings.items():
        ratings[team] = MEAN_RATING + (1 - reversion) * (rating - MEAN_RATING)
