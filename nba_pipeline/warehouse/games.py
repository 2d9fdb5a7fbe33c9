"""`games`: one row per game, from the two team rows (or the player rows) of the game logs.

Who is at home is read from MATCHUP (`BOS vs. IND`: Boston is; `IND @ BOS`: Boston is), so that a neutral floor, where both rows
say `@`, still has one designated home side.

A game without a result is still to come if its date is the last that has results, or later: it has a row without a result. An earlier
one was cancelled or postponed, and has none; `unplayed_games` lists those.
"""

from collections.abc import Collection

import polars as pl

from nba_pipeline.league.clock import OVERTIME_TEAM_MINUTES, REGULATION_TEAM_MINUTES
from nba_pipeline.league.ids import SIMULATED_GAMES, GameId
from nba_pipeline.league.neutral_floors import NEUTRAL_FLOORS, RESTART_FIRST_DAY, RESTART_LAST_DAY
from nba_pipeline.league.seasons import season_label
from nba_pipeline.league.teams import TEAM_BY_ABBREVIATION

_MEETING = ("GAME_ID", "SEASON_ID", "TEAM_ID", "TEAM_ABBREVIATION", "MATCHUP")


class GameLogError(ValueError):
    """A game log has a game that does not consist of two teams."""


def build_games(team_log: pl.DataFrame, games_with_plays: Collection[GameId] = ()) -> pl.DataFrame:
    """One row per game that was played or is still to come, by date and id.

    Args:
        team_log: raw rows of `RawArchive.team_log`.
        games_with_plays: games of which the archive has play-by-play.

    Returns:
        game_id, season, game_date, home_team_id, away_team_id, home_points, away_points, home_win, margin (home - away),
        total, overtimes (null where minutes were not recorded), neutral_site, has_plays. The six of the result are null in a
        game that is still to come.

    Raises:
        GameLogError: a game has one team, or more than two.
    """
    rows = _typed(team_log).unique(maintain_order=True)
    result = [pl.when("played").then(column).alias(column) for column in ("points", "minutes")]
    return _pair(rows.filter(pl.col("played") | _is_to_come()).with_columns(result), games_with_plays)


def build_games_from_player_log(player_log: pl.DataFrame, games_with_plays: Collection[GameId] = ()) -> pl.DataFrame:
    """The same table where only player logs exist: points and minutes of a team are the sums of its players'.

    A game whose log has two dates counts from the later one, on which it was finished.
    """
    known = pl.col("MIN").is_null().any().not_()
    team_log = (
        player_log.with_columns(pl.col("MIN", "PTS").cast(pl.Int32))
        .group_by(_MEETING, maintain_order=True)
        .agg(pl.col("GAME_DATE").max(), pl.when(known).then(pl.col("MIN").sum()).alias("MIN"), pl.col("PTS").sum())
        .with_columns(pl.col("GAME_DATE").max().over("GAME_ID"))
    )
    return build_games(team_log, games_with_plays)


def unplayed_games(team_log: pl.DataFrame) -> pl.DataFrame:
    """Games of the log that were not played when they should have been, which `build_games` leaves out.

    Returns:
        game_id, season, game_date, matchup.
    """
    rows = _typed(team_log).filter(pl.col("played").not_() & _is_to_come().not_())
    return rows.select("game_id", "season", "game_date", "matchup").unique("game_id", keep="first").sort("game_date", "game_id")


def _typed(log: pl.DataFrame) -> pl.DataFrame:
    visits = pl.col("MATCHUP").str.contains(" @ ")
    host = pl.col("MATCHUP").str.extract(pl.when(visits).then(pl.lit(r"@ (\S+)")).otherwise(pl.lit(r"^(\S+)")))
    return log.select(
        game_id="GAME_ID",
        season=season_of("SEASON_ID"),
        game_date=pl.col("GAME_DATE").str.slice(0, 10).str.to_date(),
        team_id="TEAM_ID",
        matchup="MATCHUP",
        hosts=host == pl.col("TEAM_ABBREVIATION"),
        visits=visits,
        minutes=pl.col("MIN").cast(pl.Float64),
        points=pl.col("PTS").cast(pl.Float64).cast(pl.Int32),
    ).with_columns(played=pl.col("points").sum().over("game_id") > 0)


def _is_to_come() -> pl.Expr:
    """Rows of dates on which, or before which, the newest results of the log were made; all of them where there is none."""
    newest = pl.col("game_date").filter("played").max()
    return pl.col("played").not_() & (newest.is_null() | (pl.col("game_date") >= newest))


def season_of(column: str) -> pl.Expr:
    """Season label from SEASON_ID, whose last four digits are the start year: `22021` → `2021-22`."""
    return pl.col(column).str.slice(-4).cast(pl.Int32).map_elements(season_label, return_dtype=pl.String).alias("season")


def _pair(rows: pl.DataFrame, games_with_plays: Collection[GameId]) -> pl.DataFrame:
    counts = rows.group_by("game_id").agg(pl.len(), pl.col("team_id").n_unique().alias("teams"))
    wrong = counts.filter((pl.col("len") != 2) | (pl.col("teams") != 2))["game_id"].sort()
    if len(wrong):
        raise GameLogError(f"{len(wrong)} games do not have two team rows, such as {', '.join(wrong.head(5))}: fetch the game log again")
    home_first = rows.sort("game_id", pl.col("hosts").not_(), "team_id")
    home, away = (home_first.filter(pl.int_range(pl.len()).over("game_id") == side) for side in (0, 1))
    games = home.join(away, on="game_id", suffix="_away", maintain_order="left")
    minutes = pl.mean_horizontal("minutes", "minutes_away")
    overtimes = ((minutes - REGULATION_TEAM_MINUTES) / OVERTIME_TEAM_MINUTES).round().clip(0).cast(pl.Int32)
    return games.select(
        "game_id",
        "season",
        "game_date",
        home_team_id="team_id",
        away_team_id="team_id_away",
        home_points="points",
        away_points="points_away",
        home_win=pl.col("points") > pl.col("points_away"),
        margin=pl.col("points") - pl.col("points_away"),
        total=pl.col("points") + pl.col("points_away"),
        overtimes=pl.when(pl.col("minutes").is_not_null() & pl.col("minutes_away").is_not_null()).then(overtimes),
        neutral_site=(pl.col("visits") == pl.col("visits_away")) | _is_known_neutral(),
        has_plays=pl.col("game_id").is_in(sorted(games_with_plays)),
    ).sort("game_date", "game_id")


def _is_known_neutral() -> pl.Expr:
    """Whether the schedule sent a game (its home team in `team_id`) to a floor of neither team.

    A simulated league plays on the same days by a schedule of its own.
    """
    floors = [
        pl.lit(day).eq(pl.col("game_date")) & (pl.col("team_id") == TEAM_BY_ABBREVIATION[home].team_id) for day, home in NEUTRAL_FLOORS
    ]
    sent = pl.any_horizontal(pl.col("game_date").is_between(RESTART_FIRST_DAY, RESTART_LAST_DAY), *floors)
    return sent & pl.col("game_id").str.starts_with(SIMULATED_GAMES).not_()
