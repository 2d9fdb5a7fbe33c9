"""What came of a backtest, on disk, so that it can be shown again without being computed again."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from nba_pipeline.models.artifacts import read_json, write_json
from nba_pipeline.windows.backtest import Backtest
from nba_pipeline.windows.scores import Score


def write_backtest(root: Path, seasons: str, found: Backtest) -> Path:
    """Writes a backtest under the seasons that it was asked for, as `NBA_SEASONS` writes them.

    Raises:
        ArtifactError: the disk is full.
    """
    write_json(_path(root, seasons), {"seasons": seasons, **asdict(found)})
    return _path(root, seasons)


def read_backtest(root: Path, seasons: str) -> Backtest:
    """The backtest of some seasons.

    Raises:
        ArtifactError: there is none.
    """
    said: dict[str, Any] = read_json(_path(root, seasons))
    scores = {name: [Score(**one) for one in said[name]] for name in ("against_average", "against_full")}
    return Backtest(**scores, by_season=said["by_season"], weights=said["weights"], fallback=said["fallback"])


def _path(root: Path, seasons: str) -> Path:
    return root / "backtests" / f"{seasons.replace(':', '_').replace(',', '+')}.json"
