"""A block of the tiny league: trained on earlier dates only, forecast, kept on disk, reported."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.models.forecasts.serving import Serving
from nba_pipeline.models.samples.training_data import TABLES, NothingToTrainOnError
from nba_pipeline.models.training.config import TrainingConfig
from nba_pipeline.models.training.fitting import How
from nba_pipeline.prediction.backtest.blocks import BacktestError, missing_blocks, read_report, recipe, write_block
from nba_pipeline.prediction.backtest.report import backtest_report
from nba_pipeline.prediction.backtest.retrain_blocks import Block, blocks_on_disk
from nba_pipeline.prediction.backtest.text import as_markdown, sections
from nba_pipeline.prediction.backtest.walk_forward import forecast_block
from nba_pipeline.warehouse.store import Warehouse

SEASON, BACK = "2021-22", 4
HOW = How(TrainingConfig(epochs=0, batch_size=32), device="cpu")


@pytest.fixture(scope="module")
def block(tiny_features: Warehouse) -> Block:
    return blocks_on_disk(tiny_features, [SEASON], "monthly")[1]


@pytest.fixture(scope="module")
def rows(tiny_features: Warehouse, block: Block) -> pl.DataFrame:
    return forecast_block(tiny_features, block, HOW, BACK)


@pytest.fixture
def apart(tiny_features: Warehouse, tmp_path: Path) -> Warehouse:
    """The same tables in a folder that may be written to."""
    (tmp_path / "warehouse").mkdir()
    for folder in (tiny_features.root / "warehouse").iterdir():
        (tmp_path / "warehouse" / folder.name).symlink_to(folder)
    return Warehouse(tmp_path, tiny_features.source)


def copied(warehouse: Warehouse, table: str) -> None:
    """The files of one table, which may then be changed."""
    folder = warehouse.path(table).parent
    there = folder.resolve()
    folder.unlink()
    shutil.copytree(there, folder)


class Later(Warehouse):
    """The same tables, in which every game from a block's last date on ended otherwise."""

    block: Block

    def read(self, table, parts=None, columns=None):
        frame = super().read(table, parts, columns)
        if table != "games" or "margin" not in frame.columns:
            return frame
        after = pl.col("game_date") >= self.block.first
        frame = frame.with_columns(pl.when(after).then(-pl.col("margin")).otherwise("margin").alias("margin"))
        return frame.with_columns(home_win=pl.col("margin") > 0)


def test_a_block_knows_nothing_from_its_first_date_on(tiny_features: Warehouse, block: Block, rows: pl.DataFrame):
    assert rows["trained_through"][0] < block.first
    assert rows["game_date"].min() == block.first and rows["game_date"].max() == block.last
    said = [name for name in rows.columns if name.startswith(("p_home_win", "margin", "total"))]
    changed = type("Changed", (Later,), {"block": block})(tiny_features.root, tiny_features.source)
    again = forecast_block(changed, block, HOW, BACK)
    assert again.select(said).equals(rows.select(said)) and not again["home_win"].equals(rows["home_win"])


def test_the_numbers_of_a_minute_are_the_nets_whatever_is_served(tiny_features: Warehouse, block: Block, monkeypatch: pytest.MonkeyPatch):
    choose = Serving.choose
    monkeypatch.setattr(Serving, "choose", lambda held_out: replace(choose(held_out), pregame="elo"))
    rows = forecast_block(tiny_features, block, HOW, BACK)
    minutes = pl.col("minute").is_not_null()
    assert rows.filter(minutes)["forecast"].unique().to_list() == ["net"] and rows.filter(minutes)["play_index"].min() == 0
    served = rows.filter(~minutes, pl.col("play_index") == 0)
    assert served["forecast"].unique().to_list() == ["elo"] and served["p_home_win"].equals(served["p_home_win_elo"], check_names=False)


def test_the_first_season_with_plays_is_refused_in_words(apart: Warehouse):
    first = apart.seasons("games")[0]
    copied(apart, "sequences")
    apart.write("sequences", apart.read("sequences", [first]).clear(), first)
    block = blocks_on_disk(apart, ["2020-21"], "season")[0]
    with pytest.raises(NothingToTrainOnError, match="no game with plays to train on before those of"):
        forecast_block(apart, block, HOW, BACK)


def test_blocks_go_to_disk_once_and_the_report_wants_all_of_them(apart: Warehouse, block: Block):
    blocks = blocks_on_disk(apart, [SEASON], "monthly")
    assert missing_blocks(apart, [SEASON], "monthly", HOW.config, BACK) == blocks
    write_block(apart, "monthly", block.first, HOW, BACK)
    assert missing_blocks(apart, [SEASON], "monthly", HOW.config, BACK) == [one for one in blocks if one != block]
    with pytest.raises(BacktestError, match=r"blocks are not forecast yet, the first is .*nba backtest"):
        read_report(apart, [SEASON], "monthly")
    for one in blocks:
        if one != block:
            write_block(apart, "monthly", one.first, HOW, BACK)
    report = read_report(apart, [SEASON], "monthly")
    assert report.by_season.filter(pl.col("metric") == "log_loss")["games"].unique().to_list() == [apart.read("games", [SEASON]).height]


def test_other_numbers_make_other_blocks(apart: Warehouse, block: Block):
    write_block(apart, "monthly", block.first, HOW, BACK)
    assert block in missing_blocks(apart, [SEASON], "monthly", TrainingConfig(epochs=0, batch_size=32, seed=8), BACK)
    assert block in missing_blocks(apart, [SEASON], "monthly", HOW.config, BACK - 2)


@pytest.mark.parametrize("table", TABLES)
def test_other_rows_of_any_table_that_is_read_make_other_blocks(apart: Warehouse, block: Block, table: str):
    made = recipe(apart, SEASON, HOW.config, BACK)
    copied(apart, table)
    assert recipe(apart, SEASON, HOW.config, BACK) == made
    apart.write(table, apart.read(table, [SEASON]).head(-1), SEASON)
    assert recipe(apart, SEASON, HOW.config, BACK) != made


@pytest.mark.parametrize("table", ["context_features", "sequences"])
def test_missing_features_are_named_before_anything_is_trained(apart: Warehouse, block: Block, table: str):
    copied(apart, table)
    apart.path(table, SEASON).unlink()
    with pytest.raises(NothingToTrainOnError, match=rf"the first is {table} {SEASON}: materialise the features"):
        missing_blocks(apart, [SEASON], "monthly", HOW.config, BACK)
    with pytest.raises(NothingToTrainOnError, match=rf"the first is {table} {SEASON}: materialise the features"):
        write_block(apart, "monthly", block.first, HOW, BACK)


def test_wrong_questions_are_refused(apart: Warehouse, block: Block):
    with pytest.raises(BacktestError, match="no way to retrain"):
        read_report(apart, [SEASON], "hourly")
    with pytest.raises(BacktestError, match="no season block starts on"):
        write_block(apart, "season", block.first, HOW, BACK)
    with pytest.raises(BacktestError, match="2007-08"):
        missing_blocks(apart, ["2007-08"], "season", HOW.config, BACK)


def test_the_report_puts_everything_next_to_everything(rows: pl.DataFrame, tiny_features: Warehouse):
    report = backtest_report(rows, tiny_features.read("betting_lines", [SEASON]))
    assert {"net", "fusion", "elo", "rating", "ridge", "boosting", "home_rate"} == set(report.by_season["forecast"])
    assert "closing_line" in set(report.market["forecast"]) and report.betting["games"][0] > 0
    assert report.reliability["games"].sum() == rows.filter(pl.col("instant") == "pregame").height
    text = as_markdown(sections(report))
    assert "## Before tip-off, all games" in text and "| served |" in text and "no advice" in text
