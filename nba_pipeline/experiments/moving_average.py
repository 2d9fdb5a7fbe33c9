"""The baseline: a player's exponentially weighted mean of points. Its file says which, and nothing else."""

import json

from nba_pipeline.experiments.points_model import ModelRefusedError, PointsModel
from nba_pipeline.features.scoring.lines import HALF_LIVES

KIND = "ewma"


def ewma_file(half_life_games: int) -> bytes:
    """The model file of a half-life in games, one of `HALF_LIVES`."""
    return json.dumps({"kind": KIND, "half_life_games": half_life_games}).encode() + b"\n"


def load_ewma(content: bytes, model_format: str) -> PointsModel:
    """The baseline of a `.json` file that `ewma_file` wrote."""
    try:
        described = json.loads(content)
    except ValueError:
        described = None
    if not isinstance(described, dict) or described.get("kind") != KIND or described.get("half_life_games") not in HALF_LIVES:
        raise ModelRefusedError(f'the file is not a moving average: {{"kind": "{KIND}", "half_life_games": one of {HALF_LIVES}}}')
    return PointsModel((f"points_ewm_{described['half_life_games']}",), lambda matrix: matrix[:, 0])
