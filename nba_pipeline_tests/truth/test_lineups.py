"""The lineups that the tables have are those that were on court, in every play of every game."""

import numpy as np
import polars as pl

from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.play_rows import event_numbers
from nba_pipeline.sources.simulator.season import SimulatedSeason

BETWEEN_PERIODS = (EventType.PERIOD_START, EventType.PERIOD_END)


def on_court(season: SimulatedSeason) -> pl.DataFrame:
    """Who was really on court after each event."""
    events = season.events
    ids = season.league.people.player_id[events.court]
    return pl.DataFrame(
        {
            "game_id": pl.Series(season.game_ids)[events.game],
            "event_num": event_numbers(season),
            "home": np.sort(ids[:, :5], axis=1).tolist(),
            "away": np.sort(ids[:, 5:], axis=1).tolist(),
        }
    ).with_columns(pl.col("event_num").cast(pl.Int32))


def test_every_lineup_is_found_exactly(simulated_seasons: list[SimulatedSeason], simulated_tables: list[dict[str, pl.DataFrame]]) -> None:
    for season, built in zip(simulated_seasons, simulated_tables, strict=True):
        plays = built["plays"].filter(~pl.col("event_type").is_in(BETWEEN_PERIODS))
        compared = plays.join(on_court(season), on=["game_id", "event_num"], how="left")
        assert compared.height == plays.height > 500_000
        for side in ("home", "away"):
            wrong = compared.filter(pl.col(f"{side}_lineup").ne_missing(pl.col(side)))
            assert wrong.is_empty(), wrong.select("game_id", "period", "event_num", f"{side}_lineup", side)


def test_minutes_and_plus_minus_follow_from_the_stints(simulated_tables: list[dict[str, pl.DataFrame]]) -> None:
    for built in simulated_tables:
        stints, box = built["stints"], built["player_game_stats"]
        sides = [
            stints.select(
                "game_id",
                player_id=f"{side}_lineup",
                seconds=pl.col("end_seconds") - pl.col("start_seconds"),
                plus_minus=pl.col(f"{side}_points") - pl.col(f"{other}_points"),
            )
            for side, other in (("home", "away"), ("away", "home"))
        ]
        counted = pl.concat(sides).explode("player_id").group_by("game_id", "player_id").sum()
        both = box.join(counted, on=["game_id", "player_id"], suffix="_counted", how="left").fill_null(0)
        assert ((both["seconds"] / 60 - both["min"]).abs() <= 0.51).all()
        assert (both["plus_minus"] == both["plus_minus_counted"]).mean() > 0.999
