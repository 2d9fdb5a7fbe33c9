"""What a player's box lines say about him before a date: shooting, minutes, usage, share of his team's games.

This season so far is blended with the last one, and shooting is shrunk to the league's level as of the date. Nothing here
projects who plays tonight; that is `rotation`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History, join_before, running_sums
from nba_pipeline.features.feature import Feature
from nba_pipeline.league.seasons import FIRST_START_YEAR, Season, season_label, start_year

ACTIVE_DAYS = 730
"""A player is asked about until this many days after his last game."""

LAST_SEASON_WEIGHT = 0.4
"""What a shot of last season counts beside one of this season."""

LAST_SEASON_GAMES = 6.0
"""Minutes and share of games: last season's level counts like so many games of this one."""

USAGE_PRIOR_MINUTES, USUAL_USAGE = 100.0, 0.2
"""One of five players uses a fifth of the possessions; a player's own share counts beside so many minutes of that."""

SHOOTING: dict[str, tuple[str, str, float, float]] = {
    "fg_pct": ("fgm", "fga", 100.0, 0.46),
    "fg3_pct": ("fg3m", "fg3a", 150.0, 0.355),
    "ft_pct": ("ftm", "fta", 40.0, 0.765),
}
"""Made, attempts, attempts of league-average shooting mixed in, league level where no game is known yet."""

BOX = ("games", "min", "uses", "team_min", "team_uses", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta")
"""What is summed up per player; `team_` counts the games he played in."""

COLUMNS = ("fg_pct", "fg3_pct", "ft_pct", "minutes_per_game", "usage_rate", "games_share")


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Snapshots before each game date of the asked seasons, for everyone who played in the two years before it.

    Returns:
        season, game_date, player_id, team_id (of his latest game), fg_pct, fg3_pct, ft_pct, minutes_per_game, usage_rate (share
        of the team's field goals, free throws and turnovers while on court; .2 is even), games_share (of his team's games),
        games_played (this season).
    """
    parts = [_season(history, season) for season in sorted(seasons, key=start_year)]
    return pl.concat([part for part in parts if part is not None] or [EMPTY])


SCHEMA = pl.Schema({
    "season": pl.String, "game_date": pl.Date, "player_id": pl.Int64, "team_id": pl.Int64,
    **dict.fromkeys(COLUMNS, pl.Float64), "games_played": pl.Int32,
})  # fmt: skip
EMPTY = pl.DataFrame(schema=SCHEMA)


def _season(history: History, season: Season) -> pl.DataFrame | None:
    now = start_year(season)
    known = [season_label(year) for year in range(max(now - 2, FIRST_START_YEAR), now + 1)]
    lines = _box(history.dated("player_game_stats").filter(pl.col("season").is_in(known)))
    rows = _asked(history.schedule([season]).select("season", "game_date").unique(maintain_order=True), lines)
    if rows.is_empty():
        return None
    this, last, older = (_sums(rows, lines, "player_id", year, BOX) for year in (now, now - 1, now - 2))
    league = _sums(rows, lines, "league", now, BOX) + _sums(rows, lines, "league", now - 1, BOX)
    team_games = lines.unique(["game_id", "team_id"], maintain_order=True)
    team_this, team_last = (_sums(rows, team_games, "team_id", year, ["games"])[:, 0] for year in (now, now - 1))
    share_last = np.clip(_ratio(last[:, 0], team_last), 0, 1)
    last = np.where(last[:, :1] > 0, last, older)
    blended = this + LAST_SEASON_WEIGHT * last
    values = [shooting(blended, league, *rule) for rule in SHOOTING.values()]
    values += [minutes_per_game(this, last), usage(blended), games_share(this[:, 0], team_this, share_last)]
    named = (pl.Series(name, value) for name, value in zip((*COLUMNS, "games_played"), (*values, this[:, 0]), strict=True))
    return rows.with_columns(*named).select(list(SCHEMA)).cast(SCHEMA)


def _asked(dates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Every date with every player whose latest earlier game is at most two years old, and that game's team."""
    everyone = lines.select("player_id").unique(maintain_order=True)
    latest = lines.select("game_date", "player_id", "team_id", last_played="game_date")
    rows = join_before(dates.join(everyone, how="cross"), latest, ["player_id"])
    recent = (pl.col("game_date") - pl.col("last_played")).dt.total_days() <= ACTIVE_DAYS
    return rows.filter(recent).drop("last_played").sort("game_date", "player_id")


def _box(lines: pl.DataFrame) -> pl.DataFrame:
    """Box lines in time order with possessions used, and the team's totals beside them."""
    uses = pl.sum_horizontal("fga", 0.44 * pl.col("fta"), "tov")
    lines = lines.sort("game_date", "game_id", "player_id").with_columns(uses=uses, games=pl.lit(1), league=pl.lit(0))
    return lines.with_columns(pl.col("min", "uses").sum().over("game_id", "team_id").name.prefix("team_"))


def _sums(rows: pl.DataFrame, lines: pl.DataFrame, key: str, year: int, values: Sequence[str]) -> np.ndarray:
    """Sums before each row's date over the lines of one season, (rows, values)."""
    rows = rows.with_columns(league=pl.lit(0))
    asked = rows.select("game_date", key).unique(maintain_order=True)
    sums = running_sums(asked, lines.filter(pl.col("season") == season_label(year)), key, values)
    places = rows.join(asked.with_row_index("_place"), on=["game_date", key], how="left", maintain_order="left")["_place"]
    return sums[places.to_numpy()]


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Quotient, 0 where there is nothing to divide by."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def shooting(sums: np.ndarray, league: np.ndarray, made: str, attempts: str, prior_attempts: float, usual: float) -> np.ndarray:
    """Share of shots made, with `prior_attempts` at the league's level mixed in.

    Args:
        sums: (rows, BOX) of the players.
        league: (rows, BOX) of everyone.
        made: column of `BOX`.
        attempts: column of `BOX`.
        prior_attempts: how many attempts the league's level counts for.
        usual: the level where no attempt is known.
    """
    hit, tried = BOX.index(made), BOX.index(attempts)
    level = np.where(league[:, tried] > 0, _ratio(league[:, hit], league[:, tried]), usual)
    return (sums[:, hit] + prior_attempts * level) / (sums[:, tried] + prior_attempts)


def minutes_per_game(this: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Minutes per game played this season, the last season's level counting `LAST_SEASON_GAMES` games at most.

    Args:
        this: (rows, BOX) of this season so far.
        last: (rows, BOX) of the season in which the player played before.
    """
    played, minutes = BOX.index("games"), BOX.index("min")
    weight = np.minimum(last[:, played], LAST_SEASON_GAMES)
    return _ratio(this[:, minutes] + weight * _ratio(last[:, minutes], last[:, played]), this[:, played] + weight)


def games_share(played: np.ndarray, team_games: np.ndarray, share_last: np.ndarray) -> np.ndarray:
    """Share of his team's games, in [0, 1]; last season's share before the first game and fading afterwards."""
    return np.clip((played + LAST_SEASON_GAMES * share_last) / (team_games + LAST_SEASON_GAMES), 0, 1)


def usage(sums: np.ndarray) -> np.ndarray:
    """Share of his team's uses while he is on court, as if uses were spread evenly over the team's minutes."""
    minutes, uses, team_minutes, team_uses = (sums[:, BOX.index(name)] for name in ("min", "uses", "team_min", "team_uses"))
    expected = minutes * _ratio(5 * team_uses, team_minutes)
    prior = USAGE_PRIOR_MINUTES * np.where(minutes > 0, _ratio(expected, minutes), 1.0)
    return (uses + USUAL_USAGE * prior) / (expected + prior)


FEATURE = Feature(
    name="season_stats",
    build=build,
    inputs=("games", "player_game_stats"),
    key=("game_date", "player_id"),
    about="shooting, minutes, usage and share of games per player, last season blended in, as of each date",
)
