"""Projected playing time: who plays tonight, and for how long, from earlier games only.

Gradient-boosted models are trained on earlier seasons and refit for each: one of the chance that a candidate plays, and two, which are
averaged, of the minutes if they do. Their product is scaled to 240 a team. Who is a candidate is in `playing_time/candidates.py`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.playing_time.candidates import FEATURES, KEY, candidates
from nba_pipeline.league.seasons import Season

TEAM_MINUTES, MOST_MINUTES = 240.0, 42.0
TRAINING_SEASONS, CHANCE_SEASONS = 8, 5
"""Minutes are learned from more seasons than the chance to play: who sits out and why changes faster than how long one plays."""

LEAST_TRAINING_ROWS = 1000
UNSURE = 0.03
"""Without a model, nobody is surer than this to play or to sit."""

COMMON: dict[str, Any] = {
    "num_leaves": 31, "min_child_samples": 200, "subsample": 0.7, "subsample_freq": 1, "colsample_bytree": 0.5, "reg_lambda": 5.0,
    "max_bin": 63, "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 7, "verbosity": -1,
}  # fmt: skip
CHANCE = COMMON | {"objective": "binary", "learning_rate": 0.11, "n_estimators": 90}
MINUTES_SEEDS = (7, 8)
"""Draws of rows and columns; the minutes are the average of a model of each."""

MINUTES = [COMMON | {"objective": "l1", "learning_rate": 0.065, "n_estimators": 150, "seed": seed} for seed in MINUTES_SEEDS]


def build(history: History, seasons: Sequence[Season]) -> pl.DataFrame:
    """Projected rotation of every team game of `seasons`.

    Returns:
        `KEY`, `p_play` (chance to appear), `minutes_if_playing` and `expected_minutes`, which sum to 240 a team. A season
        without an earlier one uses averages of earlier games in place of the models.
    """
    known = sorted({*history.table("games")["season"].unique(), *seasons})
    places = [known.index(season) for season in seasons]
    needed = sorted({past for place in places for past in known[max(0, place - TRAINING_SEASONS) : place + 1]})
    rows = _with_targets(history, candidates(history, needed))
    return pl.concat([_project_season(rows, season) for season in sorted(seasons)])


def _with_targets(history: History, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds what happened, for training: `played_minutes`, null for those who did not appear; a line that comes twice adds no candidate."""
    who = ["game_id", "team_id", "player_id"]
    log = history.table("player_game_stats").select(*who, played_minutes=pl.col("min").cast(pl.Float64).fill_null(0.0))
    return rows.join(log.unique(who, keep="first", maintain_order=True), on=who, how="left", maintain_order="left")


def _project_season(rows: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Fits on the seasons before and projects this one."""
    past = sorted(label for label in rows["season"].unique() if label < season)[-TRAINING_SEASONS:]
    train, target = rows.filter(pl.col("season").is_in(past)), rows.filter(pl.col("season") == season)
    fits = target.height and train.height >= LEAST_TRAINING_ROWS
    p_play, minutes = _boosted(train, target) if fits else _averages(target)
    projected = target.select(KEY).with_columns(p_play=p_play, minutes_if_playing=minutes)
    return projected.with_columns(expected_minutes=scale_to_team(projected, p_play * minutes))


def _averages(target: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Share of the last ten team games and average minutes, without any model."""
    return target["played_10"].to_numpy().clip(UNSURE, 1 - UNSURE), target["minutes_ewm_5"].to_numpy()


def _boosted(train: pl.DataFrame, target: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Chance to play and minutes if playing, each from models of its own."""
    import lightgbm

    x, x_target = _matrix(train), _matrix(target)
    minutes, season = train["played_minutes"].to_numpy(), train["season"].to_numpy()
    plays, recent = ~np.isnan(minutes), season >= sorted(set(season))[-CHANCE_SEASONS:][0]
    chance = lightgbm.LGBMRegressor(**CHANCE).fit(x[recent], plays[recent])
    lengths = [lightgbm.LGBMRegressor(**constants).fit(x[plays], minutes[plays]) for constants in MINUTES]
    length = np.mean([np.asarray(model.predict(x_target)) for model in lengths], axis=0)
    return np.asarray(chance.predict(x_target)), np.clip(length, 1.0, MOST_MINUTES)


def _matrix(rows: pl.DataFrame) -> np.ndarray:
    return rows.select(pl.col(FEATURES).cast(pl.Float32)).to_numpy()


def scale_to_team(rows: pl.DataFrame, minutes: np.ndarray) -> np.ndarray:
    """Scales minutes to 240 per `(game_id, team_id)`, nobody above 42 unless five cannot fill the game otherwise."""
    team = rows.select(pl.struct("game_id", "team_id").rank("dense")).to_series().to_numpy() - 1
    size = np.bincount(team)
    most = np.maximum(MOST_MINUTES, TEAM_MINUTES / size)[team]
    positive = np.maximum(minutes, 1e-3)
    scaled = np.minimum(positive * (TEAM_MINUTES / np.bincount(team, weights=positive))[team], most)
    for _ in range(20):
        full = scaled >= most
        fixed, free = (np.bincount(team, weights=np.where(mask, scaled, 0.0), minlength=size.size) for mask in (full, ~full))
        factor = (TEAM_MINUTES - fixed) / np.where(free > 0, free, 1.0)
        scaled = np.minimum(np.where(full, most, scaled * factor[team]), most)
    return scaled


FEATURE = Feature(
    name="rotation",
    build=build,
    inputs=("games", "player_game_stats"),
    key=("game_id", "team_id", "player_id"),
    about="Projected chance to play and minutes of each candidate, scaled to 240 a team",
)
