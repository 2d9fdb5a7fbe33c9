"""Elo ratings before each game, and the win probability and margin they imply.

The classic recipe with three changes that were measured: the margin counts through a power, the home edge is the one of
now (it has been falling for years), and the map from rating difference to probability is refitted every month on earlier
games, with a flag for each side's second night in a row. What does not belong here: anything about players (`player_rating`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from nba_pipeline.features import fatigue
from nba_pipeline.features.asof import History, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.teams.elo_curve import ELO_PER_POINT, refit_monthly
from nba_pipeline.league.seasons import Season

MEAN_RATING = 1500.0


@dataclass(frozen=True)
class EloRecipe:
    """Constants, chosen on 2015-16 .. 2020-21.

    Attributes:
        k: size of one update.
        carry: share of a team's distance from the mean that outlives the summer.
        margin_exponent: power of (margin + 3) in the update.
        edge_half_life_games: league games after which a home result counts half towards the home edge.
        edge_prior_points: home margin, in points, that is believed before any game.
        edge_prior_games: games that this belief weighs.
    """

    k: float = 16.0
    carry: float = 0.6
    margin_exponent: float = 0.8
    edge_half_life_games: float = 1500.0
    edge_prior_points: float = 3.0
    edge_prior_games: float = 300.0


@dataclass
class EloLeague:
    """Ratings and home edge on one morning. `learn` and `new_season` are the only ways they change.

    Args:
        teams: codes are 0 .. teams - 1; every team starts at the mean.
        recipe: the constants.
    """

    teams: int
    recipe: EloRecipe = EloRecipe()
    ratings: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.ratings = np.full(self.teams, MEAN_RATING)
        self._edge_weight = self.recipe.edge_prior_games
        self._edge_points = self.recipe.edge_prior_points * self._edge_weight

    @property
    def home_edge(self) -> float:
        """What playing at home is worth today, in rating points."""
        return ELO_PER_POINT * self._edge_points / self._edge_weight

    def new_season(self) -> None:
        """Pulls every team towards the mean."""
        self.ratings = MEAN_RATING + self.recipe.carry * (self.ratings - MEAN_RATING)

    def learn(self, home: np.ndarray, away: np.ndarray, margin: np.ndarray, neutral: np.ndarray) -> None:
        """Takes in one date's results; what one side gains the other loses.

        Args:
            home: codes of the home teams (games,).
            away: codes of the away teams (games,).
            margin: home points minus away points (games,).
            neutral: True where nobody was at home (games,).
        """
        difference = self.ratings[home] - self.ratings[away] + np.where(neutral, 0.0, self.home_edge)
        won = np.where(margin == 0, 0.5, margin > 0)
        of_winner = np.where(margin < 0, -difference, difference)
        size = (np.abs(margin) + 3.0) ** self.recipe.margin_exponent / np.maximum(7.5 + 0.006 * of_winner, 1.0)
        gain = self.recipe.k * size * (won - 1 / (1 + 10 ** (-difference / 400)))
        np.add.at(self.ratings, home, gain)
        np.add.at(self.ratings, away, -gain)
        self._learn_edge(margin[~neutral])

    def _learn_edge(self, margin: np.ndarray) -> None:
        keep = 0.5 ** (margin.size / self.recipe.edge_half_life_games)
        self._edge_weight = self._edge_weight * keep + margin.size
        self._edge_points = self._edge_points * keep + float(margin.sum())


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """One row a game.

    Args:
        history: gives `games`, from as many earlier seasons as there are.
        seasons: seasons whose rows are wanted.

    Returns:
        game_id, season, game_date, home_elo, away_elo, home_edge (rating points, 0 on a neutral floor), elo_margin (expected
        home margin in points), p_home_win; the last two from the rating difference and the back-to-back flags.
    """
    rated = pre_game_ratings(history).join(_second_nights(history), on="game_id", how="left", maintain_order="left")
    forecast = refit_monthly(rated, history.results())
    wanted = forecast.filter(pl.col("season").is_in(list(seasons)))
    return wanted.select("game_id", "season", "game_date", "home_elo", "away_elo", "home_edge", "elo_margin", "p_home_win")


def pre_game_ratings(history: History, recipe: EloRecipe = EloRecipe()) -> pl.DataFrame:
    """The whole schedule with home_elo, away_elo and home_edge as they stood on the morning of each game."""
    schedule = history.schedule()
    codes = {team: code for code, team in enumerate(sorted({*schedule["home_team_id"], *schedule["away_team_id"]}))}
    league, season, answers = EloLeague(len(codes), recipe), None, []
    for night in walk_dates(_coded(schedule, codes), _coded(history.results(), codes)):
        _learn_night(league, night.news)
        if season not in (None, night.targets["season"][0]):
            league.new_season()
        season = night.targets["season"][0]
        answers.append(_standings(league, night.targets))
    return pl.concat(answers)


def _coded(games: pl.DataFrame, codes: dict[int, int]) -> pl.DataFrame:
    return games.with_columns(pl.col(f"{side}_team_id").replace_strict(codes).alias(f"_{side}") for side in ("home", "away"))


def _learn_night(league: EloLeague, news: pl.DataFrame) -> None:
    if news.height:
        margin = (news["home_points"] - news["away_points"]).cast(pl.Float64).to_numpy()
        league.learn(news["_home"].to_numpy(), news["_away"].to_numpy(), margin, news["neutral_site"].to_numpy())


def _standings(league: EloLeague, targets: pl.DataFrame) -> pl.DataFrame:
    home, away = league.ratings[targets["_home"].to_numpy()], league.ratings[targets["_away"].to_numpy()]
    edge = np.where(targets["neutral_site"].to_numpy(), 0.0, league.home_edge)
    return targets.select("game_id", "season", "game_date").with_columns(home_elo=home, away_elo=away, home_edge=edge)


def _second_nights(history: History) -> pl.DataFrame:
    rows = fatigue.with_rest(history.team_schedule()).with_columns(pl.col("back_to_back").cast(pl.Float64))
    home, away = rows.filter("is_home"), rows.filter(~pl.col("is_home"))
    return home.select("game_id", home_second_night="back_to_back").join(
        away.select("game_id", away_second_night="back_to_back"), on="game_id", maintain_order="left"
    )


FEATURE = Feature(
    name="elo",
    build=build,
    inputs=("games",),
    key=("game_id",),
    about="team ratings, home edge, and the win probability and margin they imply",
)
