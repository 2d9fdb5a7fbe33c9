"""A handful of invented games as arrays, for tests of samples, batches and training that need no tables."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.load_games import games_from_frames


def invented_games(games: int = 12, plays: int = 120, seed: int = 3, without_plays: tuple[int, ...] = (2,)) -> GameArrays:
    """Games with a strength difference in the first context number, a random walk of a score, and four quarters.

    The game at each position of `without_plays` has only its pre-game graph.
    """
    rng = np.random.default_rng(seed)
    rows, graphs = [], []
    for game in range(games):
        strength = rng.normal()
        played = game not in without_plays
        events = _events(rng, plays, strength) if played else {}
        margin = int(events["score_diff"][-1]) if played else int(rng.integers(1, 20))
        rows.append(
            {
                "game_id": f"00218{game:05d}", "season": "2018-19", "game_date": date(2018, 10, 16) + timedelta(days=game // 2),
                "home_win": margin > 0, "margin": margin, "total": 200 + margin, "score_sd": 10.0 if played else None,
                "rating_total": 210.0,
                **dict(zip(CONTEXT_FEATURES, [strength, *rng.normal(size=31)], strict=True)), **events,
            }
        )  # fmt: skip
        graphs += _graphs(rng, rows[-1]["game_id"], plays if played else 0)
    lists = {"on_court": pl.List(pl.Int32), "actors": pl.List(pl.Int32), "tokens": pl.List(pl.Int8), "play_index": pl.List(pl.Int16)}
    wide = {"players": pl.Array(pl.Int64, 10), "node_mask": pl.Array(pl.Boolean, 10), "x": pl.Array(pl.Float32, 160)}
    return games_from_frames(
        pl.DataFrame(rows, schema_overrides=lists, infer_schema_length=None),
        pl.DataFrame(graphs, schema_overrides=wide, infer_schema_length=None),
    )


def _events(rng: np.random.Generator, plays: int, strength: float) -> dict[str, object]:
    steps = rng.normal(strength / 4, 2, plays).round().astype(int)
    diff = np.cumsum(steps)
    diff[-1] += diff[-1] == 0
    tokens = rng.integers(1, 9, plays)
    ends = slice(plays // 4 - 1, None, plays // 4)
    tokens[ends] = 13
    elapsed = np.linspace(0, 2880, plays).astype(np.float32)
    elapsed[ends][:4] = 720 * np.arange(1, 5)
    return {
        "events_count": plays, "play_index": list(range(plays)), "tokens": tokens.tolist(),
        "elapsed": elapsed.tolist(), "score_diff": diff.tolist(),
        "points": np.cumsum(np.abs(steps)).tolist(), "on_court": np.tile(np.arange(1, 11), plays).tolist(),
        "actors": rng.integers(0, 11, 3 * plays).tolist(),
    }  # fmt: skip


STINT = {"home_points": 5, "away_points": 3, "home_possessions": 6.0, "away_possessions": 6.0, "seconds": 90.0}


def _graphs(rng: np.random.Generator, game_id: str, plays: int) -> list[dict[str, object]]:
    starts = [0, *range(0, plays, 30)]
    return [
        {
            "game_id": game_id, "graph_index": index, "start_play_index": start, "players": list(range(1, 11)),
            "node_mask": [True] * 9 + [index % 2 == 0], "x": rng.normal(size=160).astype(np.float32).tolist(),
**(STINT if index else {}),
        }
        for index, start in enumerate(starts)
    ]  # fmt: skip
