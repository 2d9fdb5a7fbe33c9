"""The asset graph is what reviewers last saw, and what the README shows."""

import json

from nba_pipeline.features.catalogue import FEATURES
from nba_pipeline_tests.orchestration.snapshot import SNAPSHOT, graph, picture, picture_in_readme


def test_the_graph_is_the_committed_one():
    assert graph() == json.loads(SNAPSHOT.read_text()), "run python -m nba_pipeline_tests.orchestration.snapshot and look at the difference"


def test_the_readme_shows_the_graph():
    assert picture_in_readme() == picture()


def test_every_feature_is_an_asset_with_exactly_its_inputs():
    assets = graph()
    assert {feature.name: sorted(feature.inputs) for feature in FEATURES} == {
        name: asset["deps"] for name, asset in assets.items() if asset["group"] == "features"
    }


def test_one_net_trains_and_one_process_writes_duckdb():
    pools = {name: asset["pools"] for name, asset in graph().items() if asset["pools"]}
    assert pools == {
        "transformer_model": ["gpu"],
        "gnn_model": ["gpu"],
        "fusion_model": ["gpu"],
        "model_version": ["gpu"],
        "sql_views": ["duckdb"],
        "backtest": ["train"],
        "backtest_report": ["train"],
        **{name: ["duckdb"] for name, asset in graph().items() if asset["group"] == "experiments"},
        **{name: ["train"] for name in ("window_models", "meta_learner", "windows_backtest")},
        **{f"tuned_{name}": ["train"] for name in ("elo", "lightgbm", "logistic", "xgboost")},
    }


def test_every_table_has_a_blocking_schema_check():
    tables = {name: asset["checks"] for name, asset in graph().items() if asset["group"] == "warehouse"}
    assert tables and all(checks.get("schema") == "blocking" for checks in tables.values())
