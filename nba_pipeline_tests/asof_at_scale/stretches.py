"""Which dates one rebuild covers, and which instants are drawn from them.

Rebuilding twelve seasons 200 times would take days. A stretch is the last dates of a season and some consecutive dates of the
next, so that priors, fits on last season and season boundaries are all in play; everything else is left out of its world.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.leaks import Mutation
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.layout import AVAILABILITY, PROP_LINES
from nba_pipeline.warehouse.availability import build_availability
from nba_pipeline.warehouse.player_prop_lines import build_player_prop_lines, known_people
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.asof_at_scale.instants import Frames, Instant

TABLES = ("games", "player_game_stats", "players", "betting_lines", "shots", "plays", "lineup_flags", "stints")
MUTATIONS: tuple[Mutation, ...] = ("scramble", "delete", "end")


@dataclass(frozen=True)
class Stretch:
    """Some dates of two seasons.

    Attributes:
        before: the season before; empty where there is none.
        season: the season that instants are drawn from.
        history: how many of the last dates of the season before are in the world.
        first: position of the first date of the season that is in the world.
        length: how many dates of the season.
    """

    before: Season
    season: Season
    history: int
    first: int
    length: int

    @property
    def seasons(self) -> tuple[Season, ...]:
        """Seasons in the world."""
        return tuple(one for one in (self.before, self.season) if one)


def world(frames: Frames, stretch: Stretch) -> Frames:
    """The tables of the stretch's dates."""
    days = {season: _days(frames["games"], season) for season in stretch.seasons}
    wanted = days[stretch.season][stretch.first : stretch.first + stretch.length]
    wanted = (days[stretch.before][-stretch.history :] if stretch.before else []) + wanted
    games = frames["games"].filter(pl.col("game_date").is_in(wanted)).select("game_id")
    return {name: table.join(games, on="game_id", how="semi") if "game_id" in table.columns else table for name, table in frames.items()}


def read_frames(warehouse: Warehouse, seasons: Sequence[Season]) -> Frames:
    """The raw tables of some seasons; a table without a file for any of them is empty."""
    frames = {name: _read(warehouse, name, seasons) for name in TABLES}
    return frames | {"availability": no_reports(frames["games"]), "player_prop_lines": no_lines(frames["games"], frames["players"])}


def no_reports(games: pl.DataFrame) -> pl.DataFrame:
    """The table `availability` without a row: no season of the archive has reports."""
    raw = {column: pl.Int64 if column in AVAILABILITY.ids else pl.String for column in AVAILABILITY.required}
    return build_availability(pl.DataFrame(schema=raw), games)


def no_lines(games: pl.DataFrame, players: pl.DataFrame) -> pl.DataFrame:
    """The table `player_prop_lines` without a row: no season here has a file of them."""
    raw = pl.DataFrame(schema=dict.fromkeys(PROP_LINES.required, pl.String))
    return build_player_prop_lines(raw, games, known_people(players, []))


def _read(warehouse: Warehouse, name: str, seasons: Sequence[Season]) -> pl.DataFrame:
    there = warehouse.seasons(name)
    wanted = [season for season in there if season in seasons]
    return warehouse.read(name, wanted) if wanted or not there else warehouse.read(name, there[:1]).clear()


def draw_instants(frames: Frames, stretch: Stretch, count: int, rng: np.random.Generator) -> list[Instant]:
    """Instants on different random dates of the season's part of a world, in turn before tip-off and within a random game.

    A season without plays gives instants before tip-off only.
    """
    days = _days(frames["games"], stretch.season)
    plays = frames["plays"].join(frames["games"].select("game_id", "game_date"), on="game_id")
    order, instants = rng.permutation(len(days)), []
    for number in range(count):
        day, mutation = days[order[number % len(days)]], MUTATIONS[number // 2 % 3]
        tonight = plays.filter(pl.col("game_date") == day)
        within = number % 2 and tonight.height
        instants.append(Instant(day, mutation, *_within(tonight, rng)) if within else Instant(day, mutation))
    return instants


def _within(plays: pl.DataFrame, rng: np.random.Generator) -> tuple[str, int]:
    games = plays["game_id"].unique().sort()
    game = str(games[int(rng.integers(len(games)))])
    indices = plays.filter(pl.col("game_id") == game)["play_index"].sort()
    return game, int(indices[int(rng.integers(1, len(indices)))])


def _days(games: pl.DataFrame, season: Season) -> list[date]:
    return games.filter(pl.col("season") == season)["game_date"].unique().sort().to_list()
