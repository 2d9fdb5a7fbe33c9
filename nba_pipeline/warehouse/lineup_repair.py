"""Team-periods in which not exactly five starters were seen: settled by minutes in the box and by the five before.

A player can play a whole period without leaving a trace; then the box line says so, for the minutes of all his other periods are
known. Everything decided here becomes a flag. Who is seen is worked out in `lineups`, what is known of a team in `lineup_team`.
"""

import polars as pl

from nba_pipeline.league.clock import PLAYERS_ON_COURT, period_seconds
from nba_pipeline.league.ids import PlayerId
from nba_pipeline.warehouse.lineup_flags import Flag, Reason
from nba_pipeline.warehouse.lineup_team import Team, teams
from nba_pipeline.warehouse.lineups import Starters

MINUTES_SLACK_SECONDS = 90
"""Box minutes are whole, so that a player's known time is uncertain by up to a minute; half a minute more for clock corrections."""

NOT_IN_BOX_SECONDS = -(10**6)
"""Time to spare of a player who is not in the box at all: the first to be left out."""


def settle(
    rows: pl.DataFrame, subs: pl.DataFrame, acts: pl.DataFrame, starters: Starters, box: pl.DataFrame
) -> tuple[Starters, list[Flag]]:
    """Makes every team-period start with five players where that can be decided.

    Args:
        rows: of `with_team_periods`.
        subs: of `substitutions`.
        acts: of `proofs`.
        starters: of `seen_starters`.
        box: `player_game_stats`, for minutes.

    Returns:
        The starters, five each but where nobody can be named, and one flag for each team-period that was changed or could not be.
    """
    settled, flags = list(starters), []
    wrong = [team_period for team_period, five in enumerate(starters) if len(five) != PLAYERS_ON_COURT]
    if not wrong:
        return settled, flags
    for team, team_period in teams(rows, subs, acts, box, wrong):
        surplus = len(settled[team_period]) - PLAYERS_ON_COURT
        decide = _leave_out if surplus > 0 else _add_silent
        settled[team_period], reason, detail = decide(team, team_period, settled)
        flags.append(team.flag(team_period, reason, detail))
    return settled, flags


def _add_silent(team: Team, team_period: int, starters: Starters) -> tuple[list[PlayerId], Reason, str]:
    seen = set(starters[team_period]).union(*(move[1:] for move in team.moves.get(team_period, [])))
    spare = {player: seconds for player, seconds in team.time_to_spare(starters).items() if player not in seen}
    needed = PLAYERS_ON_COURT - len(starters[team_period])
    chosen, reason = _choose(team, team_period, starters, spare, needed)
    most = sorted(spare.items(), key=lambda item: (-item[1], item[0]))[:4]
    detail = f"{len(starters[team_period])} seen, added {sorted(chosen)}; seconds to spare {most}"
    return sorted({*starters[team_period], *chosen}), reason, detail


def _choose(team: Team, team_period: int, starters: Starters, spare: dict[PlayerId, int], needed: int) -> tuple[set[PlayerId], Reason]:
    """The players to add, by the first kind of evidence that names exactly as many as are needed."""
    length, before = period_seconds(team.period(team_period)), team.previous(team_period)
    whole = {player for player, seconds in spare.items() if seconds >= length - MINUTES_SLACK_SECONDS}
    stayed = whole & (team.closing_five(before, starters) if before is not None else set())
    guess = set(sorted(spare, key=lambda player: (-spare[player], player))[:needed])
    for chosen, reason in (
        (team.early.get(team_period, set()), Reason.ACTED_BEFORE_ENTERING),
        (whole, Reason.SILENT_PLAYER_BY_MINUTES),
        (stayed, Reason.SILENT_PLAYER_BY_LAST_FIVE),
        (guess, Reason.SILENT_PLAYER_GUESSED),
    ):
        if len(chosen) == needed:
            return chosen, reason
    return set(), Reason.UNKNOWN_FIVE


def _leave_out(team: Team, team_period: int, starters: Starters) -> tuple[list[PlayerId], Reason, str]:
    spare = team.time_to_spare(starters)
    left = {leaves for _, leaves, _ in team.moves.get(team_period, [])}
    least_likely = sorted(starters[team_period], key=lambda player: (player in left, spare.get(player, NOT_IN_BOX_SECONDS), player))
    dropped = least_likely[: len(starters[team_period]) - PLAYERS_ON_COURT]
    detail = f"{len(starters[team_period])} seen, left out {dropped}"
    return sorted(set(starters[team_period]) - set(dropped)), Reason.TOO_MANY_SEEN, detail
