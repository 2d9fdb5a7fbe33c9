"""What the calendar, the team's season and its second nights say of tonight's playing time, for `candidates.py`.

Everything here is about teams and dates; a player's own minutes are not.
"""

import polars as pl

from nba_pipeline.features import elo
from nba_pipeline.features.asof import History, join_before

TEAM_FEATURES = ("two_game_rest", "win_share", "form", "opponent_form", "last_margin", "elo_margin", "elo_gap")
FORM_GAMES = 10
"""Half-life of a team's average margin."""

EVEN_GAMES = 10
"""Games of half a win each that a team starts a season with."""

SECOND_NIGHT_GAMES = 5
"""Half-life of a player's habit of sitting out second nights."""


def team_context(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """Per team game: game_id, team_id and `TEAM_FEATURES`.

    Args:
        history: gives the results.
        schedule: team games in time order with game_id, season, game_date, team_id, opponent_id, game_number.
    """
    day, of_season = pl.col("game_date"), ("team_id", "season")
    rows = schedule.with_columns(
        two_game_rest=(day - day.shift(2).over(of_season)).dt.total_days().fill_null(9).clip(1, 9),
    )
    standings = _standings(history)
    known = join_before(rows, standings, by=["team_id", "season"])
    rivals = standings.select("game_date", "season", opponent_id="team_id", opponent_form="form")
    both = join_before(known, rivals, by=["opponent_id", "season"])
    both = both.join(_elo_margins(history, schedule), on=["game_id", "team_id"], how="left", maintain_order="left")
    blank = {"win_share": 0.5, "form": 0.0, "opponent_form": 0.0, "last_margin": 0.0}
    return both.select("game_id", "team_id", *(pl.col(name).fill_null(blank.get(name, 0)) for name in TEAM_FEATURES))


def _elo_margins(history: History, schedule: pl.DataFrame) -> pl.DataFrame:
    """Points by which a team is expected to win, and how uneven the game is: game_id, team_id, elo_margin, elo_gap.

    Built here rather than read: it takes half a second, and everything that builds rotations would have to name Elo as an input.
    """
    margins = elo.build(history, schedule["season"].unique().to_list()).select("game_id", _margin="elo_margin")
    sides = history.team_schedule().select("game_id", "team_id", "is_home").join(margins, on="game_id", maintain_order="left")
    own = pl.when("is_home").then("_margin").otherwise(-pl.col("_margin"))
    return sides.select("game_id", "team_id", elo_margin=own, elo_gap=own.abs())


def _standings(history: History) -> pl.DataFrame:
    """Each team after each of its games: share of wins, average margin, and the margin."""
    results = history.results()
    sides = [
        results.select("game_date", "season", team_id=f"{side}_team_id", last_margin=sign * pl.col("margin").cast(pl.Float64))
        for side, sign in (("home", 1), ("away", -1))
    ]
    of_season, margin = ("team_id", "season"), pl.col("last_margin")
    wins, games = (margin > 0).cum_sum().over(of_season), margin.cum_count().over(of_season)
    return (
        pl.concat(sides)
        .sort("game_date", "team_id")
        .with_columns(win_share=(wins + EVEN_GAMES / 2) / (games + EVEN_GAMES), form=margin.ewm_mean(half_life=FORM_GAMES).over(of_season))
    )


def second_nights(schedule: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """How often a player who played the night before played the second night too: player_id, game_date, `second_nights`, after each.

    Args:
        schedule: numbered team games with `rest`.
        lines: appearances with player_id, team_id, game_id, last_number.
    """
    tired = schedule.filter(pl.col("rest") == 1).join(lines.select("game_id", "team_id").unique(), on=["game_id", "team_id"], how="semi")
    asked = tired.select("game_id", "game_date", "team_id", last_number=pl.col("number") - 1)
    here = lines.select("game_id", "player_id", _here=pl.lit(1.0))
    rows = asked.join(lines.select("player_id", "team_id", "last_number"), on=["team_id", "last_number"]).join(
        here, on=["game_id", "player_id"], how="left"
    )
    habit = pl.col("_here").fill_null(0.0).ewm_mean(half_life=SECOND_NIGHT_GAMES).over("player_id")
    return rows.sort("game_date", "player_id").select("player_id", "game_date", second_nights=habit)
