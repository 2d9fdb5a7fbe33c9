from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.league.court import CORNER_THREE_LIMIT_FEET, THREE_POINT_ARC_FEET, THREE_POINT_CORNER_FEET
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.shots import build_shots


def attempt(period: int, minutes: int, seconds: int, player: int, kind: str = "2PT Field Goal", made: int = 0) -> dict:
    return {
        "GAME_ID": "0022200004", "PLAYER_ID": player, "TEAM_ID": 1610612764, "PERIOD": period, "MINUTES_REMAINING": minutes,
        "SECONDS_REMAINING": seconds, "SHOT_TYPE": kind, "LOC_X": -234, "LOC_Y": 77, "SHOT_MADE_FLAG": made,
    }  # fmt: skip


def test_clock_order_feet_and_flags() -> None:
    raw = pl.DataFrame([attempt(2, 3, 0, 1), attempt(1, 0, 5, 2), attempt(1, 11, 20, 3, "3PT Field Goal", 1), attempt(1, 0, 5, 1)])
    shots = build_shots(raw, "2022-23")
    assert shots["player_id"].to_list() == [3, 2, 1, 1]
    assert shots["shot_index"].to_list() == [0, 1, 2, 3]
    first = shots.row(0, named=True)
    assert (first["clock_seconds"], first["x_feet"], first["y_feet"]) == pytest.approx((680, -23.4, 7.7))
    assert first["three"] and first["made"] and not shots["made"][1]
    assert build_shots(raw.clear(), "2022-23").schema == shots.schema


@pytest.fixture(scope="module")
def real_shots(archive_dir: Path) -> pl.DataFrame:
    return build_shots(RawArchive(archive_dir).shots("2022-23"), "2022-23")


def test_real_attempts_match_the_box(archive_dir: Path, real_shots: pl.DataFrame) -> None:
    log = RawArchive(archive_dir).player_log("2022-23")
    box = log.select(game_id="GAME_ID", player_id="PLAYER_ID", fga=pl.col("FGA").cast(pl.UInt32))
    tried = real_shots.group_by("game_id", "player_id").len().join(box, on=["game_id", "player_id"], how="right")
    assert (tried["len"].fill_null(0) == tried["fga"]).mean() > 0.996


def test_real_spots_lie_on_the_side_of_the_line_that_the_scorer_says(real_shots: pl.DataFrame) -> None:
    x, y = pl.col("x_feet").abs(), pl.col("y_feet")
    corner = (y < CORNER_THREE_LIMIT_FEET) & (x >= THREE_POINT_CORNER_FEET)
    behind = corner | ((x**2 + y**2).sqrt() >= THREE_POINT_ARC_FEET)
    assert real_shots.head(5000).select((behind == pl.col("three")).mean()).item() > 0.98


def test_every_real_season_is_on_the_same_scale(archive_dir: Path) -> None:
    """2019-20 and 2020-21 come in whole feet from the baseline, x mirrored; left corner threes show all three facts."""
    archive = RawArchive(archive_dir)
    for season in ("2017-18", "2019-20", "2020-21", "2022-23"):
        raw = archive.shots(season)
        shots = build_shots(raw, season)
        distance = (shots["x_feet"] ** 2 + shots["y_feet"] ** 2).sqrt()
        threes = distance.filter(shots["three"])
        assert 24 < threes.median() < 27 and distance.filter(~shots["three"]).median() < 10  # pyright: ignore[reportOptionalOperand]
        corner = shots.filter("three", pl.col("y_feet") < 5)
        assert (corner["x_feet"].abs() > 20).mean() > 0.95  # pyright: ignore[reportOptionalOperand]
