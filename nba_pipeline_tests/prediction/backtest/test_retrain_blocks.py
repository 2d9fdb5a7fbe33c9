from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from nba_pipeline.prediction.backtest.retrain_blocks import RETRAINS, Retrain, retrain_blocks


def schedule() -> pl.DataFrame:
    days = [("2020-21", date(2021, 5, 10) + timedelta(days=i)) for i in range(7)]
    days += [("2021-22", date(2021, 10, 19) + timedelta(days=2 * i)) for i in range(20)]
    return pl.DataFrame(days, schema=["season", "game_date"], orient="row").sample(fraction=1, shuffle=True, seed=0)


@pytest.mark.parametrize("retrain", RETRAINS)
def test_every_date_is_in_exactly_one_block(retrain: Retrain):
    games, blocks = schedule(), retrain_blocks(schedule(), retrain)
    for day, season in games.select("game_date", "season").iter_rows():
        assert [block.season for block in blocks if block.first <= day <= block.last] == [season]
    assert all(one.last < other.first for one, other in pairwise(blocks))


def test_blocks_end_with_the_month_and_with_sunday():
    monthly, weekly = (retrain_blocks(schedule(), name) for name in ("monthly", "weekly"))
    assert [(block.first, block.last) for block in monthly[1:3]] == [
        (date(2021, 10, 19), date(2021, 10, 31)), (date(2021, 11, 2), date(2021, 11, 26)),
    ]  # fmt: skip
    assert all(block.first.isocalendar()[:2] == block.last.isocalendar()[:2] for block in weekly)
    assert len(retrain_blocks(schedule(), "season")) == 2
