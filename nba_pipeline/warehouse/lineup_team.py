"""What the box and the substitutions say about one team in one game: the material that `lineup_repair` decides on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from nba_pipeline.league.clock import period_seconds
from nba_pipeline.league.ids import GameId, PlayerId, TeamId
from nba_pipeline.warehouse.lineup_flags import Flag, Reason
from nba_pipeline.warehouse.lineups import Starters
from nba_pipeline.warehouse.play_rows import HOME

Move = tuple[int, PlayerId, PlayerId]
"""Seconds into the period, who leaves, who enters."""


@dataclass(frozen=True)
class Team:
    """One team in one game: what the box says and what happened in each of its periods.

    Attributes:
        box_seconds: minutes of the box line, in seconds, of everybody who played.
        team_periods: of this team and game, in time order.
        moves: substitutions of each team-period.
        early: of each team-period, who acted in it before the substitution that brings him in.
    """

    game_id: GameId
    season: str
    team_id: TeamId
    box_seconds: dict[PlayerId, int]
    team_periods: list[int]
    moves: dict[int, list[Move]]
    early: dict[int, set[PlayerId]]

    def flag(self, team_period: int, reason: Reason, detail: str) -> Flag:
        """A flag about one of the team's periods."""
        return Flag(self.game_id, self.season, self.period(team_period), self.team_id, reason, detail)

    def period(self, team_period: int) -> int:
        """Number of a period in the game, from 1."""
        return self.team_periods.index(team_period) + 1

    def previous(self, team_period: int) -> int | None:
        """The team's period before, if there is one."""
        position = self.team_periods.index(team_period)
        return self.team_periods[position - 1] if position else None

    def time_to_spare(self, starters: Starters) -> dict[PlayerId, int]:
        """Box seconds of each player that the substitutions do not account for; negative when they give him too many."""
        played: Counter[PlayerId] = Counter()
        for team_period in self.team_periods:
            length = period_seconds(self.period(team_period))
            since = dict.fromkeys(starters[team_period], 0)
            for second, leaves, enters in self.moves.get(team_period, []):
                played[leaves] += second - since.pop(leaves, second)
                since.setdefault(enters, second)
            for player, second in since.items():
                played[player] += length - second
        return {player: seconds - played[player] for player, seconds in self.box_seconds.items()}

    def closing_five(self, team_period: int, starters: Starters) -> set[PlayerId]:
        """Who is on court when a team-period ends."""
        five = set(starters[team_period])
        for _, leaves, enters in self.moves.get(team_period, []):
            five = (five - {leaves}) | {enters}
        return five


def teams(
    rows: pl.DataFrame, subs: pl.DataFrame, acts: pl.DataFrame, box: pl.DataFrame, wrong: Sequence[int]
) -> Iterator[tuple[Team, int]]:
    """The team of each team-period of `wrong`, with that team-period.

    Args:
        rows: of `with_team_periods`.
        subs: of `substitutions`.
        acts: of `proofs`.
        box: `player_game_stats`.
        wrong: team-periods to look into.
    """
    periods = rows.unique("period_code", keep="first", maintain_order=True)
    game_periods = periods.group_by("game_id", maintain_order=True).agg("period_code")
    codes_of = dict(game_periods.iter_rows())
    for team_period in wrong:
        period = periods.row(team_period // 2, named=True)
        side, game_id = team_period % 2, period["game_id"]
        team_id = period["home_team_id"] if side == HOME else period["away_team_id"]
        team_periods = [2 * code + side for code in codes_of[game_id]]
        line = box.filter((pl.col("game_id") == game_id) & (pl.col("team_id") == team_id)).sort("player_id")
        box_seconds = {player: int(60 * (minutes or 0)) for player, minutes in line.select("player_id", "min").iter_rows()}
        moves = _moves(rows, subs, team_periods)
        early = {team_period: _early(rows, acts, team_period, moves.get(team_period, []))}
        yield Team(game_id, period["season"], team_id, box_seconds, team_periods, moves, early), team_period


def _moves(rows: pl.DataFrame, subs: pl.DataFrame, team_periods: list[int]) -> dict[int, list[Move]]:
    ours = subs.filter(pl.col("team_period").is_in(team_periods)).sort("row")
    moves: dict[int, list[Move]] = {}
    for (_, team_period, leaves, enters), second in zip(ours.iter_rows(), _seconds(rows, ours), strict=True):
        moves.setdefault(team_period, []).append((second, leaves, enters))
    return moves


def _early(rows: pl.DataFrame, acts: pl.DataFrame, team_period: int, moves: list[Move]) -> set[PlayerId]:
    ours = acts.filter(pl.col("team_period") == team_period)
    acted: dict[PlayerId, int] = {}
    for player, second in zip(ours["player_id"], _seconds(rows, ours), strict=True):
        acted.setdefault(player, second)
    entered: dict[PlayerId, int] = {}
    for second, leaves, enters in moves:
        entered.setdefault(leaves, 0)
        entered.setdefault(enters, second)
    return {player for player, second in acted.items() if second < entered.get(player, 0)}


def _seconds(rows: pl.DataFrame, of: pl.DataFrame) -> list[int]:
    """Seconds into the period of rows that have `row`."""
    at = rows[of["row"]].select("period", "clock_seconds")
    return [period_seconds(period) - clock for period, clock in at.iter_rows()]
