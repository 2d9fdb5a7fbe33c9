"""What `reconcile` compares: the same quantities counted from plays, from stints and from the box."""

import polars as pl

from nba_pipeline.league.events import THREE_POINT_MARK, EventType
from nba_pipeline.warehouse.possessions import offensive_rebound, turnover, with_context

FREE_THROW_SHARE, TEAM_REBOUND_FACTOR = 0.44, 1.07
"""Of the box estimate (Basketball-Reference): trips per free throw; offensive rebounds that are credited to no player."""

SIDES = (("home", "away"), ("away", "home"))


def player_counts(plays: pl.DataFrame) -> pl.DataFrame:
    """Totals per player from plays: pts, reb, ast, fg3m, each named `…_from_plays`."""
    scored = [pl.col(f"{side}_score") - pl.col(f"{side}_score").shift(1, fill_value=0).over("game_id") for side in ("home", "away")]
    plays = plays.sort("game_id", "play_index").with_columns(_points=scored[0] + scored[1])
    kind, one = pl.col("event_type"), pl.lit(1, pl.Int32)
    is_three = pl.col("description").str.contains(THREE_POINT_MARK, literal=True)
    credits = [
        ("pts", "player1_id", pl.col("_points") > 0, pl.col("_points")),
        ("reb", "player1_id", kind == EventType.REBOUND, one),
        ("ast", "player2_id", kind == EventType.MADE_SHOT, one),
        ("fg3m", "player1_id", (kind == EventType.MADE_SHOT) & is_three, one),
    ]
    parts = [
        plays.filter(where & pl.col(who).is_not_null()).select("game_id", player_id=who, **{f"{name}_from_plays": what})
        for name, who, where, what in credits
    ]
    return pl.concat(parts, how="diagonal_relaxed").group_by("game_id", "player_id").sum().sort("game_id", "player_id")


def on_court(stints: pl.DataFrame, box: pl.DataFrame) -> pl.DataFrame:
    """Box lines with `seconds` and `margin_on_court` of the stints; players of either alone count 0 in the other."""
    duration = pl.col("end_seconds") - pl.col("start_seconds")
    sides = [
        stints.select(
            "game_id", player_id=f"{side}_lineup", seconds=duration, margin_on_court=pl.col(f"{side}_points") - pl.col(f"{other}_points")
        ).drop_nulls("player_id")
        for side, other in SIDES
    ]
    on_court = pl.concat(sides).explode("player_id").group_by("game_id", "player_id").sum()
    both = box.join(on_court, on=["game_id", "player_id"], how="full", coalesce=True).sort("game_id", "player_id")
    return both.with_columns(pl.col("min", "plus_minus", "seconds", "margin_on_court").fill_null(0))


def counted_possessions(games: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    """Possessions of each team-game in the stints: game_id, seconds, team_id, possessions."""
    played = stints.group_by("game_id").agg(pl.col("home_possessions", "away_possessions").sum(), seconds=pl.col("end_seconds").max())
    played = played.join(games.select("game_id", "home_team_id", "away_team_id"), on="game_id", how="left")
    return pl.concat(played.select("game_id", "seconds", team_id=f"{s}_team_id", possessions=f"{s}_possessions") for s, _ in SIDES)


def formula_possessions(games: pl.DataFrame, plays: pl.DataFrame) -> pl.DataFrame:
    """FGA - ORB + TOV + .44 FTA of each team-game, counted from the plays: rebounds and turnovers of the team as such are in it.

    The box credits about three offensive rebounds and .6 turnovers a game to nobody, so that the same formula on box totals is two
    possessions too high.
    """
    teams = games.select("game_id", "home_team_id", "away_team_id")
    framed = with_context(plays.sort("game_id", "play_index").join(teams, on="game_id", how="left", maintain_order="left"))
    kind = pl.col("event_type")
    attempts = kind.is_in([EventType.MADE_SHOT, EventType.MISSED_SHOT])
    free_throws = FREE_THROW_SHARE * (kind == EventType.FREE_THROW).cast(pl.Float64)
    formula = attempts.cast(pl.Float64) - offensive_rebound() + turnover() + free_throws
    return framed.filter(pl.col("team_id").is_not_null()).group_by("game_id", "team_id").agg(formula=formula.fill_null(0).sum())


def estimated_possessions(box: pl.DataFrame) -> pl.DataFrame:
    """Possessions of each team-game from box totals: FGA + .44 FTA + TOV - 1.07 ORB% x missed shots."""
    teams = box.group_by("game_id", "team_id").agg(pl.col("fga", "fgm", "oreb", "dreb", "fta", "tov").sum())
    others = teams.select("game_id", other_id="team_id", other_dreb="dreb")
    pairs = teams.join(others, on="game_id").filter(pl.col("team_id") != pl.col("other_id"))
    rebounded = TEAM_REBOUND_FACTOR * pl.col("oreb") / (pl.col("oreb") + pl.col("other_dreb"))
    estimate = pl.col("fga") + FREE_THROW_SHARE * pl.col("fta") + pl.col("tov") - rebounded * (pl.col("fga") - pl.col("fgm"))
    return pairs.select("game_id", "team_id", estimate=estimate)
