"""The rows of the plus-minus regression: who was on which side, and what that side scored.

Each stint gives two rows, one with each team on offence. A game without stints gives the same two rows for the whole game,
in which a player stands for the share of it that he played. Solving is `decayed_ridge`'s, snapshots are `player_rapm`'s.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from nba_pipeline.features.asof import History

INTERCEPT, HOME_EDGE, FIRST_SEASON = 0, 1, 2
"""Columns before the players: league level, home edge (of the margin), then one offset per season."""

FREE_THROW_POSSESSIONS = 0.44
"""Possessions that a free throw ends, on average."""


@dataclass(frozen=True)
class Columns:
    """Which column means what.

    Attributes:
        seasons: labels in time order.
        players: ids in order of first appearance, so that later games never renumber earlier ones.
    """

    seasons: tuple[str, ...]
    players: np.ndarray

    @property
    def first_player(self) -> int:
        """Column of the first player's offence."""
        return FIRST_SEASON + len(self.seasons)

    @property
    def count(self) -> int:
        """Columns of the design."""
        return self.first_player + 2 * len(self.players)

    def of(self, seasons: np.ndarray, players: np.ndarray) -> np.ndarray:
        """Columns in use: intercept, home edge, the seasons' offsets, the players' offence, the players' defence."""
        offence = self.first_player + players
        return np.concatenate([[INTERCEPT, HOME_EDGE], FIRST_SEASON + seasons, offence, offence + len(self.players)])


@dataclass(frozen=True)
class Sides:
    """What happened between two sets of players, one row per stint or game.

    Attributes:
        facts: game_date, season, neutral_site, home_/away_ points and possessions; one row each, in any order.
        home: (rows, players) share of the row's time that each player was on court; five in all.
        away: the same for the visitors.
    """

    facts: pl.DataFrame
    home: sparse.csr_array
    away: sparse.csr_array


@dataclass(frozen=True)
class Rows:
    """Rows of the regression, ordered by date.

    Attributes:
        days: game_date of each row, with its number `row`.
        design: (rows, columns).
        y: (rows,) points per 100 possessions.
        weights: (rows,) possessions.
    """

    days: pl.DataFrame
    design: sparse.csr_array
    y: np.ndarray
    weights: np.ndarray


def rapm_design(
    offence: sparse.csr_array, defence: sparse.csr_array, edge: np.ndarray, season: np.ndarray, seasons: int
) -> sparse.csr_array:
    """Rows of one offence each.

    Args:
        offence: (rows, players) shares of the side with the ball.
        defence: (rows, players) shares of the other side; enters with a minus, so that a good defender is positive.
        edge: (rows,) +0.5 if the home side has the ball, -0.5 if the visitors, 0 on neutral floor.
        season: (rows,) number of the season.
        seasons: how many seasons there are.

    Returns:
        (rows, 2 + seasons + 2 · players).
    """
    count = len(edge)
    one_hot = sparse.csr_array((np.ones(count), (np.arange(count), season)), shape=(count, seasons))
    level = sparse.csr_array(np.column_stack([np.ones(count), edge]))
    return sparse.csr_array(sparse.hstack([level, one_hot, offence, -defence], format="csr"))


def regression_rows(sides: Sides, columns: Columns) -> Rows:
    """Both rows of each of the sides, without those that had no possession, in time order."""
    facts, count = sides.facts, sides.facts.height
    edge = np.where(facts["neutral_site"].fill_null(False).to_numpy(), 0.0, 0.5)
    season = np.searchsorted(np.array(columns.seasons), facts["season"].to_numpy().astype(str))
    wanted = np.argsort(np.tile(facts["game_date"].to_physical().to_numpy(), 2), kind="stable")
    weights = np.concatenate([facts[f"{side}_possessions"].cast(pl.Float64).to_numpy() for side in ("home", "away")])
    points = np.concatenate([facts[f"{side}_points"].cast(pl.Float64).to_numpy() for side in ("home", "away")])
    wanted = wanted[weights[wanted] > 0]
    home = rapm_design(sides.home, sides.away, edge, season, len(columns.seasons))
    away = rapm_design(sides.away, sides.home, -edge, season, len(columns.seasons))
    days = facts.select("game_date")[wanted % max(count, 1)].with_row_index("row")
    design = sparse.csr_array(sparse.vstack([home, away], format="csr"))[wanted]
    return Rows(days, design, 100 * points[wanted] / weights[wanted], weights[wanted])


def stint_sides(stints: pl.DataFrame, players: np.ndarray) -> Sides:
    """Sides of dated stints; those with an unknown lineup must be gone."""
    count = stints.height
    home, away = (
        sparse.csr_array(
            (np.ones(5 * count), (np.repeat(np.arange(count), 5), _codes(stints[f"{side}_lineup"].explode(), players))),
            shape=(count, len(players)),
        )
        for side in ("home", "away")
    )
    return Sides(stints, home, away)


def game_sides(games: pl.DataFrame, lines: pl.DataFrame, players: np.ndarray) -> Sides:
    """Sides of whole games, from the box lines of the same games.

    Args:
        games: played games with date, season, teams, points and neutral site.
        lines: box lines of these games with minutes.
        players: ids by column.
    """
    share = 5 * pl.col("min") / pl.col("min").sum().over("game_id", "team_id")
    possessions = pl.col("fga") + FREE_THROW_POSSESSIONS * pl.col("fta") - pl.col("oreb") + pl.col("tov")
    games = games.with_row_index("row")
    side = lines.join(games.select("row", "game_id", "home_team_id"), on="game_id").with_columns(
        share.alias("share"), at_home=pl.col("team_id") == pl.col("home_team_id")
    )
    side = side.with_columns(pl.col("share").fill_nan(0)).sort("row", "player_id")
    pace = side.group_by("row", maintain_order=True).agg(possessions=possessions.sum() / 2)
    facts = games.join(pace, on="row", how="left", maintain_order="left").with_columns(
        home_possessions=pl.col("possessions").fill_null(0), away_possessions=pl.col("possessions").fill_null(0)
    )
    return Sides(facts, *(_shares(side.filter(pl.col("at_home") == home), games.height, players) for home in (True, False)))


def _shares(side: pl.DataFrame, rows: int, players: np.ndarray) -> sparse.csr_array:
    codes = _codes(side["player_id"], players)
    return sparse.csr_array((side["share"].to_numpy(), (side["row"].to_numpy().astype(np.int64), codes)), shape=(rows, len(players)))


def _codes(ids: pl.Series, players: np.ndarray) -> np.ndarray:
    """Positions of ids in `players`."""
    order = np.argsort(players)
    return order[np.searchsorted(players, ids.to_numpy(), sorter=order)]


def usable_stints(history: History) -> pl.DataFrame:
    """Dated stints whose ten are known, in time order."""
    sites = history.table("games").select("game_id", "neutral_site")
    stints = history.dated("stints").filter(pl.col("home_lineup").is_not_null() & pl.col("away_lineup").is_not_null())
    return stints.join(sites, on="game_id", maintain_order="left").sort("game_date", "game_id", "stint_index")


def games_without(history: History, stints: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Played games that have no stints, and their box lines, in time order."""
    games = history.results().join(stints.select("game_id").unique(), on="game_id", how="anti", maintain_order="left")
    lines = history.dated("player_game_stats").join(games.select("game_id"), on="game_id", how="semi", maintain_order="left")
    return games, lines.filter(pl.col("min") > 0).sort("game_date", "game_id", "player_id")


def by_first_appearance(stints: pl.DataFrame, lines: pl.DataFrame) -> np.ndarray:
    """Ids of everyone who played, in order of date, game and id."""
    on_court = [stints.select("game_date", "game_id", player_id=pl.col(f"{side}_lineup")).explode("player_id") for side in ("home", "away")]
    seen = pl.concat([*on_court, lines.select("game_date", "game_id", "player_id")]).sort("game_date", "game_id", "player_id")
    return seen["player_id"].unique(maintain_order=True).to_numpy()


def stacked(parts: list[Sides]) -> Sides:
    """Several sets of sides as one."""
    wanted = [
        "game_date", "season", "neutral_site",
        *(f"{side}_{what}" for side in ("home", "away") for what in ("points", "possessions")),
    ]  # fmt: skip
    facts = pl.concat([part.facts.select(wanted) for part in parts], how="vertical_relaxed")
    home, away = (sparse.csr_array(sparse.vstack([getattr(part, side) for part in parts])) for side in ("home", "away"))
    return Sides(facts, home, away)
