"""Three invented seasons of six clubs of nine players whose worth is known: box lines always, stints in the last two."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from nba_pipeline.features.player_ratings.facts import LINE_COLUMNS

CLUBS, ROSTER, NIGHTS, STINTS = 6, 9, 30, 8
SEASONS = ("2019-20", "2020-21", "2021-22")
ROLES = np.array([36, 34, 32, 30, 28, 24, 22, 18, 16])
HOME_EDGE = 3.0
NO_REPORTS = pl.DataFrame(
    schema={
        "game_id": pl.String,
        "season": pl.String,
        "game_date": pl.Date,
        "team_id": pl.Int64,
        "player_id": pl.Int64,
        "status": pl.String,
    }
)
"""A table `availability` of a league that kept no reports."""

COUNTS = {
    "fga": 0.35, "fg3a": 0.12, "fg3m": 0.04, "fta": 0.08, "ftm": 0.06, "oreb": 0.04, "dreb": 0.12, "ast": 0.1,
    "stl": 0.03, "blk": 0.02, "tov": 0.06, "pf": 0.08,
}  # fmt: skip
"""Box counts per minute."""


def worth() -> np.ndarray:
    """Points per 48 minutes that each player is worth, (clubs * roster,)."""
    rng = np.random.default_rng(11)
    values = rng.normal(0, 3, (CLUBS, ROSTER)) + np.linspace(-2, 2, CLUBS)[:, None]
    return (values - values.mean()).ravel()


def invented_rosters(seed: int = 1) -> dict[str, pl.DataFrame]:
    """`games`, `player_game_stats`, `stints`, an empty `availability`; absences come in streaks, points follow the worth."""
    rng = np.random.default_rng(seed)
    out = np.zeros(CLUBS * ROSTER, dtype=bool)
    games, lines, stints = [], [], []
    for year, season in enumerate(SEASONS):
        for night in range(NIGHTS):
            out = np.where(out, rng.random(out.size) < 0.7, rng.random(out.size) < 0.08)
            clubs = rng.permutation(CLUBS)
            for pair in range(CLUBS // 2):
                game = {
                    "game_id": f"9{year:02d}{night:04d}{pair:03d}", "season": season,
                    "game_date": date(2019 + year, 11, 1) + timedelta(night + night // 2),
                    "home_team_id": int(clubs[2 * pair]), "away_team_id": int(clubs[2 * pair + 1]),
                }  # fmt: skip
                minutes = {side: _minutes(rng, out, game[f"{side}_team_id"]) for side in ("home", "away")}
                played = _stints(rng, game, minutes)
                games.append(game | {f"{side}_points": sum(stint[f"{side}_points"] for stint in played) for side in ("home", "away")})
                lines += _lines(rng, game, minutes, played)
                stints += played if year else []
    return {"games": _games(games), "player_game_stats": pl.DataFrame(lines), "stints": _typed_stints(stints), "availability": NO_REPORTS}


def _minutes(rng: np.random.Generator, out: np.ndarray, club: int) -> dict[int, int]:
    """Whole minutes by player; five at least, 240 or a few more or less in all."""
    players = np.arange(club * ROSTER, (club + 1) * ROSTER)
    here = ~out[players]
    here[:5] |= here.sum() < 6
    raw = np.where(here, np.maximum(ROLES + rng.normal(0, 4, ROSTER), 4), 0)
    return {
        int(player): int(share) for player, share in zip(players, np.round(np.minimum(raw * 240 / raw.sum(), 46)), strict=True) if share
    }


def _stints(rng: np.random.Generator, game: dict, minutes: dict[str, dict[int, int]]) -> list[dict]:
    rows, value = [], worth()
    for index in range(STINTS):
        five = {
            side: sorted(rng.choice(list(m), 5, replace=False, p=np.array(list(m.values())) / sum(m.values())).tolist())
            for side, m in minutes.items()
        }
        margin = (value[five["home"]].sum() - value[five["away"]].sum() + HOME_EDGE) / STINTS + rng.normal(0, 2)
        points = {"home": round(14 + margin / 2 + rng.normal(0, 1)), "away": round(14 - margin / 2 + rng.normal(0, 1))}
        rows.append(
            {"game_id": game["game_id"], "stint_index": index, "start_seconds": 360 * index, "end_seconds": 360 * index + 360}
            | {f"{side}_lineup": five[side] for side in five}
            | {f"{side}_points": max(points[side], 0) for side in points}
            | {f"{side}_{shot}": count for side in five for shot, count in (("fg3a", 4), ("fg3m", 1), ("fta", 3), ("ftm", 2))}
        )
    return rows


def _lines(rng: np.random.Generator, game: dict, minutes: dict[str, dict[int, int]], stints: list[dict]) -> list[dict]:
    value, rows = worth(), []
    margin = sum(stint["home_points"] - stint["away_points"] for stint in stints)
    for side, sign in (("home", 1), ("away", -1)):
        for player, length in minutes[side].items():
            counts = {name: int(rng.poisson(rate * length)) for name, rate in COUNTS.items()}
            own = (
                sum(sign * (s["home_points"] - s["away_points"]) for s in stints if player in s[f"{side}_lineup"])
                if length > 10
                else sign * margin / 5
            )
            line = {
                "min": length,
                "plus_minus": float(own),
                "pts": int(rng.poisson(max(0.45 + 0.04 * value[player], 0.05) * length)),
                **counts,
            }
            known = {"game_id": game["game_id"], "season": game["season"], "game_date": game["game_date"]}
            rows.append(known | {"team_id": game[f"{side}_team_id"], "player_id": player} | {name: line[name] for name in LINE_COLUMNS})
    return rows


def _games(games: list[dict]) -> pl.DataFrame:
    home, away = pl.col("home_points"), pl.col("away_points")
    return pl.DataFrame(games).with_columns(
        home_win=home > away, margin=home - away, total=home + away, overtimes=pl.lit(0), neutral_site=pl.lit(False), has_plays=pl.lit(True)
    )


def _typed_stints(stints: list[dict]) -> pl.DataFrame:
    five = pl.Array(pl.Int64, 5)
    return pl.DataFrame(stints).cast({"home_lineup": five, "away_lineup": five})
