"""Retrodiction: a season's team ratings from plus-minus known before its first game and the minutes that were then played."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.features.player_rapm import RapmSettings
from nba_pipeline.league.seasons import Season
from nba_pipeline_tests.plus_minus_evidence.tables import AS_THEY_ARE, Tables, of_season, snapshot_before


@dataclass(frozen=True)
class Retrodiction:
    """How well one season was told beforehand; points per 100 possessions.

    Attributes:
        season: the season that was forecast.
        teams: how many.
        rmse: root mean square error of plus-minus times minutes.
        last_year: the same for every team's rating of the season before.
        zero: the same for calling every team average, which is how far teams were apart.
        slope: of the outcome on the forecast; 1 is right, below 1 the forecast says too much.
        unseen: share of the minutes that was played by people without a snapshot.
    """

    season: Season
    teams: int
    rmse: float
    last_year: float
    zero: float
    slope: float
    unseen: float


def retrodict(tables: Tables, season: Season, before: Season, settings: RapmSettings = AS_THEY_ARE) -> Retrodiction:
    """Forecasts one season from all that `tables` hold of earlier ones.

    Args:
        tables: games, stints and box lines; both seasons need stints.
        season: the season to forecast.
        before: the season before it, for the comparison with last year's ratings.
        settings: of the regression; people without a snapshot count as its newcomers.
    """
    snapshot = snapshot_before(tables, season, settings)
    told = forecasts(snapshot.players, of_season(tables["player_game_stats"], season), 2 * settings.newcomer)
    last_year = team_ratings(tables, before).rename({"rating": "last_year"})
    both = told.join(team_ratings(tables, season), on="team_id").join(last_year, on="team_id", how="left").sort("team_id")
    rating, forecast = both["rating"].to_numpy(), both["forecast"].to_numpy()
    return Retrodiction(
        season=season,
        teams=both.height,
        rmse=_rms(rating - forecast),
        last_year=_rms(rating - both["last_year"].to_numpy()),
        zero=_rms(rating),
        slope=float(np.polyfit(forecast, rating, 1)[0]),
        unseen=float(both["unseen"].mean()),  # pyright: ignore[reportArgumentType]
    )


def forecasts(players: pl.DataFrame, lines: pl.DataFrame, unseen: float) -> pl.DataFrame:
    """Each team's Σ five shares of the minutes × plus-minus, about the mean of the league.

    Args:
        players: a snapshot, with `player_id` and `rapm`.
        lines: box lines of the season with `team_id`, `player_id` and `min`.
        unseen: plus-minus of people who are not in the snapshot.

    Returns:
        team_id, forecast, unseen (share of the minutes of people without a snapshot).
    """
    minutes = lines.group_by("team_id", "player_id").agg(pl.col("min").sum())
    share = minutes.with_columns(share=pl.col("min") / pl.col("min").sum().over("team_id")).sort("team_id", "player_id")
    known = share.join(players.select("player_id", "rapm"), on="player_id", how="left", maintain_order="left")
    teams = known.group_by("team_id", maintain_order=True).agg(
        forecast=(5 * pl.col("share") * pl.col("rapm").fill_null(unseen)).sum(),
        unseen=pl.col("share").filter(pl.col("rapm").is_null()).sum(),
    )
    return teams.with_columns(forecast=pl.col("forecast") - pl.col("forecast").mean())


def team_ratings(tables: Tables, season: Season) -> pl.DataFrame:
    """Points for minus points against, each per 100 possessions, from the stints of a season: team_id, rating."""
    sites = of_season(tables["games"], season).select("game_id", "home_team_id", "away_team_id")
    stints = tables["stints"].join(sites, on="game_id")
    sides = [
        stints.select(
            team_id=f"{own}_team_id", scored=f"{own}_points", allowed=f"{other}_points",
            attacks=f"{own}_possessions", defences=f"{other}_possessions",
        )
        for own, other in (("home", "away"), ("away", "home"))
    ]  # fmt: skip
    sums = pl.concat(sides).group_by("team_id").agg(pl.all().sum()).sort("team_id")
    return sums.select("team_id", rating=100 * (pl.col("scored") / pl.col("attacks") - pl.col("allowed") / pl.col("defences")))


def _rms(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(errors**2)))
