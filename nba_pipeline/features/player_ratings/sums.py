"""Walks through the dates with every player's rating, and adds the ratings up over each game's projected minutes.

The rating is the plus-minus ridge of `stint_ridge.py`, solved every date, shrunk to a box prior whose weights were learned
on earlier seasons' games. Turning the sums into a margin is `player_rating.py`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, Night, walk_dates
from nba_pipeline.features.player_ratings.box_prior import BoxForm, BoxRecipe
from nba_pipeline.features.player_ratings.decayed_ridge import DecayedRidge
from nba_pipeline.features.player_ratings.facts import RATES, Lines, PlayerFacts, Stints
from nba_pipeline.features.player_ratings.season_ridge import GameWeights, weighted_ridge
from nba_pipeline.features.player_ratings.stint_ridge import GAME_MINUTES, HOME, LuckRecipe, SignedRows, Touch, box_rows, stint_rows
from nba_pipeline.league.seasons import Season

BOX = (*RATES, "usual_minutes")
"""What the box prior is made of."""

SUMS = ("rating", "raw_plus_minus", *BOX)
"""What is added up over the players of a game, per 48 minutes."""

BOX_PART = slice(2, len(SUMS))
FREE = 1e-3
"""Penalty of the home edge: enough to keep the system regular."""


@dataclass(frozen=True)
class RatingRecipe:
    """Constants, see docs/methods.md.

    Attributes:
        half_life_days: age at which a stint counts half.
        penalty: λ, in games: how much play moves a player half way from his prior.
        active_days: whoever has not played for longer keeps his prior.
        box_penalty: ridge of the prior's weights, in games.
        box: constants of the box prior.
        luck: constants of the ridge's rows.
    """

    half_life_days: float = 400.0
    penalty: float = 60.0
    active_days: int = 400
    box_penalty: float = 100.0
    box: BoxRecipe = field(default_factory=BoxRecipe)
    luck: LuckRecipe = field(default_factory=LuckRecipe)


@dataclass(frozen=True)
class GameSums:
    """Sums over projected minutes, rows as the schedule.

    Attributes:
        difference: (games, sums) home minus away, columns of `SUMS`.
        both: (games, sums) home plus away.
    """

    difference: np.ndarray
    both: np.ndarray


class PlayerRatings:
    """Every player's worth on one morning. `learn` and `new_season` are the only ways it changes.

    Args:
        players: how many there are; codes are in order of first appearance.
        recipe: the constants.
    """

    def __init__(self, players: int, recipe: RatingRecipe) -> None:
        self._recipe = recipe
        self._ridge = DecayedRidge(1 + players, recipe.half_life_days)
        self._form = BoxForm(players, recipe.box)
        self._last_day = np.full(players, -np.inf)
        self._box_weights = np.zeros(len(BOX))

    def new_season(self, box_weights: np.ndarray) -> None:
        """Takes over the weights of `BOX` learned on earlier seasons."""
        self._box_weights = box_weights

    def learn(self, lines: Lines, stints: Stints, day: int) -> None:
        """Takes in one date: stints, box lines where there are none, then the box form."""
        touch, luck = Touch.of(self._form, self._recipe.box, day), self._recipe.luck
        without = lines.part(~lines.has_stints)
        if len(stints.days):
            self._add(stint_rows(stints, touch, luck), day)
        if without.recorded.any():
            self._add(box_rows(without, touch, luck), day)
        self._form.learn(lines.codes, lines.values, lines.recorded, day)
        self._last_day[lines.codes] = day

    def _add(self, rows: SignedRows, day: int) -> None:
        self._ridge.add(rows.design, rows.y, rows.weights, day)

    def values(self, day: int) -> np.ndarray:
        """(players, sums) in the order of `SUMS`."""
        box = np.column_stack([self._form.rates(day), self._form.usual_minutes])
        rating = (box * self._box_weights).sum(axis=1)
        active = np.flatnonzero(self._last_day >= day - self._recipe.active_days)
        if len(active):
            columns = np.concatenate([[HOME], 1 + active])
            penalties = np.concatenate([[FREE], np.full(len(active), self._recipe.penalty)])
            rating[active] = self._ridge.fit(columns, penalties, day, np.concatenate([[0.0], rating[active]])).coefficients[1:]
        return np.column_stack([rating, self._form.raw_plus_minus(day), box])


def sum_players(history: History, schedule: pl.DataFrame, rotation: pl.DataFrame, recipe: RatingRecipe) -> GameSums:
    """Sums for every game of the schedule.

    Args:
        history: gives games, player_game_stats and, for seasons that have them, stints.
        schedule: games in time order.
        rotation: rows of the `rotation` feature for the whole schedule.
        recipe: the constants.
    """
    facts = PlayerFacts.of(history)
    ratings = PlayerRatings(len(facts.players), recipe)
    sums = GameSums(np.zeros((schedule.height, len(SUMS))), np.zeros((schedule.height, len(SUMS))))
    games, season = GameWeights(schedule, history), None
    for night in _nights(ratings, facts, _projected(facts, schedule, rotation)):
        if night.targets["season"][0] != season:
            season = night.targets["season"][0]
            ratings.new_season(_box_weights(games, sums.difference[:, BOX_PART], season, recipe.box_penalty))
        _add_up(sums, night.targets, ratings.values(_days(night.day)))
    return sums


def _projected(facts: PlayerFacts, schedule: pl.DataFrame, rotation: pl.DataFrame) -> pl.DataFrame:
    """Projected players of each game: `_game` (row of the schedule), `_side` (+1 home, -1 away), `_code`, expected_minutes."""
    games = schedule.with_row_index("_game").select("_game", "game_id", "home_team_id")
    rows = rotation.join(games, on="game_id").sort("_game", "team_id", "player_id")
    side = pl.when(pl.col("team_id") == pl.col("home_team_id")).then(1.0).otherwise(-1.0)
    return rows.with_columns(_code=facts.codes(rows["player_id"]), _side=side)


def _nights(ratings: PlayerRatings, facts: PlayerFacts, targets: pl.DataFrame) -> Iterator[Night]:
    """Goes through the dates; at each, `ratings` has learned what happened before it."""
    dates = pl.DataFrame({"game_date": np.unique(facts.lines.days)}, schema={"game_date": pl.Int32}).cast(pl.Date)
    for night in walk_dates(targets, dates):
        for day in night.news["game_date"].to_physical().to_list():
            ratings.learn(facts.lines.part(_of_day(facts.lines.days, day)), facts.stints.part(_of_day(facts.stints.days, day)), day)
        yield night


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _of_day(days: np.ndarray, day: int) -> slice:
    return slice(*np.searchsorted(days, [day, day + 1]))


def _box_weights(games: GameWeights, box_sums: np.ndarray, season: Season, penalty: float) -> np.ndarray:
    """Points per unit of `BOX`, from margins of earlier seasons; the home edge is taken out by its own column."""
    rows, weights = games.training(season)
    if not len(rows):
        return np.zeros(len(BOX))
    columns = np.column_stack([np.ones(len(rows)), box_sums[rows]])
    return weighted_ridge(columns, games.results[rows], weights, penalty)[1:]


def _add_up(sums: GameSums, rows: pl.DataFrame, values: np.ndarray) -> None:
    game, share = rows["_game"].to_numpy(), rows["expected_minutes"].to_numpy() / GAME_MINUTES
    worth = values[rows["_code"].to_numpy()] * share[:, None]
    np.add.at(sums.both, game, worth)
    np.add.at(sums.difference, game, worth * rows["_side"].to_numpy()[:, None])
