"""Two invented seasons of six clubs as warehouse tables: results and box lines, without plays."""

from datetime import date, timedelta

import numpy as np
import polars as pl

CLUBS = (1610612737, 1610612738, 1610612744, 1610612747, 1610612748, 1610612761)
DATES_PER_SEASON = 24


def invented_frames(seed: int = 3) -> dict[str, pl.DataFrame]:
    """`games` and `player_game_stats`: every club plays on most dates, 140 games, some back-to-back."""
    rng = np.random.default_rng(seed)
    nights = [(season, night) for season in (2020, 2021) for night in range(DATES_PER_SEASON)]
    games = [row for season, night in nights for row in _night(rng, season, night)]
    frame = pl.DataFrame(games).with_columns(pl.col("home_points", "away_points", "overtimes").cast(pl.Int32))
    return {"games": frame.with_columns(_results()), "player_game_stats": _lines(rng, games)}


def _night(rng: np.random.Generator, season: int, night: int) -> list[dict]:
    day = date(season, 10, 20) + timedelta(days=night + night // 2)
    clubs = rng.permutation(CLUBS)
    label = f"{season}-{season % 100 + 1}"
    return [
        {
            "game_id": f"00{season % 100}{night:03d}{pair:03d}", "season": label, "game_date": day,
            "home_team_id": int(clubs[2 * pair]), "away_team_id": int(clubs[2 * pair + 1]),
            "home_points": 2 * int(rng.integers(45, 60)), "away_points": 2 * int(rng.integers(45, 60)) - 1,
            "overtimes": 0, "neutral_site": False, "has_plays": False,
        }
        for pair in range(3)
    ]  # fmt: skip


def _results() -> list[pl.Expr]:
    home, away = pl.col("home_points"), pl.col("away_points")
    return [(home > away).alias("home_win"), (home - away).alias("margin"), (home + away).alias("total")]


def _lines(rng: np.random.Generator, games: list[dict]) -> pl.DataFrame:
    lines = [
        {
            "game_id": game["game_id"], "season": game["season"], "game_date": game["game_date"], "team_id": game[f"{side}_team_id"],
            "player_id": 10 * (game[f"{side}_team_id"] % 100) + seat, "min": 48, **_line(rng, game[f"{side}_points"], seat),
        }
        for game in games
        for side in ("home", "away")
        for seat in range(5)
    ]  # fmt: skip
    return pl.DataFrame(lines)


def _line(rng: np.random.Generator, team_points: int, seat: int) -> dict:
    points = team_points - 4 * (team_points // 5) if seat == 0 else team_points // 5
    counts = {"fgm": 6, "fga": 16, "fg3m": 2, "ftm": 3, "fta": 4, "oreb": 2, "dreb": 7, "tov": 3}
    return {"pts": points} | {name: usual + int(rng.integers(0, 3)) for name, usual in counts.items()}
