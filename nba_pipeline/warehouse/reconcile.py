"""Whether the tables agree about the same games: plays against game log and box, stints against box.

Each check says how many things it compared, what share agrees, and which rows do not. What a single table must look like is in
`schemas`. A check that finds nothing to compare passes and says so (`compared` is 0); gaps are what `missing_games` is for.
"""

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from nba_pipeline.league.clock import OVERTIME_SECONDS, REGULATION_PERIODS, REGULATION_SECONDS
from nba_pipeline.league.events import EventType
from nba_pipeline.warehouse.reconcile_counts import (
    counted_possessions,
    estimated_possessions,
    formula_possessions,
    on_court,
    player_counts,
)
from nba_pipeline.warehouse.reconcile_plus_minus import beside_official, conventions_of_games, sound_lines

MIN_SHARE_OF_PLAYER_TOTALS_EQUAL = 0.999
"""The box may be revised after its plays are filed: at most 16 of a season's 26,000 player-games, the rebounds of 2023-24."""

MIN_SHARE_OF_LIVE_PLAYS_WITH_FIVE = 0.999
"""Room for one team-period in a thousand of which nobody can say who played; a whole game without lineups is one in 1,230."""

BOX_MINUTE_SECONDS = 60
"""Box minutes are whole numbers, half a minute off either way; the other half is for corrections of the clock."""

MIN_SHARE_OF_MINUTES_CLOSE = 0.999
"""One team-period with a wrong five moves two player-games of 26,000."""

MIN_SHARE_OF_PLUS_MINUS_EQUAL = 0.99
"""It is .9971 to .9998 in nine of eleven seasons, and .9943 and .9902 in 2012-13 and 2017-18, where the official one mixes conventions."""

PACE_RANGE = (70.0, 130.0)
"""Possessions per 48 minutes of a team-game; the four seasons 2018-19 .. 2022-23 with plays lie in 84 .. 116."""

MAX_MEAN_POSSESSION_DIFFERENCE = 2.0
"""Mean absolute difference per team-game to the estimate from the box; 1.47 to 1.55 in those seasons, most of it the estimate's."""

LIVE_EVENTS = (
    EventType.MADE_SHOT, EventType.MISSED_SHOT, EventType.FREE_THROW, EventType.REBOUND, EventType.TURNOVER, EventType.FOUL,
    EventType.VIOLATION, EventType.SUBSTITUTION, EventType.JUMP_BALL,
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One comparison of tables.

    Attributes:
        name: what is compared.
        passed: whether enough of it agrees.
        severity: whether a failure stops what is built on these tables.
        metrics: `compared` (how many), and the numbers that decided.
        rows: what does not agree.
    """

    name: str
    passed: bool
    severity: Literal["ERROR", "WARN"]
    metrics: dict[str, float]
    rows: pl.DataFrame


def reconcile(games: pl.DataFrame, plays: pl.DataFrame, stints: pl.DataFrame, player_game_stats: pl.DataFrame) -> list[Check]:
    """Compares the tables of the same seasons.

    Args:
        games: the `games` table; may hold seasons without plays.
        plays: the `plays` table.
        stints: the `stints` table.
        player_game_stats: the box lines.

    Returns:
        One check each of: missing_games, final_score, points, rebounds, assists, threes, five_on_court, stint_minutes, plus_minus,
        possessions.
    """
    box = player_game_stats.join(plays.select("game_id").unique(), on="game_id", how="semi").sort("game_id", "player_id")
    return [
        missing_games(games, plays),
        final_score(games, plays),
        *player_totals(plays, box),
        fiveon_court(plays),
        stint_minutes(stints, box),
        plus_minus(games, plays, stints, box),
        possessions(games, plays, stints, box),
    ]


def missing_games(games: pl.DataFrame, plays: pl.DataFrame) -> Check:
    """Games of the log without plays, in seasons that have plays."""
    covered = games.join(plays.select("season").unique(), on="season", how="semi")
    absent = (
        covered.join(plays.select("game_id").unique(), on="game_id", how="anti").select("game_id", "season", "game_date").sort("game_id")
    )
    return Check("missing_games", absent.is_empty(), "WARN", {"compared": covered.height, "missing": absent.height}, absent)


def final_score(games: pl.DataFrame, plays: pl.DataFrame) -> Check:
    """The score after the last play is that of the game log, in every game."""
    last = plays.sort("game_id", "play_index").group_by("game_id", maintain_order=True).agg(pl.last("home_score", "away_score"))
    both = last.join(games.select("game_id", "home_points", "away_points"), on="game_id", how="left", maintain_order="left")
    differ = pl.col("home_score").ne_missing(pl.col("home_points")) | pl.col("away_score").ne_missing(pl.col("away_points"))
    return _share("final_score", both, differ, at_least=1.0)


def player_totals(plays: pl.DataFrame, box: pl.DataFrame) -> list[Check]:
    """Points, rebounds, assists and threes of each player, counted from the plays."""
    from_plays = player_counts(plays)
    both = box.select("game_id", "player_id", "pts", "reb", "ast", "fg3m").join(
        from_plays, on=["game_id", "player_id"], how="full", coalesce=True, maintain_order="left_right"
    )
    names = {"points": "pts", "rebounds": "reb", "assists": "ast", "threes": "fg3m"}
    return [
        _share(
            name,
            both.select("game_id", "player_id", pl.col(column).fill_null(0), pl.col(f"{column}_from_plays").fill_null(0)),
            pl.col(column) != pl.col(f"{column}_from_plays"),
            at_least=MIN_SHARE_OF_PLAYER_TOTALS_EQUAL,
        )
        for name, column in names.items()
    ]


def fiveon_court(plays: pl.DataFrame) -> Check:
    """Five on each side are known at every live play."""
    live = plays.filter(pl.col("event_type").is_in(LIVE_EVENTS))
    unknown = pl.col("home_lineup").is_null() | pl.col("away_lineup").is_null()
    rows = live.select("game_id", "play_index", "period", "description", "home_lineup", "away_lineup")
    return _share("five_on_court", rows, unknown, at_least=MIN_SHARE_OF_LIVE_PLAYS_WITH_FIVE)


def stint_minutes(stints: pl.DataFrame, box: pl.DataFrame) -> Check:
    """Time on court in the stints is the box's minutes, within a minute."""
    both = on_court(stints, box).select("game_id", "player_id", "min", "seconds")
    apart = (pl.col("seconds") - BOX_MINUTE_SECONDS * pl.col("min")).abs() > BOX_MINUTE_SECONDS
    return _share("stint_minutes", both, apart, at_least=MIN_SHARE_OF_MINUTES_CLOSE)


def plus_minus(games: pl.DataFrame, plays: pl.DataFrame, stints: pl.DataFrame, box: pl.DataFrame) -> Check:
    """The points margin while on court in the stints is the box's plus-minus, in games where the latter adds up.

    `share_equal_by_game` is the same with each game credited by the convention that it agrees with best, which is known only afterwards.
    """
    sound = sound_lines(games, box)
    both, fits = beside_official(stints, sound), conventions_of_games(games, plays, sound)
    both = both.join(fits.select("game_id", agrees_best="convention"), on="game_id", how="left", maintain_order="left")
    differ = pl.col("plus_minus") != pl.col("margin_on_court")
    check = _share("plus_minus", both, differ, at_least=MIN_SHARE_OF_PLUS_MINUS_EQUAL)
    by_game = 1.0 - float(fits["differ"].sum()) / max(both.height, 1)
    return replace(check, metrics=check.metrics | {"share_equal_by_game": by_game})


def possessions(games: pl.DataFrame, plays: pl.DataFrame, stints: pl.DataFrame, box: pl.DataFrame) -> Check:
    """Possessions per team-game are in the range of real pace, near the estimates from box and plays, and the same for both sides."""
    team_games = counted_possessions(games, stints).join(estimated_possessions(box), on=["game_id", "team_id"], how="left")
    team_games = team_games.join(formula_possessions(games, plays), on=["game_id", "team_id"], how="left")
    team_games = team_games.with_columns(pace=pl.col("possessions") * REGULATION_SECONDS / pl.col("seconds")).sort("game_id", "team_id")
    difference = _mean((team_games["possessions"] - team_games["estimate"]).abs())
    odd = team_games.filter(~pl.col("pace").is_between(*PACE_RANGE))
    metrics = {
        "compared": team_games.height,
        "mean_possessions": _mean(team_games["possessions"]),
        "mean_pace": _mean(team_games["pace"]),
        "mean_absolute_difference_to_box": difference,
        "mean_absolute_difference_to_formula": _mean((team_games["possessions"] - team_games["formula"]).abs()),
        "pace_minus_formula": _mean((team_games["possessions"] - team_games["formula"]) * REGULATION_SECONDS / team_games["seconds"]),
        "share_of_games_with_even_sides": _even_sides(team_games),
    }
    return Check("possessions", odd.is_empty() and difference <= MAX_MEAN_POSSESSION_DIFFERENCE, "ERROR", metrics, odd)


def _even_sides(team_games: pl.DataFrame) -> float:
    """Share of games whose sides differ by at most one possession more than there were periods."""
    periods = REGULATION_PERIODS + (pl.col("seconds").first() - REGULATION_SECONDS) / OVERTIME_SECONDS
    apart = pl.col("possessions").max() - pl.col("possessions").min()
    return _mean(team_games.group_by("game_id").agg(even=apart <= periods + 1)["even"])


def _share(name: str, compared: pl.DataFrame, differ: pl.Expr, *, at_least: float) -> Check:
    wrong = compared.filter(differ.fill_null(True))
    share = 1.0 - wrong.height / max(compared.height, 1)
    return Check(name, share >= at_least, "ERROR", {"compared": compared.height, "share_equal": share, "required": at_least}, wrong)


def _mean(values: pl.Series) -> float:
    return float(values.mean() or 0.0)  # type: ignore[arg-type]
