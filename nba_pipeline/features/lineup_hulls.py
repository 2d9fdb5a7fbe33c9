"""How much floor each of a team's fives spreads the defence over: the expected one, and those it has used most.

A five's chart is its own shots, taken while these five were on court (`spacing/lineup_log.py`), mixed with `LINEUP_PRIOR_SHOTS` shots from
where its players can be expected to shoot in equal minutes (`spacing/shot_charts.py`), who in turn are shrunk to the league. The hull is
defined in `spacing/shot_hull.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, Night, walk_dates
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.lineup_spacing import USUAL_HULL_AREA, expected_rotations, is_stale
from nba_pipeline.features.spacing.lineup_log import LineupLog, lineup_facts
from nba_pipeline.features.spacing.shot_charts import ShotCharts, chart_facts, placed_shots
from nba_pipeline.features.spacing.shot_hull import hull_area
from nba_pipeline.league.clock import PLAYERS_ON_COURT
from nba_pipeline.league.ids import TeamId
from nba_pipeline.league.seasons import Season

LINEUP_PRIOR_SHOTS = 600.0
"""Half of a five's chart is its own once it has shot this often together; docs/methods.md has the choice."""

MOST_USED = 8
"""How many fives of a team are listed after the expected one."""

SCHEMA = pl.Schema({
    "game_id": pl.String, "season": pl.String, "game_date": pl.Date, "team_id": pl.Int64, "rank": pl.Int32, "five": pl.List(pl.Int64),
    "seconds_together": pl.Float64, "shots_together": pl.Float64, "hull_area": pl.Float64, "fallback": pl.Boolean,
})  # fmt: skip


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Some rows per team and game of the asked seasons.

    Returns:
        game_id, season, game_date, team_id, rank (0: the five with the most expected minutes tonight; 1, 2, …: those of tonight's
        candidates with the most seconds together, at most `MOST_USED`, the expected one included where it belongs), five (player
        ids, ascending), seconds_together and shots_together before the date (half as heavy after `shot_charts.HALF_LIFE_DAYS`),
        hull_area (square feet), fallback (no shots by known fives on the last earlier game date, so that older ones had to do, or none).
    """
    teams = history.team_schedule(seasons).select("game_id", "season", "game_date", "team_id")
    targets, shots = expected_rotations(history.table("rotation"), teams), placed_shots(history)
    played = history.schedule()["game_date"].unique().sort()
    facts, fives = chart_facts(history, shots), lineup_facts(history, shots)
    charts, log = ShotCharts(facts["player_id"].unique(maintain_order=True).to_list()), LineupLog(fives)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for of_players, of_fives in zip(walk_dates(targets, facts), walk_dates(targets, fives), strict=True):
        charts.learn(of_players.news)
        log.learn(of_fives.news)
        parts.append(_night(of_fives, charts, log, fallback=is_stale(log.latest_shots, played, of_fives.day)))
    return pl.concat(parts)


def five_areas(fives: pl.Series, own: np.ndarray, charts: ShotCharts, day: date) -> np.ndarray:
    """Hull areas of any fives, whether or not they have ever played together, (fives,), square feet.

    Args:
        fives: lists of player ids.
        own: faded shots of each five together, (fives, cells).
        charts: what is known of the players.
        day: the instant.
    """
    equal_minutes = pl.Series([[1.0] * len(five) for five in fives], dtype=pl.List(pl.Float64))
    expected = charts.expected(fives, equal_minutes, day)
    return np.full(len(fives), USUAL_HULL_AREA) if expected is None else hull_area(own + LINEUP_PRIOR_SHOTS * expected)


def _night(night: Night, charts: ShotCharts, log: LineupLog, *, fallback: bool) -> pl.DataFrame:
    """Rows of one date's teams."""
    listed = [
        (row, rank, code, five)
        for row, (team, players) in enumerate(night.targets.select("team_id", "players").iter_rows())
        for rank, code, five in _fives_of(team, players or [], log)
    ]
    row, rank, codes = (np.array([one[column] for one in listed], dtype=np.int64) for column in range(3))
    fives, own = pl.Series([five for *_, five in listed], dtype=pl.List(pl.Int64)), log.shots(codes, night.day)
    rows = night.targets.select("game_id", "season", "game_date", "team_id")[row].with_columns(
        rank=pl.Series(rank),
        five=fives,
        seconds_together=pl.Series(log.seconds(codes, night.day)),
        shots_together=pl.Series(own.sum(axis=1)),
        hull_area=pl.Series(five_areas(fives, own, charts, night.day)),
        fallback=pl.lit(fallback),
    )
    return rows.select(list(SCHEMA)).cast(SCHEMA)


def _fives_of(team: TeamId, players: list[int], log: LineupLog) -> Iterator[tuple[int, int, list[int]]]:
    """Rank, code and players of a team's fives."""
    expected = sorted(players[:PLAYERS_ON_COURT])
    if len(expected) == PLAYERS_ON_COURT:
        yield 0, log.code_of(team, expected), expected
    for rank, code in enumerate(log.most_used(team, players, MOST_USED), start=1):
        yield rank, int(code), log.members[code].tolist()


FEATURE = Feature(
    name="lineup_hulls",
    build=build,
    inputs=("games", "shots", "stints", "player_game_stats", "rotation"),
    key=("game_id", "team_id", "rank"),
    about="square feet of floor from which the expected and the most used fives shoot, as of each date",
)
