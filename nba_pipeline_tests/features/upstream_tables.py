"""Invented tables of the player features that the context reads."""

import numpy as np
import polars as pl

from nba_pipeline.features.player_rating import PARTS


def player_tables(games: pl.DataFrame, seed: int = 5) -> dict[str, pl.DataFrame]:
    """`rotation`, `player_rapm`, `lineup_spacing` and `player_rating` for every game, eight players a club."""
    rng = np.random.default_rng(seed)
    sides = [games.select("game_id", "season", "game_date", team_id=f"{side}_team_id") for side in ("home", "away")]
    teams = pl.concat(sides).sort("game_date", "game_id", "team_id")
    rotation = teams.join(pl.DataFrame({"seat": range(8)}), how="cross").with_columns(
        player_id=10 * (pl.col("team_id") % 100) + pl.col("seat")
    )
    snapshots = rotation.select("game_date", "player_id").unique(maintain_order=True)
    offence, defence = rng.normal(0, 2, snapshots.height), rng.normal(0, 2, snapshots.height)
    return {
        "rotation": rotation.with_columns(expected_minutes=pl.Series(rng.uniform(5, 40, rotation.height))).drop("seat"),
        "player_rapm": snapshots.with_columns(orapm=offence, drapm=defence, rapm=offence + defence),
        "lineup_spacing": teams.with_columns(hull_area=pl.Series(rng.uniform(600, 900, teams.height))),
        "player_rating": games.select("game_id").with_columns(
            rating_margin=rng.normal(2, 6, games.height),
            **{part: pl.Series(rng.normal(0, 3, games.height)) for part in PARTS},
            p_home_win=rng.uniform(0.2, 0.8, games.height),
            total=rng.normal(220, 6, games.height),
        ),
    }
