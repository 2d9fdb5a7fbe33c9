"""How good each team is before each game: offence and defence per 100 possessions, pace, four factors, opponent-adjusted.

Every number y of a team's game is read as `level + team + opponent ± home`, and all parts are solved together by a ridge on every
date. Older games fade by days, so that an opener rests on about fifteen games' worth of last season, drawn to the league's
level. What does not belong here: the facts of single games (`teams/box.py`), players (`player_rapm`).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, Night, running_sums, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.teams.box import RATES, team_games
from nba_pipeline.league.seasons import Season

HALF_LIFE_DAYS = 100.0
"""A game this old counts half."""

SHRINKAGE_GAMES = 6.0
"""Games of an average team that are added to every team's own."""

FIRST_LEVEL = dict(zip(RATES, (105.0, 95.0, 0.5, 0.135, 0.25, 0.2), strict=True))
"""The league before any game is known."""

LEVEL_GAMES = 2.0
"""Weight of `FIRST_LEVEL`, and of a home edge of nothing, in team games."""

SMALLEST_SPREAD = 1e-9

COLUMNS = ("off_rating", "def_rating", "net_rating", "pace", "off_rating_z", "def_rating_z", "efg_pct", "tov_pct", "orb_pct", "ft_rate")


EMPTY = pl.DataFrame(
    schema={"game_id": pl.String, "team_id": pl.Int64, "season": pl.String, "game_date": pl.Date} | dict.fromkeys(COLUMNS, pl.Float64)
)


class OpponentAdjustment:
    """Normal equations of `y = level + team + opponent ± home` for all of `RATES` at once.

    Columns: the teams' own parts, their parts as opponents, the level, the home edge.

    Args:
        teams: codes are 0 .. teams - 1.
    """

    def __init__(self, teams: int) -> None:
        self.teams = teams
        self._gram = np.zeros((2 * teams + 2, 2 * teams + 2))
        self._moments = np.zeros((2 * teams + 2, len(RATES)))
        self._prior = np.zeros_like(self._moments)
        self._prior[2 * teams] = [FIRST_LEVEL[rate] for rate in RATES]

    def age(self, days: float) -> None:
        """Lets everything known fade."""
        keep = _weight(days)
        self._gram *= keep
        self._moments *= keep

    def learn(self, team: np.ndarray, opponent: np.ndarray, edge: np.ndarray, values: np.ndarray, age_days: float = 0.0) -> None:
        """Takes in team games.

        Args:
            team: codes (rows,).
            opponent: codes (rows,).
            edge: (rows,) 1 at home, -1 away, 0 on a neutral floor.
            values: (rows, rates).
            age_days: how long ago they were played.
        """
        design, row = np.zeros((team.size, 2 * self.teams + 2)), np.arange(team.size)
        design[row, team] = design[row, self.teams + opponent] = design[:, -2] = 1.0
        design[:, -1] = edge
        weight = _weight(age_days)
        self._gram += weight * (design.T @ design)
        self._moments += weight * (design.T @ values)

    def solve(self, clubs: np.ndarray | None = None) -> np.ndarray:
        """The parts (columns, rates) as of now.

        Args:
            clubs: codes that exist by now, all when not given; the others have no part, and change no bit of these.
        """
        clubs = np.arange(self.teams) if clubs is None else clubs
        there = np.concatenate([clubs, self.teams + clubs, [2 * self.teams, 2 * self.teams + 1]])
        pull = np.full((there.size, 1), SHRINKAGE_GAMES)
        pull[-2:] = LEVEL_GAMES
        parts = np.zeros_like(self._moments)
        parts[there] = np.linalg.solve(
            self._gram[np.ix_(there, there)] + np.diagflat(pull), self._moments[there] + pull * self._prior[there]
        )
        return parts


def _weight(age_days: float) -> float:
    return 0.5 ** (age_days / HALF_LIFE_DAYS)


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Two rows a game, home first.

    Args:
        history: gives `games` and `player_game_stats`, from as many earlier seasons as there are.
        seasons: seasons whose rows are wanted.

    Returns:
        game_id, team_id, season, game_date; off_rating, def_rating (points scored and allowed per 100 possessions against an
        average opponent on a neutral floor; a low def_rating is good), net_rating, pace (possessions per 48 minutes),
        off_rating_z, def_rating_z (standard deviations above the mean of the clubs scheduled by then), efg_pct, tov_pct, orb_pct,
        ft_rate (of the offence, as shares), games_played (earlier ones of this season).
    """
    schedule, facts = history.team_schedule(), team_games(history)
    codes = {team: code for code, team in enumerate(schedule["team_id"].unique().sort())}
    state, league, today, answers = OpponentAdjustment(len(codes)), set[int](), None, [EMPTY]
    for night in walk_dates(_coded(schedule, codes), _coded(facts, codes)):
        state.age((night.day - (today or night.day)).days)
        today = night.day
        _learn_night(state, night)
        league.update(night.targets["_team_id"])
        if night.targets["season"][0] in seasons:
            clubs = np.array(sorted(league))
            answers.append(_standings(state.solve(clubs), night.targets, clubs))
    rows = pl.concat(answers)
    return rows.with_columns(games_played=_games_played(rows, history))


def _coded(rows: pl.DataFrame, codes: dict[int, int]) -> pl.DataFrame:
    return rows.with_columns(pl.col(side).replace_strict(codes).alias(f"_{side}") for side in ("team_id", "opponent_id"))


def _learn_night(state: OpponentAdjustment, night: Night) -> None:
    """Takes in the dates since the night before, each as old as it is: before an opener, the last is half a year ago."""
    for (day,), news in night.news.group_by("game_date", maintain_order=True):
        team, opponent, edge = (news[column].to_numpy() for column in ("_team_id", "_opponent_id", "edge"))
        state.learn(team, opponent, edge, news.select(RATES).to_numpy(), (night.day - day).days)


def _standings(parts: np.ndarray, targets: pl.DataFrame, league: np.ndarray) -> pl.DataFrame:
    teams, code = (len(parts) - 2) // 2, targets["_team_id"].to_numpy()
    scored, allowed, level = parts[:teams], parts[teams : 2 * teams, 0], parts[-2]
    forms = dict(zip(RATES, (level + scored)[code].T, strict=True))
    off_rating, def_rating = forms.pop("rating"), level[0] + allowed[code]
    spread = {
        "off_rating_z": standard_scores(scored[code, 0], scored[league, 0]),
        "def_rating_z": standard_scores(allowed[code], allowed[league]),
    }
    ratings = {"off_rating": off_rating, "def_rating": def_rating, "net_rating": off_rating - def_rating}
    return targets.with_columns(**forms, **spread, **ratings).select(EMPTY.columns)


def standard_scores(values: np.ndarray, league: np.ndarray) -> np.ndarray:
    """Standard deviations of `league` above its mean; zeros where the whole league is the same."""
    deviation = float(league.std())
    return (values - league.mean()) / deviation if deviation > SMALLEST_SPREAD else np.zeros_like(values)


def _games_played(rows: pl.DataFrame, history: History) -> pl.Series:
    """How many games of this season each row's team has finished before its date."""
    rows = rows.with_columns(team_season=pl.col("team_id") * 10_000 + pl.col("season").str.head(4).cast(pl.Int64), one=1.0)
    finished = rows.join(history.results().select("game_id"), on="game_id", how="semi", maintain_order="left")
    return pl.Series(running_sums(rows, finished, "team_season", ["one"])[:, 0]).cast(pl.Int32)


FEATURE = Feature(
    name="team_form",
    build=build,
    inputs=("games", "player_game_stats"),
    key=("game_id", "team_id"),
    about="opponent-adjusted offence, defence, pace and four factors of each team",
)
