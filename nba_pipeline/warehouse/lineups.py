"""The ten on court at every play, from substitutions and from who acts.

The unit is a *team-period*: one team in one period, numbered `2 * period_code + side`. Starters of a period are not listed by
the service; they are the players whose first substitution in it is going out, and those who act and are never substituted
(technical fouls, ejections and timeouts prove nothing). Team-periods where this does not give five are settled in `lineup_repair`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.league.clock import PLAYERS_ON_COURT
from nba_pipeline.league.events import FOUL_TECHNICAL, FREE_THROW_TECHNICAL, EventType
from nba_pipeline.league.ids import PlayerId
from nba_pipeline.warehouse.play_rows import AWAY, HOME, SLOTS

Starters = list[list[PlayerId]]
"""Who starts each team-period, ascending."""

LINEUP = pl.Array(pl.Int64, PLAYERS_ON_COURT)

_PROOF = (
    EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW, EventType.REBOUND, EventType.TURNOVER, EventType.FOUL,
    EventType.VIOLATION, EventType.JUMP_BALL,
)  # fmt: skip


def with_team_periods(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `row` (position) and `period_code` (0, 1, … over all games and periods) to sorted rows."""
    starts = (pl.col("game_code") != pl.col("game_code").shift()) | (pl.col("period") != pl.col("period").shift())
    return rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), (starts.fill_null(True).cum_sum().cast(pl.Int32) - 1).alias("period_code")
    )


def substitutions(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns row, team_period, leaves, enters, in order of rows."""
    is_substitution = (pl.col("event_type") == EventType.SUBSTITUTION) & pl.col("side1").is_not_null() & pl.col("side2").is_not_null()
    return rows.filter(is_substitution).select("row", _team_period("side1"), leaves="player1_id", enters="player2_id")


def proofs(rows: pl.DataFrame) -> pl.DataFrame:
    """Who must be on court: columns row, team_period, player_id, one per player of a play that only those on court can do."""
    is_technical_foul = (pl.col("event_type") == EventType.FOUL) & pl.col("event_action_type").is_in(list(FOUL_TECHNICAL))
    is_technical_shot = (pl.col("event_type") == EventType.FREE_THROW) & pl.col("event_action_type").is_in(list(FREE_THROW_TECHNICAL))
    live = rows.filter(pl.col("event_type").is_in(_PROOF) & ~is_technical_foul & ~is_technical_shot)
    named = [
        live.filter(pl.col(f"side{slot}").is_not_null()).select("row", _team_period(f"side{slot}"), player_id=f"player{slot}_id")
        for slot in SLOTS
    ]
    return pl.concat(named).sort("row", maintain_order=True)


def seen_starters(subs: pl.DataFrame, acts: pl.DataFrame, team_periods: int) -> Starters:
    """Who must have started each team-period, by their first substitution or, without one, by having acted.

    Args:
        subs: of `substitutions`.
        acts: of `proofs`.
        team_periods: how many team-periods there are.

    Returns:
        One list for each team-period; usually of five, of fewer where somebody left no trace in a period.
    """
    key = ["team_period", "player_id"]
    out, into = (subs.select("row", "team_period", player_id=name, starts=pl.lit(name == "leaves")) for name in ("leaves", "enters"))
    first = pl.concat([out, into]).sort("row", maintain_order=True).unique(key, keep="first").select(*key, "starts")
    silent = acts.select(key).unique().join(first, on=key, how="anti")
    started = pl.concat([first.filter("starts").select(key), silent]).sort(key)
    starters: Starters = [[] for _ in range(team_periods)]
    for team_period, player in started.iter_rows():
        starters[team_period].append(player)
    return starters


@dataclass(frozen=True)
class Walk:
    """Who was on court from each start of a team-period and each substitution on.

    Attributes:
        fives: (states, 5) player ids, ascending; zeros where there were not five.
        known: (states,) whether there were five.
        odd: positions in `subs` of substitutions that contradict who was on court.
    """

    fives: np.ndarray
    known: np.ndarray
    odd: list[int]


def walk(starters: Starters, subs: pl.DataFrame) -> Walk:
    """Applies substitutions in order; states come by team-period, its start first.

    A contradictory substitution still takes effect as far as it can: who left is off, who entered is on. So a wrong five heals when
    the missing counterpart comes, and is unknown, not wrong, until then.
    """
    subs = subs.with_row_index("position").sort("team_period", "row")
    columns = (subs[name].to_list() for name in ("position", "team_period", "leaves", "enters"))
    moves = list(zip(*columns, strict=True))
    states: list[list[PlayerId]] = []
    odd: list[int] = []
    move = 0
    for team_period, five in enumerate(starters):
        states.append(five)
        while move < len(moves) and moves[move][1] == team_period:
            position, _, leaves, enters = moves[move]
            if leaves not in five or enters in five:
                odd.append(position)
            five = sorted({player for player in five if player != leaves} | {enters})
            states.append(five)
            move += 1
    known = np.array([len(five) == PLAYERS_ON_COURT for five in states], dtype=bool)
    nobody = [0] * PLAYERS_ON_COURT
    fives = np.array([five if whole else nobody for five, whole in zip(states, known, strict=True)], dtype=np.int64)
    return Walk(fives.reshape(-1, PLAYERS_ON_COURT), known, odd)


def state_of_rows(rows: pl.DataFrame, subs: pl.DataFrame, side: int) -> np.ndarray:
    """Which state of `walk` holds at each row for one side; a substitution row has the state after it.

    Returns:
        (rows,) positions into `Walk.fives`.
    """
    if rows.is_empty():
        return np.zeros(0, dtype=np.int64)
    period, row, team_period = (frame.to_numpy() for frame in (rows["period_code"], subs["row"], subs["team_period"]))
    ours = np.zeros(rows.height, dtype=np.int64)
    np.add.at(ours, row[team_period % 2 == side], 1)
    per_team_period = np.bincount(team_period, minlength=2 * (int(period[-1]) + 1)) + 1
    first_state = np.concatenate([[0], np.cumsum(per_team_period)[:-1]])[2 * period + side]
    so_far = np.cumsum(ours)
    starts = np.flatnonzero(np.diff(period, prepend=-1))
    before = (so_far - ours)[starts][period]
    return first_state + so_far - before


def with_lineups(rows: pl.DataFrame, subs: pl.DataFrame, walked: Walk) -> pl.DataFrame:
    """Adds `home_lineup` and `away_lineup` to rows; null where five are not known."""
    lineups = {}
    for name, side in (("home_lineup", HOME), ("away_lineup", AWAY)):
        state = state_of_rows(rows, subs, side)
        lineups[name] = pl.Series(name, walked.fives[state], dtype=LINEUP)
        lineups[f"_{name}"] = pl.Series(walked.known[state])
    wide = rows.with_columns(**lineups)
    wide = wide.with_columns(pl.when(f"_{name}").then(name).alias(name) for name in ("home_lineup", "away_lineup"))
    return wide.drop("_home_lineup", "_away_lineup")


def _team_period(side: str) -> pl.Expr:
    return (2 * pl.col("period_code") + pl.col(side)).alias("team_period")
