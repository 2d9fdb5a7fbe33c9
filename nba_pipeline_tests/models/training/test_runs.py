"""From feature tables to a candidate and a version, on the invented league; and on 100 real games where there is an archive."""

import math
import shutil
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.evaluation.criteria import CRITERIA
from nba_pipeline.models.artifacts import ArtifactError
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.splits import SPLITS, SplitOf
from nba_pipeline.models.samples.training_data import TABLES, NothingToTrainOnError, TrainingData
from nba_pipeline.models.training.config import TrainingConfig
from nba_pipeline.models.training.runs import train_fusion, train_gnn, train_transformer
from nba_pipeline.models.training.trained import Trained, pretrained_path
from nba_pipeline.models.versions.candidates import PREDICTIONS, candidate_scores, promote, read_candidate
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tiny_league.tables import season_tables, write_features

CONFIG = TrainingConfig(epochs=1, batch_size=32)
SEASONS = ("2019-20", "2020-21", "2021-22")


def trained(warehouse: Warehouse, seasons: tuple[str, ...], config: TrainingConfig) -> Trained:
    for train in (train_transformer, train_gnn):
        train(warehouse, seasons, config)
    return train_fusion(warehouse, seasons, config)


@pytest.fixture(scope="module")
def candidate(tiny_features: Warehouse) -> Trained:
    return trained(tiny_features, SEASONS, CONFIG)


def test_training_twice_gives_the_same_weights(candidate: Trained, tiny_features: Warehouse):
    again = trained(tiny_features, SEASONS, CONFIG)
    assert again.weights_sha256 == candidate.weights_sha256 and again.path == candidate.path


def test_the_candidate_compares_net_and_baselines_on_the_same_games(candidate: Trained):
    predictions = pl.read_parquet(candidate.path / PREDICTIONS)
    columns = [name for name in predictions.columns if name.startswith("p_home_win")]
    assert len(columns) == 6 and predictions.select(columns).null_count().sum_horizontal()[0] == 0
    assert predictions.filter(pl.col("part") == "test")["season"].unique().to_list() == ["2021-22"]
    scores = candidate_scores(read_candidate(candidate.path), "validation")
    assert scores is not None and set(scores["forecast"]) == {"net", "home_rate", "elo", "rating", "ridge", "boosting"}


def test_the_report_has_everything_the_criteria_read(candidate: Trained):
    assert {name for criterion in CRITERIA for name in criterion.needed} <= set(candidate.metrics)
    assert all(math.isfinite(value) for value in candidate.metrics.values())


def test_a_small_candidate_is_registered_as_insufficient(candidate: Trained, tmp_path: Path):
    version = promote(tmp_path, candidate.path)
    assert version.status == "insufficient" and version.source == "simulated"
    assert {"accuracy", "brier_score", "pregame/log_loss"} <= set(version.metrics or {})
    assert ModelRegistry(tmp_path).load_networks("latest").fusion.skip is not None


def test_a_damaged_candidate_is_not_promoted(candidate: Trained, tmp_path: Path):
    copy = tmp_path / "candidate"
    copy.mkdir()
    for file in candidate.path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / "fusion.pt").write_bytes(b"damaged")
    with pytest.raises(ArtifactError, match=r"fusion\.pt is damaged"):
        promote(tmp_path / "models", copy)


def test_no_checkpoint_is_left_behind(candidate: Trained, tiny_features: Warehouse):
    assert not list((tiny_features.root / "models" / "runs").iterdir())


def test_fusion_without_its_nets_names_the_remedy(tiny_features: Warehouse, tmp_path: Path):
    (tmp_path / "warehouse").symlink_to(tiny_features.root / "warehouse")
    with pytest.raises(NothingToTrainOnError, match="transformer_model first"):
        train_fusion(Warehouse(tmp_path, "simulated"), SEASONS, CONFIG)
    assert not pretrained_path(tmp_path / "models", "transformer").exists()


def test_nets_pretrained_on_other_seasons_are_refused_since_they_may_know_the_held_out_games(
    candidate: Trained, tiny_features: Warehouse, tmp_path: Path
):
    (tmp_path / "warehouse").symlink_to(tiny_features.root / "warehouse")
    shutil.copytree(tiny_features.root / "models" / "pretrained", tmp_path / "models" / "pretrained")
    with pytest.raises(NothingToTrainOnError, match="may know the held-out games"):
        train_fusion(Warehouse(tmp_path, "simulated"), SEASONS[:2], CONFIG)


def test_nets_pretrained_on_another_split_of_the_same_games_are_refused_too(candidate: Trained, tiny_features: Warehouse, tmp_path: Path):
    (tmp_path / "warehouse").symlink_to(tiny_features.root / "warehouse")
    shutil.copytree(tiny_features.root / "models" / "pretrained", tmp_path / "models" / "pretrained")
    with pytest.raises(NothingToTrainOnError, match="may know the held-out games"):
        train_fusion(Warehouse(tmp_path, "simulated"), SEASONS, CONFIG, split="last_games")


@pytest.mark.parametrize("split_of", SPLITS.values(), ids=SPLITS)
def test_a_season_without_a_completed_game_is_nothing_to_train_on(split_of: SplitOf, tiny_features: Warehouse, tmp_path: Path):
    warehouse = Warehouse(tmp_path, "simulated")
    warehouse.check_source()
    for table in TABLES:
        warehouse.write(table, tiny_features.read(table, SEASONS[:1]).head(0), SEASONS[0])
    with pytest.raises(NothingToTrainOnError, match="0 completed games in 2019-20: choose seasons with more games"):
        TrainingData.load(warehouse, SEASONS[:1], split_of)


def test_without_tables_nothing_is_trained_and_the_remedy_is_named(tmp_path: Path):
    with pytest.raises(NothingToTrainOnError, match="make run"):
        TrainingData.load(Warehouse(tmp_path), ["2021-22"])


def test_five_epochs_on_a_hundred_real_games(archive_dir: Path, tmp_path: Path):
    """The loss of training falls, and the weights that are kept are those of the best epoch."""
    archive, warehouse = RawArchive(archive_dir), Warehouse(tmp_path)
    warehouse.write("players", build_players(archive.player_index()))
    tables = season_tables(archive, "2019-20")
    first = tables["games"].sort("game_date", "game_id").head(100)["game_id"].implode()
    for name, table in tables.items():
        warehouse.write(name, table.filter(pl.col("game_id").is_in(first)), "2019-20")
    write_features(warehouse)
    result = trained(warehouse, ("2019-20",), TrainingConfig(epochs=5, learning_rate=3e-4))
    epochs = result.history["epochs"]
    assert epochs[-1]["train"]["loss"] < epochs[1]["train"]["loss"]
    losses = [epoch["val"]["loss"] for epoch in epochs]
    assert result.history["best_epoch"] == losses.index(min(losses))
