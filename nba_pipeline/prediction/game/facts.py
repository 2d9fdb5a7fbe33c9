"""What is known of one game before it starts: teams, context, the expected fives, the numbers of every player of the date.

Read from the feature tables, which keep the as-of rule. What does not belong here: anything of the game itself (`live.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from nba_pipeline.features.asof import SCHEDULE, History
from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.features.net_inputs.player_nodes import PlayerFeatures, player_nodes
from nba_pipeline.league.ids import GameId, PlayerId, TeamId
from nba_pipeline.league.teams import TEAM_BY_ID
from nba_pipeline.models.samples.training_data import read_priors
from nba_pipeline.warehouse.store import Warehouse


class UnknownGameError(LookupError):
    """The warehouse does not know a game, or not what its forecast needs; the message says what to do."""


@dataclass(frozen=True)
class GameFacts:
    """What is known of a game before it starts.

    Attributes:
        game: one row of `games`: id, season, date, teams.
        context: one row of the context numbers.
        priors: one row: what the ratings said.
        score_sd: usual spread of the score difference, points.
        pregame_graph: one row of `lineup_graphs`, the expected fives.
        players: everybody's numbers as they are known before this date.
        names: players by id.
    """

    game: pl.DataFrame
    context: pl.DataFrame
    priors: pl.DataFrame
    score_sd: float | None
    pregame_graph: pl.DataFrame
    players: PlayerFeatures
    names: dict[PlayerId, str]

    @classmethod
    def read(cls, warehouse: Warehouse, game_id: GameId) -> GameFacts:
        """Reads a game's facts.

        Raises:
            UnknownGameError: the game, its context or its expected fives are not in the warehouse.
            StoreError: a whole table is missing.
        """
        game = _the_game(warehouse.read("games", columns=[*SCHEDULE, "home_win", "margin", "total"]), game_id, warehouse)
        season, day = game["season"][0], game["game_date"][0]

        def row(table: str, columns: list[str] | None = None, **equal: int) -> pl.DataFrame:
            found = warehouse.read(table, [season], columns).filter(pl.col("game_id") == game_id)
            if equal:
                found = found.filter(**equal)
            if found.height != 1:
                raise UnknownGameError(
                    f"{table} of {season} has no row of game {game_id}: materialise {table} of that season again (make run)"
                )
            return found

        return cls(
            game=game,
            context=row("context_features", ["game_id", *CONTEXT_FEATURES]),
            priors=read_priors(warehouse, [season]).filter(pl.col("game_id") == game_id),
            score_sd=row("sequences", ["game_id", "score_sd"])["score_sd"][0],
            pregame_graph=row("lineup_graphs", graph_index=0),
            players=_players(warehouse, season, day),
            names=dict(warehouse.read("players", columns=["player_id", "name"]).iter_rows()),
        )

    @property
    def game_id(self) -> GameId:
        """The game."""
        return self.game["game_id"][0]

    def abbreviation(self, side: str) -> str:
        """Three letters of the `home` or `away` team."""
        return team_name(self.game[f"{side}_team_id"][0])

    @property
    def title(self) -> str:
        """Who plays whom, and when."""
        return f"{self.abbreviation('away')} @ {self.abbreviation('home')}, {self.game['game_date'][0]}"


def team_name(team_id: TeamId) -> str:
    """Three letters of a team; its id where it has none today."""
    return TEAM_BY_ID[team_id].abbreviation if team_id in TEAM_BY_ID else str(team_id)


def _the_game(games: pl.DataFrame, game_id: GameId, warehouse: Warehouse) -> pl.DataFrame:
    found = games.filter(pl.col("game_id") == game_id)
    if found.height != 1:
        raise UnknownGameError(
            f"game {game_id!r} is not in the warehouse under {warehouse.root} (source {warehouse.source}, {games.height:,} games, such as "
            f"{games['game_id'].min()}): ids have ten digits; build its season first (make run SEASONS=...)"
        )
    return found


def _players(warehouse: Warehouse, season: str, day: date) -> PlayerFeatures:
    """Everybody with a history before the date."""
    of_day = {table: warehouse.read(table, [season]).filter(pl.col("game_date") == day) for table in ("season_stats", "player_rapm")}
    return PlayerFeatures.from_frame(player_nodes(History.from_frames({**of_day, "players": warehouse.read("players")}), [season]))
