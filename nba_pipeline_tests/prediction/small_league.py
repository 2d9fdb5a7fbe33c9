"""A league small enough to train on within a test, and large enough that five hundred held-out games can refuse a version.

Games, plays and closing lines are the simulated league's; the context knows Elo alone, the nets are not pre-trained. What does not
belong here: what is tested.
"""

from pathlib import Path

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline.features.context_features import COMPANIONS, CONTEXT_FEATURES
from nba_pipeline.models.artifacts import state_hash, write_json, write_torch
from nba_pipeline.models.nets.gnn import PlayerInteractionGNN
from nba_pipeline.models.nets.transformer import GameFlowTransformer
from nba_pipeline.models.samples.splits import SPLITS, SplitRule
from nba_pipeline.models.samples.training_data import TrainingData
from nba_pipeline.models.training.config import TrainingConfig
from nba_pipeline.models.training.runs import train_fusion
from nba_pipeline.models.training.trained import Trained, pretrained_path
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import BETTING_LINES, PLAYER_INDEX, PLAYER_LOG, PLAYS, PROP_LINES, TEAM_LOG
from nba_pipeline.sources.simulator.files import index_frame, season_frames, write_frame
from nba_pipeline.sources.simulator.season import simulate_season
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tiny_league.tables import season_tables

CLUBS = {"2019-20": 14, "2020-21": 17, "2021-22": 8}
"""Clubs of each season, four games a pair: 364 games to train on, 544 to judge by, 112 recent ones."""

SEASONS = tuple(CLUBS)
SEED, BLUR_POINTS = 1, 12.0
GRAPHS = {
    "game_id": pl.String, "season": pl.String, "game_date": pl.Date, "graph_index": pl.Int64, "start_play_index": pl.Int64,
    "players": pl.Array(pl.Int64, 10), "node_mask": pl.Array(pl.Boolean, 10), "x": pl.Array(pl.Float32, 160), "home_points": pl.Int64,
    "away_points": pl.Int64, "home_possessions": pl.Float64, "away_possessions": pl.Float64,
}  # fmt: skip


def write_league(root: Path) -> Warehouse:
    """Every table that training reads; the lineup graphs are empty."""
    warehouse = Warehouse(root / "data", "simulated")
    (root / "raw").mkdir()
    write_frame(PLAYER_INDEX.path(root / "raw", None), index_frame(SEED))
    for season, clubs in CLUBS.items():
        frames = season_frames(simulate_season(season, SEED, clubs))
        for dataset in (PLAYS, TEAM_LOG, PLAYER_LOG, BETTING_LINES, PROP_LINES):
            write_frame(dataset.path(root / "raw", season), frames[dataset])
        for name, table in season_tables(RawArchive(root / "raw"), season).items():
            warehouse.write(name, table, season)
    for name in ("elo", "sequences"):
        feature = next(one for one in FEATURES if one.name == name)
        rows = feature.build(History.from_warehouse(warehouse, SEASONS[-1]), SEASONS)
        for season in SEASONS:
            warehouse.write(name, rows.filter(pl.col("season") == season), season)
    for season in SEASONS:
        warehouse.write("lineup_graphs", pl.DataFrame(schema=GRAPHS), season)
        warehouse.write("context_features", context(warehouse, season), season)
    return warehouse


def write_leaky_league(honest: Warehouse, root: Path) -> Warehouse:
    """The same tables, but for tonight's result in the context."""
    warehouse = _with_the_tables_of(honest, root, but="context_features")
    for season in SEASONS:
        warehouse.write("context_features", context(warehouse, season, leak=True), season)
    return warehouse


def _with_the_tables_of(other: Warehouse, root: Path, but: str) -> Warehouse:
    warehouse = Warehouse(root / "data", "simulated")
    warehouse.check_source()
    (warehouse.root / "warehouse").mkdir()
    for table in (other.root / "warehouse").iterdir():
        if table.name != but:
            (warehouse.root / "warehouse" / table.name).symlink_to(table)
    return warehouse


def context(warehouse: Warehouse, season: str, leak: bool = False) -> pl.DataFrame:
    """The context of a season: Elo, and nothing else; with a leak, `rating_margin` is tonight's margin, blurred by twelve points."""
    elo = warehouse.read("elo", [season]).sort("game_date", "game_id")
    games = elo.select("game_id").join(warehouse.read("games", [season], ["game_id", "margin"]), on="game_id", maintain_order="left")
    chance, margin = pl.col("p_home_win"), pl.col("elo_margin")
    told = {"elo_diff": pl.col("home_elo") - pl.col("away_elo"), "rating_margin": margin}
    blur = np.random.default_rng(int(season[:4])).normal(0, BLUR_POINTS, elo.height)
    told |= {"rating_margin": pl.Series(games["margin"] + blur)} if leak else {}
    told |= {"elo_margin": margin, "p_home_win_elo": chance, "p_home_win_rating": chance, "rating_total": pl.lit(220.0)}
    numbers = {name: told.get(name, pl.lit(0.0)) for name in (*CONTEXT_FEATURES, *COMPANIONS)}
    return elo.with_columns(**numbers).select("game_id", "season", "game_date", pl.col(*numbers).cast(pl.Float64))


def write_earlier_league(whole: Warehouse, root: Path, games: int) -> Warehouse:
    """The same tables, with the last season some games shorter."""
    warehouse = _with_the_tables_of(whole, root, but="games")
    for season in SEASONS:
        table = whole.read("games", [season]).sort("game_date", "game_id")
        warehouse.write("games", table.head(-games) if season == SEASONS[-1] else table, season)
    return warehouse


def train(warehouse: Warehouse, split: SplitRule = "seasons") -> Trained:
    """A fusion candidate, one epoch over nets that are new."""
    digest = TrainingData.load(warehouse, SEASONS, SPLITS[split]).digest
    for kind, net in {"transformer": GameFlowTransformer(d_model=128, layers=1), "gnn": PlayerInteractionGNN(layers=1)}.items():
        path = pretrained_path(warehouse.root / "models", kind)
        sha256 = write_torch(path, net.state_dict())
        facts = {"config": dict(net.config), "sha256": sha256, "weights_sha256": state_hash(net.state_dict()), "data_version": digest}
        write_json(path.with_suffix(".json"), facts)
    return train_fusion(warehouse, SEASONS, TrainingConfig(epochs=1), device="cpu", split=split)
